import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { diag } from '@opentelemetry/api';
import { logDiagnostics } from '../../src/metrics/diagnostics.ts';
import { blackhole, type ClosedPort, refusingPort } from '../support/blackhole.ts';
import { certificateAuthority, issue } from '../support/certificates.ts';
import { recordingLog } from '../support/log.ts';
import { type OtlpAnswer, otlpGrpcReceiver, otlpReceiver } from '../support/otlp-receiver.ts';
import {
  linesOf,
  pushEverySecondTo,
  type RunningPipeline,
  startPipeline,
} from '../support/running-pipeline.ts';
import { nextMoment, resultOf } from '../support/scrape.ts';
import { target } from '../support/target.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { PATIENCE_MS, until } from '../support/until.ts';

// A stop has a second; a push has ten.
const STOP_BOUND_MS = 8000;

const ONE = target('http://one.test/');

/** The lines of the log about pushing. */
function logLinesOf({ log }: RunningPipeline): readonly string[] {
  return log.lines
    .filter(({ text }) => text !== 'pushing metrics')
    .map(({ level, text }) => `${level} ${text}`);
}

const failures: readonly [string, OtlpAnswer, RegExp][] = [
  ['answers 400', 400, /^400 Not for <secret>$/],
  ['answers 401', 401, /^401 Not for/],
  ['answers 500', 500, /^500 Not for/],
  ['answers 503', 503, /retryable status/],
  ['takes it and never answers', 'never', /timed out|no answer in time/],
  ['answers so slowly that it never ends', 'drip', /no answer in time/],
];

describe('push, failures', { concurrency: true }, () => {
  const ofSdk = recordingLog();
  before(() => logDiagnostics(ofSdk));
  after(() => {
    diag.disable();
    assert.deepEqual(ofSdk.lines, []);
  });

  for (const [situation, answer, reason] of failures) {
    test(`a Collector that ${situation} is logged once, without secrets, and once more when it works again`, async () => {
      await using receiver = await otlpReceiver();
      receiver.answer = answer;
      await using run = await startPipeline([ONE], {
        OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `${receiver.url}/v1/metrics?key=hidden`,
        OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20hidden-token',
        OTEL_METRIC_EXPORT_INTERVAL: '3000',
      });
      await until(() => logLinesOf(run).length > 0, 'the failure is logged');
      const tries = receiver.pushes.length;
      await until(() => receiver.pushes.length > tries, 'it is tried again');
      assert.deepEqual(logLinesOf(run), ['warn pushing metrics fails']);
      assert.match(String(run.log.lines.at(-1)?.fields.reason), reason);
      assert.ok(receiver.openConnections() <= 2, 'what was given up is not kept');
      receiver.answer = 200;
      await until(() => logLinesOf(run).length > 1, 'it works again');
      const before = receiver.pushes.length;
      await until(() => receiver.pushes.length > before, 'it goes on');
      assert.deepEqual(logLinesOf(run), ['warn pushing metrics fails', 'info pushing metrics works again']);
      assert.doesNotMatch(JSON.stringify(run.log.lines), /hidden/);
    });
  }

  test('a failing gRPC Collector is logged once, and once more when it works again', async () => {
    await using receiver = await otlpGrpcReceiver();
    receiver.answer = 500;
    await using run = await startPipeline([ONE], {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_METRIC_EXPORT_INTERVAL: '2000',
    });
    await until(() => receiver.pushes.length >= 2 && logLinesOf(run).length > 0, 'it was tried twice');
    assert.deepEqual(logLinesOf(run), ['warn pushing metrics fails']);
    assert.match(String(run.log.lines.at(-1)?.fields.reason), /^13 INTERNAL: as requested/);
    receiver.answer = 200;
    await until(() => logLinesOf(run).length > 1, 'it works again');
  });

  const unreachable: readonly [string, () => Promise<ClosedPort>, RegExp, string][] = [
    // The exporter tries again while there is time.
    ['that is down', refusingPort, /^connect ECONNREFUSED|no answer in time/, 'http/protobuf'],
    ['that is down, over gRPC', refusingPort, /ECONNREFUSED|DEADLINE_EXCEEDED/, 'grpc'],
    ['in a black hole', blackhole, /timed out|no answer in time/, 'http/protobuf'],
    ['in a black hole, over gRPC', blackhole, /DEADLINE_EXCEEDED|no answer in time/, 'grpc'],
  ];
  for (const [situation, open, reason, protocol] of unreachable) {
    test(`a Collector ${situation} is logged once, scrapes go on, and stopping keeps to its time`, async () => {
      await using port = await open();
      await using run = await startPipeline([ONE], {
        OTEL_EXPORTER_OTLP_ENDPOINT: `http://${port.authority}`,
        OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
        OTEL_METRIC_EXPORT_INTERVAL: '3000',
      });
      await until(() => logLinesOf(run).length > 0, 'the failure is logged');
      for (let scrapes = 0; scrapes < 20; scrapes += 1) {
        run.record(resultOf(ONE));
        assert.match(await run.scrape(), /^sample_external_url_up\{.*\} 1$/m);
        await nextMoment();
      }
      const startMs = performance.now();
      await run.pipeline.stop(1000);
      const tookMs = performance.now() - startMs;
      assert.ok(tookMs < STOP_BOUND_MS, `${tookMs} ms`);
      assert.deepEqual(logLinesOf(run), ['warn pushing metrics fails']);
      assert.match(String(run.log.lines.at(-1)?.fields.reason), reason);
    });
  }
});

