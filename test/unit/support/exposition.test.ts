import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseExposition, sortedSamples } from '../../support/exposition.ts';

test('exposition: names, labels with escapes, help, types and values are read', () => {
  const text = [
    '# HELP up Whether \\\\ it\\nis up.',
    '# TYPE up gauge',
    'up{url="a\\"b\\\\c\\nd",team=""} 1',
    'up{url="x",} -1.5e-3 1700000000000',
    '# any other comment',
    '',
    '# TYPE took histogram',
    'took_bucket{le="+Inf"} 2',
    'took_sum +Inf',
    'took_count NaN',
    'free .5',
    '',
  ].join('\n');
  assert.deepEqual(parseExposition(text), [
    {
      name: 'up',
      help: 'Whether \\ it\nis up.',
      type: 'gauge',
      samples: [
        {
          name: 'up',
          labels: new Map([
            ['url', 'a"b\\c\nd'],
            ['team', ''],
          ]),
          value: 1,
        },
        { name: 'up', labels: new Map([['url', 'x']]), value: -0.0015 },
      ],
    },
    {
      name: 'took',
      type: 'histogram',
      samples: [
        { name: 'took_bucket', labels: new Map([['le', '+Inf']]), value: 2 },
        { name: 'took_sum', labels: new Map(), value: Number.POSITIVE_INFINITY },
        { name: 'took_count', labels: new Map(), value: Number.NaN },
      ],
    },
    { name: 'free', samples: [{ name: 'free', labels: new Map(), value: 0.5 }] },
  ]);
});

const faults: [why: string, text: string, expected: RegExp][] = [
  ['no line feed at the end', 'up 1', /does not end in a line feed/],
  ['an empty text', '', /does not end in a line feed/],
  ['a name that starts with a digit', '1up 1\n', /line 1: not a metric name/],
  ['a name with a dot', 'sample.up 1\n', /line 1: not a value/],
  ['no value', 'up\n', /not a value/],
  ['a value with a unit', 'up 1ms\n', /not a value/],
  ['a number in words', 'up Infinity\n', /not a value/],
  ['a broken timestamp', 'up 1 now\n', /not a timestamp/],
  ['something after the timestamp', 'up 1 2 3\n', /not a timestamp/],
  ['a label without quotes', 'up{url=x} 1\n', /no label value at column 8/],
  ['a label name that starts with a digit', 'up{1x="a"} 1\n', /no label at column 4/],
  ['labels without a comma', 'up{a="1"b="2"} 1\n', /neither , nor }/],
  ['labels without an end', 'up{a="1"\n', /neither , nor }/],
  ['an unknown escape in a label', 'up{a="\\t"} 1\n', /no label value/],
  ['an unescaped quote in a label', 'up{a="b"c"} 1\n', /neither , nor }/],
  ['a label twice', 'up{a="1",a="2"} 1\n', /the label a is there twice/],
  ['a series twice', 'up{a="1",b="2"} 1\nup{b="2",a="1"} 1\n', /line 2: the series is there twice/],
  ['HELP twice', '# HELP up a\n# HELP up b\n', /HELP twice/],
  ['TYPE twice', '# TYPE up gauge\n# TYPE up gauge\n', /TYPE twice/],
  ['TYPE after a sample', 'up 1\n# TYPE up gauge\n', /TYPE after the first sample/],
  ['an unknown type', '# TYPE up number\n', /unknown type/],
  ['an unknown escape in HELP', '# HELP up \\"a\\"\n', /unknown escape/],
  ['HELP of a name that is none', '# HELP a-b c\n', /not a metric name/],
  ['a bare sample of a histogram', '# TYPE took histogram\ntook 1\n', /no sample of a histogram/],
  ['a metric in two places', 'a{x="1"} 1\nb 1\na{x="2"} 1\n', /line 3: a is not one group/],
];

for (const [why, text, expected] of faults) {
  test(`exposition: ${why} is refused`, () => {
    assert.throws(() => parseExposition(text), expected);
  });
}

test('exposition: sorted samples leave out comments and order', () => {
  assert.deepEqual(sortedSamples('# TYPE b gauge\nb 2\na 1\n'), ['a 1', 'b 2']);
});
