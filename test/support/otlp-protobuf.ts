/** How a field is read: by a scalar's name, or a message; in brackets where it may stand several times. */
type Kind =
  | 'text'
  | 'double'
  | 'fixed64'
  | 'varint'
  | 'flag'
  | 'doubles'
  | 'fixed64s'
  | Message
  | readonly [Message];
type Message = Readonly<Record<number, readonly [name: string, kind: Kind]>>;

const ANY_VALUE: Message = { 1: ['stringValue', 'text'] };
const KEY_VALUE: Message = { 1: ['key', 'text'], 2: ['value', ANY_VALUE] };
const NUMBER_POINT: Message = {
  7: ['attributes', [KEY_VALUE]],
  2: ['startTimeUnixNano', 'fixed64'],
  3: ['timeUnixNano', 'fixed64'],
  4: ['asDouble', 'double'],
};
const HISTOGRAM_POINT: Message = {
  9: ['attributes', [KEY_VALUE]],
  2: ['startTimeUnixNano', 'fixed64'],
  3: ['timeUnixNano', 'fixed64'],
  4: ['count', 'fixed64'],
  5: ['sum', 'double'],
  6: ['bucketCounts', 'fixed64s'],
  7: ['explicitBounds', 'doubles'],
};
const METRIC: Message = {
  1: ['name', 'text'],
  2: ['description', 'text'],
  3: ['unit', 'text'],
  5: ['gauge', { 1: ['dataPoints', [NUMBER_POINT]] }],
  7: [
    'sum',
    {
      1: ['dataPoints', [NUMBER_POINT]],
      2: ['aggregationTemporality', 'varint'],
      3: ['isMonotonic', 'flag'],
    },
  ],
  9: ['histogram', { 1: ['dataPoints', [HISTOGRAM_POINT]], 2: ['aggregationTemporality', 'varint'] }],
};
const RESOURCE_METRICS: Message = {
  1: ['resource', { 1: ['attributes', [KEY_VALUE]] }],
  2: ['scopeMetrics', [{ 2: ['metrics', [METRIC]] }]],
};

/**
 * Decodes the message that metrics are sent in into the shape that they have in JSON; what we do not use is left out.
 * @see https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/metrics/v1/metrics.proto
 */
export function decodeMetrics(bytes: Buffer): Readonly<Record<string, unknown>> {
  return decode(bytes, { 1: ['resourceMetrics', [RESOURCE_METRICS]] });
}

function decode(bytes: Buffer, message: Message): Readonly<Record<string, unknown>> {
  const fields: Record<string, unknown> = {};
  for (const { number, value } of fieldsOf(bytes)) {
    const [name, kind] = message[number] ?? [];
    if (name === undefined || kind === undefined) continue;
    const before = fields[name];
    if (isRepeated(kind)) fields[name] = [...(Array.isArray(before) ? before : []), read(value, kind[0])];
    else fields[name] = read(value, kind);
  }
  return fields;
}

function isRepeated(kind: Kind): kind is readonly [Message] {
  return Array.isArray(kind);
}

function read(value: Buffer, kind: Exclude<Kind, readonly [Message]>): unknown {
  switch (kind) {
    case 'text':
      return value.toString();
    case 'double':
      return value.readDoubleLE();
    case 'fixed64':
      return String(value.readBigUInt64LE());
    case 'varint':
      return value[0];
    case 'flag':
      return value[0] === 1;
    case 'doubles':
      return eights(value).map((eight) => eight.readDoubleLE());
    case 'fixed64s':
      return eights(value).map((eight) => Number(eight.readBigUInt64LE()));
    default:
      return decode(value, kind);
  }
}

function eights(value: Buffer): Buffer[] {
  return Array.from({ length: value.length / 8 }, (_, index) => value.subarray(index * 8, index * 8 + 8));
}

/** @see https://protobuf.dev/programming-guides/encoding/ */
function* fieldsOf(bytes: Buffer): Generator<{ number: number; value: Buffer }> {
  for (let at = 0; at < bytes.length; ) {
    const tag = varintAt(bytes, at);
    const [from, to] = extentOf(bytes, tag.end, tag.value % 8);
    if (to > bytes.length) throw new Error(`the message ends within the field at byte ${at}`);
    yield { number: Math.floor(tag.value / 8), value: bytes.subarray(from, to) };
    at = to;
  }
}

function extentOf(bytes: Buffer, at: number, wireType: number): readonly [from: number, to: number] {
  if (wireType === 0) return [at, varintAt(bytes, at).end];
  if (wireType === 1) return [at, at + 8];
  if (wireType === 5) return [at, at + 4];
  if (wireType !== 2) throw new Error(`unknown wire type ${wireType} at byte ${at}`);
  const length = varintAt(bytes, at);
  return [length.end, length.end + length.value];
}

function varintAt(bytes: Buffer, start: number): { value: number; end: number } {
  let value = 0;
  for (let at = start, factor = 1; ; at += 1, factor *= 128) {
    const byte = bytes.readUInt8(at);
    value += (byte & 127) * factor;
    if (byte < 128) return { value, end: at + 1 };
  }
}
