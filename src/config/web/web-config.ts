import { dirname } from 'node:path';
import { readOrFault } from '../../runtime/file-content.ts';
import { byPlace, type Fault, type Problem, shownPath } from '../fault.ts';
import { shown } from '../shown.ts';
import { readDocument, type YamlDocument } from '../yaml/document.ts';
import { isEntries } from '../yaml/entries.ts';
import { schemaProblems } from './problems.ts';
import { type WebSettings, webConfigSchema } from './schema.ts';
import { opensslProblem, readTlsFiles, type TlsFiles, tlsProblems, type WebTls, webTls } from './tls.ts';

/** How the web server is to be reached, as plain data. */
export type WebConfig = {
  /** Undefined: plain HTTP. */
  readonly tls?: WebTls;
  /** Fields of every response. */
  readonly headers: Readonly<Record<string, string>>;
  /** bcrypt hashes by user name; without any nobody has to log in. */
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
  const read = await readOrFault(file);
  if ('fault' in read) return { faults: [{ file, path: '', message: `${read.fault} (a YAML file)` }] };
  const { content } = read;
  const document = readDocument(content, new Map());
  if ('faults' in document) return { faults: document.faults.map((fault) => ({ file, path: '', ...fault })) };
  const result = await webConfig(document.value, dirname(file));
  return 'config' in result ? result : { faults: placed(file, document.locate, result.problems) };
}

type Result = { readonly config: WebConfig } | { readonly problems: readonly Problem[] };

async function webConfig(value: unknown, folder: string): Promise<Result> {
  // Somebody who empties the file by mistake, or is about to fill it, must not open the door.
  if (!isEntries(value)) return { problems: [{ path: [], wrong: value === null ? EMPTY : NOT_A_MAP }] };
  const section = value.tls_server_config;
  const { files, problems } = await readTlsFiles(isEntries(section) ? section : {}, folder);
  const parsed = webConfigSchema.safeParse(value);
  if (!parsed.success) return { problems: [...schemaProblems(value, parsed.error.issues), ...problems] };
  const tls = parsed.data.tls_server_config;
  const all = [...problems, ...(tls === undefined ? [] : tlsProblems(tls))];
  if (all.length > 0) return { problems: all };
  const config = configOf(parsed.data, files);
  const refused = config.tls && opensslProblem(config.tls);
  return refused === undefined ? { config } : { problems: [refused] };
}

function configOf(settings: WebSettings, files: TlsFiles): WebConfig {
  const headers = Object.entries({ ...settings.http_server_config?.headers });
  const tls = settings.tls_server_config;
  return {
    ...(tls !== undefined && { tls: webTls(tls, files) }),
    headers: Object.fromEntries(headers.flatMap(([name, value]) => (value ? [[name, value]] : []))),
    users: settings.basic_auth_users ?? {},
  };
}

function placed(
  file: string,
  locate: YamlDocument['locate'],
  problems: readonly Problem[],
): readonly Fault[] {
  return problems
    .map(({ path, wrong, ...rest }) => {
      const { line, column, path: written } = locate(path);
      const message = 'value' in rest ? `${shown(rest.value)} ${wrong}` : wrong;
      return { file, line, column, path: shownPath(written), message };
    })
    .sort(byPlace);
}
