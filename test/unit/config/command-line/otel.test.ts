import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseCommandLine } from '../../../../src/config/command-line/command-line.ts';
import {
  DEFAULT_OTEL,
  type OtelSettings,
  type PushSettings,
  readOtelSettings,
} from '../../../../src/config/command-line/otel.ts';

type Env = Readonly<Record<string, string>>;

const OTLP = { OTEL_METRICS_EXPORTER: 'otlp' };

function pushed(env: Env): PushSettings | undefined {
  const { settings, faults } = readOtelSettings({ ...OTLP, ...env });
  assert.deepEqual(faults, []);
  return settings.push;
}

test('otel: without variables there is /metrics and nothing is pushed', () => {
  const expected = { pull: true, resourceAttributes: { 'service.name': 'external-url-exporter' } };
  assert.deepEqual(readOtelSettings({}), { settings: expected, faults: [] });
  assert.deepEqual(DEFAULT_OTEL, expected);
});

describe('otel, where metrics go', () => {
  const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };
  const cases: readonly [string, Env, [pull: boolean, push: boolean]][] = [
    ['an endpoint is enough to push', endpoint, [true, true]],
    [
      'and so is one for metrics',
      { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://c/v1/metrics' },
      [true, true],
    ],
    ['an empty endpoint is none', { OTEL_EXPORTER_OTLP_ENDPOINT: ' ' }, [true, false]],
    ['a list is taken as it is', { ...endpoint, OTEL_METRICS_EXPORTER: 'prometheus' }, [true, false]],
    ['otlp alone', OTLP, [false, true]],
    ['both, with a space', { OTEL_METRICS_EXPORTER: 'otlp, prometheus' }, [true, true]],
    ['none', { ...endpoint, OTEL_METRICS_EXPORTER: 'none' }, [false, false]],
    ['a disabled SDK does not push', { ...endpoint, OTEL_SDK_DISABLED: 'true' }, [true, false]],
  ];
  for (const [name, env, expected] of cases) {
    test(name, () => {
      const { settings, faults } = readOtelSettings(env);
      assert.deepEqual([settings.pull, settings.push !== undefined, faults], [...expected, []]);
    });
  }
});

test('otel: the defaults of pushing are those of the specification', () => {
  assert.deepEqual(pushed({}), {
    protocol: 'http/protobuf',
    endpoint: 'http://localhost:4318/v1/metrics',
    headers: {},
    compression: 'none',
    intervalMs: 60_000,
    timeoutMs: 10_000,
    exportTimeoutMs: 30_000,
  });
});

