import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CHART, helm, type Rendered, rendered } from '../../support/helm.ts';
import { need } from '../counterparts/need.ts';

const NEEDS = need('helm');

const of = (objects: readonly Rendered[], kind: string, name = 'monitor-external-url-exporter') =>
  objects.find((object) => object.kind === kind && object.metadata.name === name);
const textOf = (part: unknown) => JSON.stringify(part);

test('chart: without values there is no config, so that the default URLs are probed', NEEDS, async () => {
  const objects = await rendered();
  assert.deepEqual(objects.map(({ kind }) => kind).sort(), [
    'Deployment',
    'Pod',
    'Service',
    'ServiceAccount',
  ]);
  assert.doesNotMatch(textOf(objects), /config\.file/);
});

test(
  'chart: the Service and the policies select the pods of the exporter, not that of helm test',
  NEEDS,
  async () => {
    const objects = await rendered('--set=networkPolicy.enabled=true');
    const selector = textOf(of(objects, 'Service')?.spec);
    assert.match(selector, /"app\.kubernetes\.io\/component":"exporter"/);
    const test = of(objects, 'Pod', 'monitor-external-url-exporter-test');
    assert.match(textOf(test?.metadata), /"app\.kubernetes\.io\/component":"test"/);
  },
);

const secrets: readonly (readonly [what: string, config: object, kind: 'Secret' | 'ConfigMap'])[] = [
  ['urls alone', { targets: ['https://a.example/'] }, 'ConfigMap'],
  ['a password in a file', { basic_auth: { username: 'u', password_file: 'p' }, targets: [] }, 'ConfigMap'],
  ['an expectation of the body', { expect: { body: [{ matches: 'ok' }] }, targets: [] }, 'ConfigMap'],
  ['a password', { targets: [{ url: 'https://a.example/', basic_auth: { password: 'p' } }] }, 'Secret'],
  ['a header', { headers: { 'X-Api-Key': 'k' }, targets: [] }, 'Secret'],
  ['a request body', { body: 'b', targets: [] }, 'Secret'],
  ['credentials', { authorization: { credentials: 'c' }, targets: [] }, 'Secret'],
  [
    'a client secret',
    { oauth2: { client_id: 'i', client_secret: 's', token_url: 'https://t.example/' }, targets: [] },
    'Secret',
  ],
  ['a proxy with a password', { proxy_url: 'http://u:p@proxy.example:3128', targets: [] }, 'Secret'],
];

for (const [what, config, kind] of secrets) {
  test(`chart: a config with ${what} is a ${kind}`, NEEDS, async () => {
    const objects = await rendered(`--set-json=config=${JSON.stringify(config)}`);
    const other = kind === 'Secret' ? 'ConfigMap' : 'Secret';
    assert.ok(of(objects, kind) !== undefined);
    assert.ok(of(objects, other) === undefined);
    assert.match(
      textOf(of(objects, 'Deployment')),
      new RegExp(`"${kind === 'Secret' ? 'secretName' : 'configMap'}"`),
    );
  });
}

test('chart: config and secrets are mounted as folders, so that changes arrive', NEEDS, async () => {
  const objects = await rendered('--set-json=config={"targets":[]}', '--set=secretFiles={token}');
  const pod = textOf(of(objects, 'Deployment'));
  assert.match(pod, /"mountPath":"\/etc\/external-url-exporter\/config"/);
  assert.match(pod, /"mountPath":"\/etc\/external-url-exporter\/secrets\/token"/);
  assert.doesNotMatch(pod, /subPath/);
});

test('chart: a change of the config leaves the pods as they are', NEEDS, async () => {
  const pods = ['["https://a.example/"]', '["https://b.example/"]'].map(async (targets) =>
    textOf(of(await rendered(`--set-json=config={"targets":${targets}}`), 'Deployment')),
  );
  const [one, other] = await Promise.all(pods);
  assert.equal(one, other);
});

test('chart: shards make a StatefulSet whose pods take their number from the pod index', NEEDS, async () => {
  const objects = await rendered('--set=shards=3');
  assert.ok(of(objects, 'Deployment') === undefined);
  const set = textOf(of(objects, 'StatefulSet'));
  assert.match(
    set,
    /"name":"SHARD","valueFrom":\{"fieldRef":\{"fieldPath":"metadata.labels\['apps.kubernetes.io\/pod-index'\]"\}\}/,
  );
  assert.match(set, /"name":"TOTAL_SHARDS","value":"3"/);
  assert.match(
    textOf(of(objects, 'Service', 'monitor-external-url-exporter-shards')?.spec),
    /"clusterIP":"None"/,
  );
});

