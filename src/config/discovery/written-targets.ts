import { DEFAULT_URLS } from '../../target/url.ts';
import type { Source } from './source.ts';

/** The targets that stand in the config file. */
export const configFileSource: Source = {
  isWritten: true,
  read: ({ file }) => {
    const targets = (file?.targets ?? []).flatMap((target) => {
      const url = target?.value.url;
      return url === undefined ? [] : [{ ...target?.value, url }];
    });
    return { targets, faults: [] };
  },
};

/** The URLs of the command line and of the demo; the default URLs only if nothing else names any. */
export const commandLineSource: Source = {
  isWritten: true,
  read: ({ urls, demoUrls, configFile }) => {
    const isNothingGiven = urls.length === 0 && demoUrls === undefined && configFile === undefined;
    const all = isNothingGiven ? DEFAULT_URLS : [...urls, ...(demoUrls ?? [])];
    return { targets: all.map((url) => ({ url })), faults: [] };
  },
};
