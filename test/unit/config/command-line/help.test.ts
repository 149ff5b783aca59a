import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FLAGS } from '../../../../src/config/command-line/flags.ts';
import { flagRows, helpText } from '../../../../src/config/command-line/help.ts';

test('help: names every flag with its variable and its default', () => {
  const help = helpText().replaceAll(/\s+/g, ' ');
  for (const { name, env, default: text } of FLAGS) {
    assert.ok(help.includes(`--${name}`), name);
    if (env !== undefined) assert.ok(help.includes(`env ${env}`), env);
    if (text !== undefined) assert.ok(help.includes(`default ${text})`), text);
  }
});

test('help: fits 100 columns, with no space at the end of a line', () => {
  for (const line of helpText().split('\n')) {
    assert.ok(line.length <= 100, line);
    assert.doesNotMatch(line, /\s$/);
  }
});

test('help: the rows for the docs begin with the URLs and hold every flag', () => {
  const rows = flagRows();
  assert.equal(rows.length, FLAGS.length + 1);
  assert.deepEqual(rows.slice(0, 2), [
    {
      flag: 'URL ...',
      env: 'TARGETS',
      default: 'https://httpstat.us/503 https://httpstat.us/200',
      help: 'URLs to probe, instead of the targets of the config file; TARGETS is separated by spaces or commas',
    },
    {
      flag: '--config.file=FILE',
      env: 'CONFIG_FILE',
      default: '',
      help: 'YAML file with targets and settings',
    },
  ]);
});
