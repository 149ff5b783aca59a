import type { WebOptions } from '../../src/web/routes.ts';

/** The options of a web server: no metrics, all is well, and what the test sets. */
export function webOptions(overrides: Partial<WebOptions> = {}): WebOptions {
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
