import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { CHART, helm, rendered } from '../../support/helm.ts';
import { KUBERNETES_VERSIONS, refusals } from '../../support/kubernetes.ts';
import { need } from '../counterparts/need.ts';

const NEEDS = need('helm');
const cases = readdirSync(`${CHART}/ci`).map((file) => ({
  name: file,
  flags: [`--values=${CHART}/ci/${file}`],
}));
cases.push({ name: 'no values', flags: [] });

for (const { name, flags } of cases) {
  test(`chart: ${name}: helm lint --strict has nothing to say`, NEEDS, async () => {
    assert.match(await helm('lint', '--strict', CHART, ...flags), /0 chart\(s\) failed/);
  });

  for (const version of KUBERNETES_VERSIONS) {
    test(`chart: ${name}: Kubernetes ${version} takes every object`, NEEDS, async () => {
      const objects = await rendered(...flags, `--kube-version=${version}`);
      assert.ok(objects.length >= 3);
      assert.deepEqual(
        objects.flatMap((object) => refusals(object, version)),
        [],
      );
    });
  }

  test(`chart: ${name}: no object and no variable is there twice`, NEEDS, async () => {
    const objects = await rendered(...flags);
    const ids = objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace} ${metadata.name}`);
    assert.deepEqual(ids, [...new Set(ids)]);
    for (const variables of environments(objects)) assert.deepEqual(variables, [...new Set(variables)]);
  });

  test(`chart: ${name}: NOTES can be rendered for what is installed`, NEEDS, async () => {
    const notes = await helm('install', 'monitor', CHART, ...flags, '--dry-run=client');
    assert.match(notes, /NOTES:\nexternal-url-exporter 0\.1\.0 probes /);
  });
}

const refused: readonly (readonly [name: string, flags: readonly string[], complaint: RegExp])[] = [
  ['an unknown value', ['--set=replicas=2'], /additional properties 'replicas' not allowed/],
  ['an unknown value deep down', ['--set=service.prot=80'], /additional properties 'prot' not allowed/],
  ['a wrong type', ['--set-string=shards=many'], /shards.*want integer/s],
  ['a wrong choice', ['--set=log.level=loud'], /log\/level.*value must be one of/s],
  [
    'an unknown key of the config',
    ['--set=config.intervall=5s'],
    /additional properties 'intervall' not allowed/,
  ],
  ['a wrong type in the config', ['--set=config.max_redirects=lots'], /max_redirects/],
  [
    'https to scrape and no CA',
    ['--set=web.scheme=https', '--set=serviceMonitor.enabled=true'],
    /tlsConfig is missing/,
  ],
  ['an Ingress without hosts', ['--set=ingress.enabled=true'], /ingress\.hosts is missing/],
  ['an HTTPRoute without Gateway', ['--set=httpRoute.enabled=true'], /httpRoute\.parentRefs is missing/],
  ['a Kubernetes that is too old', ['--kube-version=1.28.0'], /requires kubeVersion/],
];

for (const [name, flags, complaint] of refused) {
  test(`chart: ${name} is refused`, NEEDS, async () => {
    await assert.rejects(helm('template', 'monitor', CHART, ...flags), complaint);
  });
}

const accepted: readonly (readonly [name: string, flags: readonly string[]])[] = [
  ['what parent charts set', ['--set=enabled=true', '--set=global.anything=1']],
  [
    'a config in full',
    ['--set-json=config={"targets":["https://a.example/",{"url":"https://b.example/","interval":"5s"}]}'],
  ],
  [
    'a null in place of a default',
    ['--set=podSecurityContext.runAsUser=null', '--set=resources.limits=null'],
  ],
];

for (const [name, flags] of accepted) {
  test(`chart: ${name} is accepted`, NEEDS, async () => {
    for (const object of await rendered(...flags)) assert.deepEqual(refusals(object, '1.34'), []);
  });
}

// The names of the variables of every container in there.
function environments(part: unknown): string[][] {
  if (typeof part !== 'object' || part === null) return [];
  const inner = Object.values(part).flatMap(environments);
  const own = 'env' in part && Array.isArray(part.env) ? [part.env.map(({ name }) => String(name))] : [];
  return [...own, ...inner];
}
