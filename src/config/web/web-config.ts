import { dirname } from 'node:path';
import type { Fault, Problem } from '../fault.ts';
import { problemsOfIssues } from '../schema/issues.ts';
import { isEntries } from '../yaml/entries.ts';
import { readYaml } from '../yaml/file.ts';
import { type WebSettings, webConfigSchema } from './schema.ts';
import {
  opensslProblem,
  readTlsFiles,
  type TlsFiles,
  tlsSectionProblems,
  type WebTls,
  webTlsOf,
} from './tls.ts';

/** How the web server is to be reached, as plain data. */
export type WebConfig = {
  /** Undefined: plain HTTP. */
  readonly tls?: WebTls;
  /** Fields of every response. */
  readonly headers: Readonly<Record<string, string>>;
  /** bcrypt hashes by user name; without any there is no login. */
  readonly users: Readonly<Record<string, string>>;
};

/** A web config, or what is wrong with its file. */
export type LoadedWebConfig = { readonly config: WebConfig } | { readonly faults: readonly Fault[] };

/** Without a file: plain HTTP for everybody. */
export const OPEN_WEB_CONFIG: WebConfig = { headers: {}, users: {} };

const EMPTY = 'the file is empty ({} for plain HTTP without passwords)';
const NOT_A_MAP = 'the file is not a map (tls_server_config, http_server_config, basic_auth_users)';

/** Reads a web config and the certificates that it names; all faults come at once. */
export async function loadWebConfig(file: string | undefined): Promise<LoadedWebConfig> {
  if (file === undefined) return { config: OPEN_WEB_CONFIG };
  const read = await readYaml(file);
  if ('faults' in read) return { faults: read.faults };
  const result = await parseWebConfig(read.value, dirname(file));
  return 'config' in result ? result : { faults: read.faultsOf(result.problems, hashMessage) };
}

// Hashes of passwords are not shown.
function hashMessage({ path, wrong }: Problem): string | undefined {
  return path[0] === 'basic_auth_users' ? `the value ${wrong}` : undefined;
}

type Result = { readonly config: WebConfig } | { readonly problems: readonly Problem[] };

async function parseWebConfig(value: unknown, folder: string): Promise<Result> {
  // An empty file may be a mistake, or one that is being written: it must not remove the passwords.
  if (!isEntries(value)) return { problems: [{ path: [], wrong: value === null ? EMPTY : NOT_A_MAP }] };
  const section = value.tls_server_config;
  const { files, problems } = await readTlsFiles(isEntries(section) ? section : {}, folder);
  const parsed = webConfigSchema.safeParse(value);
  if (!parsed.success) {
    const { issues } = parsed.error;
    return { problems: [...problemsOfIssues(issues, value, { schema: webConfigSchema }), ...problems] };
  }
  const tls = parsed.data.tls_server_config;
  const all = [...problems, ...(tls === undefined ? [] : tlsSectionProblems(tls))];
  if (all.length > 0) return { problems: all };
  const config = webConfigOf(parsed.data, files);
  const refused = config.tls && opensslProblem(config.tls);
  return refused === undefined ? { config } : { problems: [refused] };
}

function webConfigOf(settings: WebSettings, files: TlsFiles): WebConfig {
  const headers = Object.entries({ ...settings.http_server_config?.headers });
  const tls = settings.tls_server_config;
  return {
    ...(tls !== undefined && { tls: webTlsOf(tls, files) }),
    headers: Object.fromEntries(headers.flatMap(([name, value]) => (value ? [[name, value]] : []))),
    users: settings.basic_auth_users ?? {},
  };
}