describe('otel, how it is pushed', () => {
  const cases: readonly [string, Env, Partial<PushSettings>][] = [
    [
      'a path is added to the general endpoint',
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://c.test:1/base/?key=1' },
      { endpoint: 'https://c.test:1/base/v1/metrics?key=1' },
    ],
    [
      'the endpoint for metrics wins, as it is',
      { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://m.test/', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c.test' },
      { endpoint: 'http://m.test/' },
    ],
    [
      'gRPC has a port of its own and no path',
      { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
      { endpoint: 'http://localhost:4317', protocol: 'grpc' },
    ],
    [
      'gRPC takes the endpoint without its path',
      { OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: 'grpc', OTEL_EXPORTER_OTLP_ENDPOINT: 'https://c.test:4317/x' },
      { endpoint: 'https://c.test:4317', protocol: 'grpc' },
    ],
    [
      'the variable for metrics wins wherever there is one',
      { OTEL_EXPORTER_OTLP_METRICS_TIMEOUT: '1000', OTEL_EXPORTER_OTLP_TIMEOUT: '2000' },
      { timeoutMs: 1000 },
    ],
    [
      'headers of both are sent, and values decoded',
      {
        OTEL_EXPORTER_OTLP_METRICS_HEADERS: 'a=2, x-b = c%2Cd%3D ,',
        OTEL_EXPORTER_OTLP_HEADERS: 'a=1,authorization=Basic dTpw==',
      },
      { headers: { a: '2', 'x-b': 'c,d=', authorization: 'Basic dTpw==' } },
    ],
    [
      'no time is longer than the interval',
      { OTEL_METRIC_EXPORT_INTERVAL: '1000' },
      { intervalMs: 1000, exportTimeoutMs: 1000, timeoutMs: 1000 },
    ],
    [
      'files',
      {
        OTEL_EXPORTER_OTLP_CERTIFICATE: 'ca.pem',
        OTEL_EXPORTER_OTLP_CLIENT_KEY: 'key.pem',
        OTEL_EXPORTER_OTLP_METRICS_CLIENT_CERTIFICATE: 'cert.pem',
      },
      { certificateFile: 'ca.pem', keyFile: 'key.pem', clientCertificateFile: 'cert.pem' },
    ],
    ['compression', { OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' }, { compression: 'gzip' }],
  ];
  for (const [name, env, expected] of cases) {
    test(name, () => assert.deepEqual(pushed(env), { ...pushed({}), ...expected }));
  }
});

describe('otel, the resource', () => {
  const cases: readonly [string, Env, OtelSettings['resourceAttributes']][] = [
    ['OTEL_SERVICE_NAME', { OTEL_SERVICE_NAME: 'probes' }, { 'service.name': 'probes' }],
    [
      'attributes, decoded',
      { OTEL_RESOURCE_ATTRIBUTES: 'service.name=x,deployment.environment.name=a%20b' },
      { 'service.name': 'x', 'deployment.environment.name': 'a b' },
    ],
    [
      'the name wins over the attribute',
      { OTEL_SERVICE_NAME: 'probes', OTEL_RESOURCE_ATTRIBUTES: 'service.name=x' },
      { 'service.name': 'probes' },
    ],
  ];
  for (const [name, env, expected] of cases) {
    test(name, () => assert.deepEqual(readOtelSettings(env).settings.resourceAttributes, expected));
  }
});

describe('otel, faults', () => {
  const cases: readonly [name: string, text: string, wrong: string][] = [
    [
      'OTEL_METRICS_EXPORTER',
      'otlp,console',
      '"otlp,console" is not a list of exporters (prometheus, otlp, prometheus,otlp, none)',
    ],
    [
      'OTEL_METRICS_EXPORTER',
      'none,otlp',
      '"none,otlp" is not a list of exporters (prometheus, otlp, prometheus,otlp, none)',
    ],
    ['OTEL_SDK_DISABLED', 'yes', '"yes" is not known (true, false)'],
    [
      'OTEL_EXPORTER_OTLP_ENDPOINT',
      'collector:4317',
      '"collector:4317" is not an http or https URL (such as http://localhost:4318)',
    ],
    [
      'OTEL_EXPORTER_OTLP_METRICS_ENDPOINT',
      'http://user:hidden@c/',
      '"http://<secret>@c/" has a user name or password (put credentials into OTEL_EXPORTER_OTLP_HEADERS=authorization=...)',
    ],
    ['OTEL_EXPORTER_OTLP_METRICS_PROTOCOL', 'http', '"http" is not known (http/protobuf, http/json, grpc)'],
    [
      'OTEL_EXPORTER_OTLP_HEADERS',
      'hidden',
      'the value is not a list of name=value, separated by commas (values percent-encoded)',
    ],
    [
      'OTEL_EXPORTER_OTLP_HEADERS',
      'a=hidden%0d%0ab',
      'the value is not a list of name=value, separated by commas (values percent-encoded)',
    ],
    [
      'OTEL_EXPORTER_OTLP_HEADERS',
      'a=hidden%E0',
      'the value is not a list of name=value, separated by commas (values percent-encoded)',
    ],
    ['OTEL_EXPORTER_OTLP_TIMEOUT', '10s', '"10s" is not a number of milliseconds (1 to 86400000)'],
    ['OTEL_METRIC_EXPORT_INTERVAL', '0', '"0" is not a number of milliseconds (100 to 86400000)'],
    ['OTEL_EXPORTER_OTLP_COMPRESSION', 'zstd', '"zstd" is not known (none, gzip)'],
    [
      'OTEL_RESOURCE_ATTRIBUTES',
      '=x',
      '"=x" is not a list of name=value, separated by commas (values percent-encoded)',
    ],
    [
      'OTEL_EXPORTER_OTLP_CLIENT_KEY',
      'key.pem',
      'is only allowed together with OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE (both or neither)',
    ],
  ];
  for (const [name, text, wrong] of cases) {
    test(`${name}=${text}`, () => {
      assert.deepEqual(parseCommandLine([], { [name]: text }), { faults: [`${name}: ${wrong}`] });
    });
  }

  test('all come at once', () => {
    const { faults } = readOtelSettings({ OTEL_SDK_DISABLED: 'x', OTEL_METRIC_EXPORT_TIMEOUT: '-1' });
    assert.equal(faults.length, 2);
  });
});
