import { mkdir, rm } from 'node:fs/promises';
import { hashSync } from 'bcryptjs';
import { certificateAuthority, issue } from './certificates.ts';
import { dnsServer } from './dns-server.ts';
import { echoHandler } from './echo-handler.ts';
import { type HttpServer, httpServer } from './http-server.ts';
import { proxyServer } from './proxy-server.ts';
import { type SecretMarkers, secretMarkers } from './secret-markers.ts';
import { FILLED, SECRET_FILES, type SecretTarget, secretTargets } from './secret-targets.ts';
import { type TempFolder, tempFolder } from './temp-folder.ts';
import { tlsServer } from './tls-server.ts';

/** All around an exporter of which every secret is a mark: its files and variables, and servers that send secrets back. */
export type SecretScene = AsyncDisposable & {
  readonly mark: SecretMarkers;
  readonly folder: TempFolder;
  /** What comes of each target, by URL, once the files are lost. */
  readonly results: ReadonlyMap<string, string>;
  readonly env: Readonly<Record<string, string>>;
  readonly collector: HttpServer;
  /** Of the web server's certificate. */
  readonly ca: string;
  /** All that the servers were sent. */
  received(): string;
  /** Writes the config and the files that it names. */
  keepFiles(): Promise<void>;
  /** Takes some of them away. */
  loseFiles(): Promise<void>;
};

/** Starts the servers and writes the files. */
export async function secretScene(): Promise<SecretScene> {
  await using stack = new AsyncDisposableStack();
  const mark = secretMarkers();
  const folder = stack.use(await tempFolder());
  const root = await certificateAuthority();
  const site = stack.use(await httpServer(echoHandler(redirects(mark))));
  const secure = stack.use(await tlsServer(await issue({ by: root }), echoHandler(), { ca: root.certPem }));
  const tokens = stack.use(
    await httpServer((request, response) => {
      if (request.url === '/fail') echoHandler()(request, response);
      else response.end(JSON.stringify({ access_token: mark.of('oauth2 token') }));
    }),
  );
  const proxy = stack.use(await proxyServer({ credentials: 'somebody:else' }));
  const names = stack.use(await dnsServer(() => ({ rcode: 'NXDOMAIN' })));
  const collector = stack.use(await collectorThatRefusesAtFirst());
  const servers = {
    secure: secure.url(),
    tokens: tokens.url(),
    proxy: proxy.authority,
    names: names.address,
  };
  const targets = secretTargets(mark, servers).map((target) => ({ ...target, url: urlOf(target, site) }));
  const env = Object.fromEntries(FILLED.map((name) => [name, mark.of(`the variable ${name}`)]));
  const lost = `${folder.path}/${env.LOST}`;
  await folder.write('ca.pem', root.certPem);
  for (const name of SECRET_FILES) await folder.write(name, mark.of(`the file ${name}`));
  await writeIdentity(folder, mark, 'client', await issue({ by: root }));
  await writeIdentity(folder, mark, 'web', await issue({ by: root }));
  await folder.write('web.yml', webConfig(mark));
  const config = {
    interval: '2s',
    timeout: '1800ms',
    targets: targets.map(({ url, settings }) => ({ url, ...settings })),
  };
  const kept = stack.move();
  return {
    mark,
    folder,
    results: new Map(targets.map(({ url, result }) => [url, result])),
    env: {
      ...env,
      HTTP_PROXY: `http://joe:${mark.of('HTTP_PROXY')}@${proxy.authority}`,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url(),
      OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${mark.of('OTLP headers')}`,
      OTEL_METRIC_EXPORT_INTERVAL: '1000',
    },
    collector,
    ca: root.certPem,
    received: () =>
      JSON.stringify([site.requests, secure.requests, tokens.requests, collector.requests, proxy.requests]),
    async keepFiles() {
      await mkdir(lost, { recursive: true });
      await folder.write(`${env.LOST}/body`, 'a body');
      await folder.write(`${env.LOST}/ca.pem`, root.certPem);
      await folder.write('config.yml', JSON.stringify(config));
    },
    loseFiles: () => rm(lost, { recursive: true }),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

function urlOf({ at }: SecretTarget, site: HttpServer): string {
  return at.startsWith('/') ? site.url(at) : at;
}

function redirects(mark: SecretMarkers): Readonly<Record<string, string>> {
  const userinfo = `joe:${mark.of('userinfo of a Location')}@`;
  const query = `?key=${mark.of('query of a Location')}`;
  return {
    '/moved': `/fail${query}`,
    '/circle': `/circle${query}`,
    '/nowhere': `http://${userinfo}[${query}`,
    '/other': `ftp://${userinfo}a.test/${query}`,
    '/blocked': `http://${userinfo}169.254.169.254/${query}`,
    // Nothing listens below 1024 on this address.
    '/refused': `http://${userinfo}127.0.0.2:1/${query}`,
  };
}

async function collectorThatRefusesAtFirst(): Promise<HttpServer> {
  let pushes = 0;
  return await httpServer((request, response) => {
    pushes += 1;
    if (pushes > 2) response.end();
    else echoHandler()({ ...request, url: '/fail' }, response);
  });
}

type Pems = { readonly chainPem: string; readonly keyPem: string };

// The text before the key is no part of it, but as secret as the file.
async function writeIdentity(
  folder: TempFolder,
  mark: SecretMarkers,
  name: string,
  { chainPem, keyPem }: Pems,
) {
  mark.add(`the key of ${name}`, keyPem.split('\n')[1] ?? '');
  await folder.write(`${name}.pem`, chainPem);
  await folder.write(`${name}-key.pem`, `${mark.of(`the file of the key of ${name}`)}\n${keyPem}`);
}

function webConfig(mark: SecretMarkers): string {
  const hash = hashSync(mark.of('the password of a client'), 4);
  mark.add('a bcrypt hash', hash.slice(7));
  return JSON.stringify({
    tls_server_config: { cert_file: 'web.pem', key_file: 'web-key.pem' },
    basic_auth_users: { ann: hash },
  });
}
