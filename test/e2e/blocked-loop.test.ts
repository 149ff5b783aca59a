import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Exporter, exporter } from '../support/exporter.ts';
import { httpServer } from '../support/http-server.ts';
import { Inspector } from '../support/inspector.ts';
import { seriesAbout, seriesOf } from '../support/running-app.ts';

const BLOCKED_MS = 10_000;
// As the chart sets it for Kubernetes.
const LIVENESS_TIMEOUT_MS = 5000;
const SUCCESSES = 'probes_total{result="success"}';

/** The status of the liveness probe, or why there was none in time. */
function liveness(running: Exporter): Promise<number | string> {
  const signal = AbortSignal.timeout(LIVENESS_TIMEOUT_MS);
  return fetch(running.url('/-/healthy'), { signal }).then(
    ({ status }) => status,
    ({ name }: Error) => name,
  );
}

test('blocked loop: the main loop blocked for 10 s answers no liveness probe, but probing goes on and nothing is lost', async () => {
  await using server = await httpServer();
  const args = ['--probe.interval=1s', server.url()];
  await using running = await exporter(args, { NODE_OPTIONS: '--inspect=127.0.0.1:0' });
  const [, inspectorUrl = ''] = await running.says(/Debugger listening on (ws:\S+)/);
  using inspector = await Inspector.connect(inspectorUrl);
  await running.metricsUntil(/^sample_external_url_up\{.*\} 1$/);
  assert.equal(await liveness(running), 200);
  const servedBefore = server.requests.length;
  const blocked = inspector.evaluate(
    `Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ${BLOCKED_MS})`,
  );
  assert.equal(await liveness(running), 'TimeoutError');
  assert.equal(await blocked, 'timed-out');
  const servedMeanwhile = server.requests.length - servedBefore;
  assert.ok(servedMeanwhile >= 7, `${servedMeanwhile} probes in ${BLOCKED_MS} ms`);
  assert.equal(await liveness(running), 200);
  // The delay is measured each second.
  const text = await running.metricsUntil(
    /^external_url_exporter_event_loop_delay_seconds\{thread="main"\} (9|1\d)\./,
  );
  const exported = seriesAbout(server.url(), seriesOf(text));
  assert.deepEqual([exported.get('up'), exported.get('failures_total')], [1, 0]);
  // The latest may be on its way.
  const least = servedBefore + servedMeanwhile - 1;
  assert.ok(
    (exported.get(SUCCESSES) ?? 0) >= least,
    `${exported.get(SUCCESSES)} are exported, and not ${least}`,
  );
  assert.equal(exported.has('probes_total{result="internal_error"}'), false);
});
