/** A value that loaders are known to change, as each door gets it and as a query gives it back. */
export interface HardValue {
  readonly what: string
  /** Builder of the column's type in `@caudal/authoring`. */
  readonly type: string
  /** JavaScript, as a source of one's own yields it. */
  readonly object: string
  /** JSON, as an API or a file has it. */
  readonly json: string
  /** The cell of a delimited file, quoted where it must be. */
  readonly csv: string
  /** SQL of a Parquet file's value. */
  readonly parquet: string
  /** What a query gives. */
  readonly stored: string | number | boolean | null
  /** What other doors give where they cannot give the same, with the reason. */
  readonly except?: Readonly<
    Partial<Record<'object' | 'json' | 'csv' | 'parquet', { readonly stored: string; readonly why: string }>>
  >
  /** What dlt, ingestr or others do to it, measured (notes in docs/values.md). */
  readonly others?: string
}

const text = (value: string): Pick<HardValue, 'object' | 'json' | 'csv' | 'stored'> => ({
  object: JSON.stringify(value),
  json: JSON.stringify(value),
  csv: `"${value.replaceAll('"', '""')}"`,
  stored: value,
})

/** A number that is written the same way everywhere; `object` as text, for a JavaScript number would not hold it. */
const digits = (type: string, sql: string, value: string): Omit<HardValue, 'what'> => ({
  type,
  object: `'${value}'`,
  json: value,
  csv: value,
  parquet: `'${value}'::${sql}`,
  stored: value,
})

const time = (type: string, sql: string, value: string, stored: string): Omit<HardValue, 'what'> => ({
  type,
  object: `'${value}'`,
  json: `"${value}"`,
  csv: value,
  parquet: `'${value}'::${sql}`,
  stored,
})

const emoji = 'Ñandú "q", 👩‍👩‍👧‍👦 e\u0301\n\t\\ \'x\''
const long = `${'x'.repeat(999_999)}é`

const longInJson = 'every digit is kept, as text: readers of JSON go through a double'

export const hardValues: readonly HardValue[] = [
  {
    what: 'integer above 2^53',
    ...digits('integer()', 'BIGINT', '9007199254740993'),
    object: '9007199254740993n',
  },
  {
    what: 'largest 64-bit integer',
    ...digits('integer()', 'BIGINT', '9223372036854775807'),
    object: '9223372036854775807n',
  },
  {
    what: '2^63',
    ...digits('decimal(38, 0)', 'DECIMAL(38,0)', '9223372036854775808'),
    object: '9223372036854775808n',
    others: 'dlt fails the load',
  },
  {
    what: '12 digits after the point',
    ...digits('decimal(38, 12)', 'DECIMAL(38,12)', '0.123456789012'),
    others: 'dlt cuts it to 9 digits',
  },
  {
    what: '38 digits',
    ...digits('decimal(38, 10)', 'DECIMAL(38,10)', '1234567890123456789012345678.0123456789'),
  },
  {
    what: 'money',
    ...digits('decimal(18, 2)', 'DECIMAL(18,2)', '0.10'),
    others: 'raw DuckDB reads it as DOUBLE from CSV, ingestr as VARCHAR',
  },
  { what: 'smallest double', ...digits('double()', 'DOUBLE', '5e-324'), object: '5e-324', stored: 5e-324 },
  {
    what: 'not a number',
    type: 'double()',
    object: 'NaN',
    json: '"NaN"',
    csv: 'NaN',
    parquet: `'NaN'::DOUBLE`,
    stored: 'NaN',
    others: 'dlt makes it NULL',
  },
  {
    what: 'minus infinity',
    type: 'double()',
    object: '-Infinity',
    json: '"-Infinity"',
    csv: '-Infinity',
    parquet: `'-Infinity'::DOUBLE`,
    stored: '-Infinity',
  },
  { what: 'empty text', type: 'text()', ...text(''), parquet: `''` },
  {
    what: 'no text',
    type: 'text()',
    object: 'null',
    json: 'null',
    csv: '',
    parquet: 'NULL::VARCHAR',
    stored: null,
  },
  {
    what: 'emoji, combining accent, quotes, line break',
    type: 'text()',
    ...text(emoji),
    parquet: `'${emoji.replaceAll("'", "''")}'`,
  },
  { what: 'NUL byte', type: 'text()', ...text('a\u0000b'), parquet: `'a' || chr(0) || 'b'` },
  {
    what: 'a million characters',
    type: 'text()',
    ...text(long),
    object: `'x'.repeat(999_999) + 'é'`,
    parquet: `repeat('x', 999999) || 'é'`,
  },
  {
    what: 'text that looks like a number',
    type: 'text()',
    ...text('00123'),
    csv: '00123',
    parquet: `'00123'`,
  },
  {
    what: 'instant with an offset',
    ...time('timestamptz()', 'TIMESTAMPTZ', '2026-03-29T03:30:00+02:00', '2026-03-29T01:30:00Z'),
  },
  {
    what: 'first 02:30 of the night in which clocks go back',
    ...time('timestamptz()', 'TIMESTAMPTZ', '2026-10-25T02:30:00+02:00', '2026-10-25T00:30:00Z'),
  },
  {
    what: 'second 02:30 of that night',
    ...time('timestamptz()', 'TIMESTAMPTZ', '2026-10-25T02:30:00+01:00', '2026-10-25T01:30:00Z'),
  },
  {
    what: 'wall clock that a zone skips',
    ...time('timestamp()', 'TIMESTAMP', '2026-03-29T02:30:00', '2026-03-29T02:30:00'),
  },
  {
    what: 'microseconds',
    ...time('timestamptz()', 'TIMESTAMPTZ', '2026-03-29T00:30:00.123456Z', '2026-03-29T00:30:00.123456Z'),
  },
  { what: 'day before 1970', ...time('date()', 'DATE', '1899-12-31', '1899-12-31') },
  { what: 'last day of the calendar', ...time('date()', 'DATE', '9999-12-31', '9999-12-31') },
  { what: 'end of the day', ...time('time()', 'TIME', '23:59:59.999999', '23:59:59.999999') },
  {
    what: 'false',
    type: 'boolean()',
    object: 'false',
    json: 'false',
    csv: 'false',
    parquet: 'false',
    stored: false,
  },
  {
    what: 'nested JSON with null',
    type: 'json()',
    object: '{ b: [1, { c: null }], a: "x" }',
    json: '{"b":[1,{"c":null}],"a":"x"}',
    csv: '"{""b"":[1,{""c"":null}],""a"":""x""}"',
    parquet: `'{"b":[1,{"c":null}],"a":"x"}'::JSON`,
    stored: '{"b":[1,{"c":null}],"a":"x"}',
  },
  {
    what: 'integer above 2^53 inside JSON',
    type: 'json()',
    object: '{ n: 9007199254740993n }',
    json: '{"n":9007199254740993}',
    csv: '"{""n"":9007199254740993}"',
    parquet: `'{"n":9007199254740993}'::JSON`,
    stored: '{"n":9007199254740993}',
    except: {
      object: { stored: '{"n":"9007199254740993"}', why: longInJson },
      json: { stored: '{"n":"9007199254740993"}', why: longInJson },
    },
  },
  {
    what: 'bytes',
    type: 'bytes()',
    object: 'new Uint8Array([0, 255, 16])',
    json: '"AP8Q"',
    csv: 'AP8Q',
    parquet: `from_base64('AP8Q')`,
    stored: 'AP8Q',
  },
]
