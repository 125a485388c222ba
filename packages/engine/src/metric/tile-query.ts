import type { Parameters } from './parameters.ts'
import type { MetricContext } from './context.ts'
import { measureOf, partExpression, type PartAggregate } from './measure.ts'
import { partKey, type Scan, type ScannedMetric } from './scan.ts'
import { keyName, partColumns, scanRows } from './scan-query.ts'
import {
  binary,
  call,
  cast,
  column,
  integer,
  isSameText,
  type Expression,
  type Query,
  type Select,
  type Statement,
} from './sql-tree.ts'
import type { TimeWindow } from './time-window.ts'

/** What a tile asks: its metrics over a window, by buckets and by keys of which the first `top` stand alone. */
export interface TileQuery {
  readonly scans: readonly Scan[]
  readonly metrics: readonly ScannedMetric[]
  readonly window: TimeWindow
  /** Values of the whole period beside those of the buckets. */
  readonly hasTotal: boolean
  readonly keys: number
  /** How many keys stand alone, ranked by the first metric; the others are one row of position `top + 1`. */
  readonly top: number
}

/**
 * The one statement of a tile. Columns of its result: `scan` (which of the scans), `period`, `is_total` (1 for the whole period), `bucket`, `position`,
 * `key_0` …, and `part_0` … as text, which are the parts of the scan in their order.
 */
export function buildStatement(query: TileQuery, context: MetricContext, parameters: Parameters): Statement {
  const rows = query.scans.map((scan, index) => ({
    name: rowsName(index),
    query: scanRows(scan, query.window, context.viewer, parameters),
  }))
  const ranked = query.keys === 0 ? [] : [{ name: 'ranked', query: rankKeys(query) }]
  const partsMax = Math.max(...query.scans.map((scan) => scan.parts.length))
  const answers = query.scans.map((scan, index) => aggregate(query, scan, index, partsMax, parameters))
  const [only] = answers
  return {
    with: [...rows, ...ranked],
    query: answers.length === 1 && only !== undefined ? only : { kind: 'union', queries: answers },
  }
}

function rowsName(scan: number): string {
  return `rows_${scan}`
}

function aggregate(
  query: TileQuery,
  scan: Scan,
  index: number,
  partsMax: number,
  parameters: Parameters,
): Select {
  const hasBucket = query.window.grain !== undefined
  const period = column('period', 'r')
  const bucket = column('bucket', 'r')
  const position = call('coalesce', column('position', 'k'), integer(query.top + 1))
  const isAlone = binary(column('position', 'k'), '<=', integer(query.top))
  const names = partColumns(scan)
  const keys = Array.from({ length: query.keys }, (_, key) => ({
    as: keyName(key),
    value: {
      kind: 'aggregate',
      function: 'max',
      value: column(keyName(key), 'k'),
      where: isAlone,
    } as const,
  }))
  const parts = Array.from({ length: partsMax }, (_, part) => ({
    as: `part_${part}`,
    value: partText(scan.parts[part], names),
  }))
  const split = query.keys === 0 ? [] : [position]
  const total = [period, ...split]
  const groups = hasBucket ? [[...total, bucket], ...(query.hasTotal ? [total] : [])] : [total]
  return {
    kind: 'select',
    items: [
      { as: 'scan', value: integer(index) },
      { as: 'period', value: period },
      ...(hasBucket
        ? [
            { as: 'is_total', value: query.hasTotal ? call('grouping', bucket) : integer(0) },
            { as: 'bucket', value: cast(bucket, 'text') },
          ]
        : []),
      ...(query.keys === 0 ? [] : [{ as: 'position', value: position }]),
      ...keys,
      ...parts,
    ],
    from: { kind: 'name', name: rowsName(index), as: 'r' },
    ...(query.keys === 0
      ? {}
      : {
          leftJoins: [
            {
              relation: { kind: 'name', name: 'ranked', as: 'k' },
              on: sameKeys(query.keys, parameters),
            },
          ],
        }),
    groupBy: groups,
  }
}

function partText(part: PartAggregate | undefined, names: ReturnType<typeof partColumns>): Expression {
  return part === undefined ? { kind: 'null', type: 'text' } : cast(partValue(part, names, 'r'), 'text')
}

function partValue(part: PartAggregate, names: ReturnType<typeof partColumns>, of: string): Expression {
  const value = part.column === undefined ? undefined : names.values.get(part.column)
  const where = part.where === undefined ? undefined : names.conditions.get(part.where)
  return partExpression(part, value, where, of)
}

function sameKeys(keys: number, parameters: Parameters): Expression {
  const empty = parameters.add('empty', '', 'text')
  return {
    kind: 'and',
    terms: Array.from({ length: keys }, (_, key) =>
      isSameText(column(keyName(key), 'r'), column(keyName(key), 'k'), empty),
    ),
  }
}

/** Every key of the shown period with its position by the first metric's value; ties by the keys' text. Beyond `top` all have `top + 1`. */
function rankKeys(query: TileQuery): Query {
  const keys = Array.from({ length: query.keys }, (_, key) => column(keyName(key), 'r'))
  const shown = [binary(column('period', 'r'), '=', integer(0))]
  const candidates = query.scans.map((scan, index): Select => {
    const isFirst = query.metrics[0]?.scan === index
    return {
      kind: 'select',
      items: [
        ...keys.map((value, key) => ({ as: keyName(key), value })),
        {
          as: 'score',
          value: isFirst ? scoreOf(query, scan) : { kind: 'null', type: 'double precision' },
        },
      ],
      from: { kind: 'name', name: rowsName(index), as: 'r' },
      where: shown,
      groupBy: [keys],
    }
  })
  const score: Expression = { kind: 'aggregate', function: 'max', value: column('score', 'c') }
  const candidateKeys = keys.map((_, key) => column(keyName(key), 'c'))
  return {
    kind: 'select',
    items: [
      ...candidateKeys.map((value, key) => ({ as: keyName(key), value })),
      {
        as: 'position',
        value: call(
          'least',
          {
            kind: 'row number',
            orderBy: [
              {
                value: query.metrics[0]?.measure.empty === '0' ? call('coalesce', score, integer(0)) : score,
                isDescending: true,
              },
              ...candidateKeys.map((value) => ({ value, isText: true })),
            ],
          },
          integer(query.top + 1),
        ),
      },
    ],
    from: { kind: 'query', query: { kind: 'union', queries: candidates }, as: 'c' },
    groupBy: [candidateKeys],
  }
}

/** The first metric's value as a double: good enough to rank by. */
function scoreOf(query: TileQuery, scan: Scan): Expression {
  const metric = query.metrics[0]?.metric
  if (metric === undefined) return { kind: 'null', type: 'double precision' }
  const names = partColumns(scan)
  const { numerators, denominators } = measureOf(metric.value)
  const product = (parts: readonly PartAggregate[]): Expression | undefined =>
    parts
      .map((part) => cast(partValue(part, names, 'r'), 'double precision'))
      .reduce<Expression | undefined>(
        (left, right) => (left === undefined ? right : binary(left, '*', right)),
        undefined,
      )
  const numerator = product(numerators) ?? integer(0)
  const denominator = product(denominators)
  return denominator === undefined
    ? numerator
    : binary(numerator, '/', call('nullif', denominator, integer(0)))
}

/** Where the parts of a metric stand in a row of the result. */
export function partIndexes(scan: Scan): ReadonlyMap<string, number> {
  return new Map(scan.parts.map((part, index) => [partKey(part), index]))
}
