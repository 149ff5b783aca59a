import type { WebDuties } from '../../src/web/routes.ts';

/** What a web server is handed: nothing to tell, all is well, and what the test sets. */
export function webDuties(overrides: Partial<WebDuties> = {}): WebDuties {
  return {
    scrape: async () => '',
    isHealthy: () => true,
    isReady: () => true,
    targets: () => [],
    config: () => 'targets: []\n',
    reload: undefined,
    version: '0.0.0',
    ...overrides,
  };
}