test(
  'chart: the ServiceMonitor takes no pod twice, though the shards have a second Service',
  NEEDS,
  async () => {
    const objects = await rendered('--set=shards=3', '--set=serviceMonitor.enabled=true');
    const monitor = textOf(of(objects, 'ServiceMonitor')?.spec);
    assert.match(monitor, /"key":"external-url-exporter\/scrape","operator":"NotIn","values":\["false"\]/);
    const headless = of(objects, 'Service', 'monitor-external-url-exporter-shards');
    assert.match(textOf(headless?.metadata), /"external-url-exporter\/scrape":"false"/);
  },
);

test(
  'chart: the NetworkPolicy opens the ports that the config names, and the port of the pod',
  NEEDS,
  async () => {
    const config = {
      targets: ['https://a.example:8443/x:9', { url: 'http://b.example:8080/' }],
      proxy_url: 'http://proxy.example:3128',
      dns_servers: ['192.0.2.1:5353', '192.0.2.2'],
    };
    const flags = [
      '--set=networkPolicy.enabled=true',
      '--set=otlp.endpoint=http://collector:4318',
      '--set=containerPort=9090',
    ];
    const objects = await rendered(`--set-json=config=${JSON.stringify(config)}`, ...flags);
    const policy = textOf(of(objects, 'NetworkPolicy')?.spec);
    const ports = [...policy.matchAll(/"port":("?\w+"?),"protocol":"(\w+)"/g)].map(
      ([, port, protocol]) => `${port}/${protocol}`,
    );
    assert.deepEqual(
      ports.sort(),
      [
        '"http"/TCP',
        '3128/TCP',
        '4318/TCP',
        '443/TCP',
        '53/TCP',
        '53/UDP',
        '5353/TCP',
        '5353/UDP',
        '80/TCP',
        '8080/TCP',
        '8443/TCP',
      ].sort(),
    );
  },
);

test(
  'chart: probes follow the web config: HTTP, HTTPS, and the open port alone where clients need a certificate',
  NEEDS,
  async () => {
    const probes = async (...flags: readonly string[]) =>
      textOf(of(await rendered(...flags), 'Deployment')).match(/"(?:scheme":"\w+"|tcpSocket)/g);
    assert.deepEqual(await probes(), Array(3).fill('"scheme":"HTTP"'));
    assert.deepEqual(await probes(`--values=${CHART}/ci/web-values.yaml`), Array(3).fill('"scheme":"HTTPS"'));
    assert.deepEqual(
      await probes(`--values=${CHART}/ci/client-certificate-values.yaml`),
      Array(3).fill('"tcpSocket'),
    );
  },
);

test('chart: what is pushed has a job of its own as long as /metrics is served too', NEEDS, async () => {
  const pod = async (...flags: readonly string[]) =>
    textOf(of(await rendered('--set=otlp.endpoint=http://c:4318', ...flags), 'Deployment'));
  assert.match(await pod(), /"OTEL_SERVICE_NAME","value":"external-url-exporter-pushed"/);
  assert.match(
    await pod('--set=otlp.prometheus=false'),
    /"OTEL_SERVICE_NAME","value":"external-url-exporter"/,
  );
});

test('chart: the rules select the job that is named, and leave out what is disabled', NEEDS, async () => {
  const flags = [
    '--set=prometheusRule.enabled=true',
    '--set=prometheusRule.disabled={ExternalUrlFlapping}',
    '--set=prometheusRule.job=mine',
  ];
  const rules = textOf(of(await rendered(...flags), 'PrometheusRule')?.spec);
  assert.doesNotMatch(rules, /ExternalUrlFlapping|job=\\"external-url-exporter\\"/);
  assert.match(rules, /sample_external_url_up\{job=\\"mine\\"\} == 0/);
  assert.match(rules, /\{\{ range query/);
});

test(
  'chart: a pod that is to end waits for the nodes, with what its Kubernetes has for it',
  NEEDS,
  async () => {
    const hook = async (version: string) =>
      textOf(of(await rendered(`--kube-version=${version}`), 'Deployment'));
    assert.match(
      await hook('1.29.0'),
      /"preStop":\{"exec":\{"command":\["\/nodejs\/bin\/node","-e","setTimeout\(\(\) => \{\}, 3000\)"\]/,
    );
    assert.match(await hook('1.34.0'), /"preStop":\{"sleep":\{"seconds":3\}\}/);
  },
);

test('chart: the image follows registry and digest', NEEDS, async () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  const image = textOf(
    await rendered('--set=global.imageRegistry=r.example', `--set=image.digest=${digest}`),
  ).match(/"image":"[^"]*"/g);
  assert.deepEqual(new Set(image), new Set([`"image":"r.example/external-url-exporter@${digest}"`]));
});

test('chart: as a part of another chart it takes global and enabled', NEEDS, async () => {
  assert.match(
    await helm('template', 'parent', CHART, '--set=enabled=true', '--set=global.x=1'),
    /kind: Deployment/,
  );
});
