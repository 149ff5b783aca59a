import manifest from '../package.json' with { type: 'json' };

/** The version of the exporter, as its package names it. */
export const VERSION: string = manifest.version;
