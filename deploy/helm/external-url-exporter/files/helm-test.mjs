// Run by `helm test` with the exporter's image: scrapes every URL of URLS, and checks that both metrics of some target are there.
import { request as plain } from 'node:http';
import { request as overTls } from 'node:https';
import { connect } from 'node:net';
import { stdout } from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';

const REQUIRED = ['sample_external_url_up', 'sample_external_url_response_ms'];
const PATIENCE_MS = 30_000;

// biome-ignore lint/style/noProcessEnv: a program of its own, set by the pod that runs it
const { URLS, USERNAME, PASSWORD, ONLY_CONNECT } = process.env;
const urls = URLS.split(' ');
const pages = await Promise.all(urls.map((url) => retry(() => (ONLY_CONNECT ? openPort(url) : scrape(url)))));
for (const name of ONLY_CONNECT ? [] : REQUIRED) {
  const series = pages.flatMap((page) => page.split('\n').filter((line) => line.startsWith(`${name}{`)));
  if (series.length === 0) throw new Error(`no series of ${name}`);
  stdout.write(`${series.join('\n')}\n`);
}
stdout.write(`ok: ${urls.join(' ')}\n`);

// A Service routes to its pods a moment after they are ready.
async function retry(attempt) {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await pause(500);
    }
  }
}

function scrape(url) {
  // The certificate does not matter here, only the response.
  const options = {
    rejectUnauthorized: false,
    ...(USERNAME && { auth: `${USERNAME}:${PASSWORD}` }),
  };
  return new Promise((resolve, reject) => {
    const request = (url.startsWith('https:') ? overTls : plain)(url, options, async (response) => {
      const parts = await response.setEncoding('utf8').toArray();
      if (response.statusCode === 200) resolve(parts.join(''));
      else reject(new Error(`${url}: status ${response.statusCode}`));
    });
    request.on('error', reject).end();
  });
}

// Without a client certificate, only the connection can be checked.
function openPort(url) {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => resolve(socket.destroy()));
    socket.on('error', reject);
  });
}