describe('push, the end', { concurrency: true }, () => {
  test('what was not pushed yet is pushed at the stop, and nothing after it', async () => {
    await using receiver = await otlpReceiver();
    await using run = await startPipeline([ONE], { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url });
    run.record(resultOf(ONE));
    assert.equal(receiver.pushes.length, 0);
    await run.pipeline.stop(5000);
    assert.equal(receiver.pushes.length, 1);
    assert.ok(linesOf(receiver.pushes[0]).some((line) => line.startsWith('sample_external_url_up{')));
  });

  test('a push that hangs does not keep the last one from being sent', async () => {
    await using receiver = await otlpReceiver();
    receiver.answer = 'never';
    await using run = await startPipeline(
      [ONE],
      pushEverySecondTo(receiver, { OTEL_METRIC_EXPORT_INTERVAL: '3000' }),
    );
    await until(() => receiver.pushes.length === 1, 'a push hangs');
    run.record(resultOf(ONE));
    receiver.answer = 200;
    const startMs = performance.now();
    await run.pipeline.stop(1000);
    assert.ok(performance.now() - startMs < STOP_BOUND_MS);
    assert.equal(receiver.pushes.length, 2);
    assert.ok(linesOf(receiver.pushes[1]).some((line) => line.startsWith('sample_external_url_up{')));
  });
});

test('push, TLS: the CA and the client certificate of the variables are used', async () => {
  const authority = await certificateAuthority();
  const server = await issue({ by: authority });
  const client = await issue({ by: authority, commonName: 'exporter' });
  await using receiver = await otlpReceiver({
    key: server.keyPem,
    cert: server.chainPem,
    ca: authority.certPem,
    requestCert: true,
    rejectUnauthorized: true,
  });
  await using folder = await tempFolder();
  await using run = await startPipeline([ONE], {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_EXPORTER_OTLP_CERTIFICATE: await folder.write('ca.pem', authority.certPem),
    OTEL_EXPORTER_OTLP_CLIENT_KEY: await folder.write('key.pem', client.keyPem),
    OTEL_EXPORTER_OTLP_METRICS_CLIENT_CERTIFICATE: await folder.write('cert.pem', client.chainPem),
  });
  await run.pipeline.stop(PATIENCE_MS);
  assert.equal(receiver.pushes.length, 1);
  assert.deepEqual(logLinesOf(run), []);
});

test('push: a certificate that cannot be read is reported at the start, with its variable', async () => {
  await assert.rejects(
    startPipeline([ONE], {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'https://localhost:4318',
      OTEL_EXPORTER_OTLP_CERTIFICATE: '/nowhere/ca.pem',
    }),
    /^Error: OTEL_EXPORTER_OTLP_CERTIFICATE: the file cannot be read: ENOENT.*nowhere/,
  );
});
