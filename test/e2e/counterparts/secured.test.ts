import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hash } from 'bcryptjs';
import { certificateAuthority, issue } from '../../support/certificates.ts';
import { exporter } from '../../support/exporter.ts';
import { httpServer } from '../../support/http-server.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { need } from './need.ts';
import { prometheus } from './prometheus.ts';

const PASSWORD = 'correct horse battery staple';
const BCRYPT_COST = 4;

test('prometheus: it scrapes over TLS with its password, and not with another or none', {
  ...need('prometheus'),
  timeout: 60_000,
}, async () => {
  await using server = await httpServer();
  await using folder = await tempFolder();
  const root = await certificateAuthority();
  const leaf = await issue({ by: root });
  await folder.write('server.pem', leaf.chainPem);
  await folder.write('server.key', leaf.keyPem);
  const ca = await folder.write('root.pem', root.certPem);
  const webConfig = await folder.write(
    'web.yml',
    `
tls_server_config: { cert_file: server.pem, key_file: server.key }
basic_auth_users: { scraper: '${await hash(PASSWORD, BCRYPT_COST)}' }
`,
  );
  await using probing = await exporter([`--web.config.file=${webConfig}`, server.url()]);
  const job = (name: string, settings: string) => `
  - job_name: ${name}
    scheme: https
    tls_config: { ca_file: '${ca}' }
    ${settings}
    static_configs: [{ targets: ['${probing.authority}'] }]`;
  await using scraping = await prometheus(`
global: { scrape_interval: 1s, scrape_timeout: 1s }
scrape_configs:${[
    job('right', `basic_auth: { username: scraper, password: '${PASSWORD}' }`),
    job('wrong', 'basic_auth: { username: scraper, password: guessed }'),
    job('none', ''),
  ].join('')}
`);
  await scraping.queryUntil(
    'sample_external_url_up',
    ({ length }) => length > 0,
    'a scrape has brought the target',
  );
  const jobs = await scraping.queryUntil(
    'min_over_time(up[1m]) == max_over_time(up[1m])',
    ({ length }) => length === 3,
    'all three have tried',
  );
  assert.deepEqual(Object.fromEntries(jobs.map(({ labels, value }) => [labels.job, value])), {
    right: 1,
    wrong: 0,
    none: 0,
  });
});
