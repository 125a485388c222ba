import type { MetricJoin, Viewer } from '@caudal/spec'
import type { Parameters } from './parameters.ts'
import type { DimensionColumn, DimensionFilter, Scan } from './scan.ts'
import {
  binary,
  cast,
  column,
  integer,
  type Expression,
  type Query,
  type Relation,
  type Select,
} from './sql-tree.ts'
import {
  bucketExpression,
  hasOverlap,
  periodExpression,
  windowConditions,
  type TimeWindow,
} from './time-window.ts'

type Item = { readonly as: string; readonly value: Expression }

/** The column that holds the i-th key, value or condition of a scan. */
export function keyName(index: number): string {
  return `key_${index}`
}

/** Names of the columns that hold what the parts of a scan aggregate. */
export function partColumns(scan: Scan): {
  readonly values: ReadonlyMap<string, string>
  readonly conditions: ReadonlyMap<string, string>
} {
  const number = (texts: readonly (string | undefined)[], prefix: string): Map<string, string> => {
    const unique = new Set(texts.filter((text) => text !== undefined))
    return new Map([...unique].map((text, index) => [text, `${prefix}_${index}`]))
  }
  return {
    values: number(
      scan.parts.map((part) => part.column),
      'value',
    ),
    conditions: number(
      scan.parts.map((part) => part.where),
      'where',
    ),
  }
}

/**
 * The rows of a scan: `period` (0 shown, 1 compared), `bucket`, `key_i` as text, `value_i`, `where_i`. One reading of the table serves both
 * periods, unless they overlap: then a row may count in both, and each has its own.
 */
export function scanRows(scan: Scan, window: TimeWindow, viewer: Viewer, parameters: Parameters): Query {
  if (!hasOverlap(window)) {
    const period = periodExpression(window, scan.time, scan.timeKind, parameters)
    return readPeriod(scan, window, period, viewer, parameters)
  }
  const { current, previous, ...rest } = window
  const periods = [current, previous].flatMap((period) => (period === undefined ? [] : [period]))
  const queries = periods.map((period, index) =>
    readPeriod(scan, { ...rest, current: period }, integer(index), viewer, parameters),
  )
  return { kind: 'union', queries }
}

function readPeriod(
  scan: Scan,
  window: TimeWindow,
  period: Expression,
  viewer: Viewer,
  parameters: Parameters,
): Select {
  const { values, conditions } = partColumns(scan)
  const { time, timeKind } = scan
  const items: Item[] = [
    { as: 'period', value: period },
    ...(window.grain === undefined
      ? []
      : [
          {
            as: 'bucket',
            value: bucketExpression(window, window.grain, time, timeKind, parameters),
          },
        ]),
    ...[...values].map(([name, as]) => ({ as, value: column(name) })),
    ...[...conditions].map(([sql, as]) => ({ as, value: { kind: 'fragment', sql } as const })),
  ]
  return readTable(scan, items, windowConditions(window, time, timeKind, parameters), viewer, parameters)
}

/**
 * A reading of the scan's table under the viewer's rules, joined and filtered: the given items of the table and the scan's keys.
 * SQL fragments of the project stand in the innermost query, where no other table's columns are in sight.
 */
export function readTable(
  scan: Pick<Scan, 'table' | 'joins' | 'keys' | 'filters'>,
  items: readonly Item[],
  conditions: readonly Expression[],
  viewer: Viewer,
  parameters: Parameters,
): Select {
  const keys = scan.keys.map((key, index) => ({ as: keyName(index), key }))
  const own = keys.filter(({ key }) => key.join === undefined)
  const links = scan.joins.flatMap((join) =>
    Object.keys(join.on).map((name) => ({ as: linkName(join, name), value: column(name) })),
  )
  const table: Select = {
    kind: 'select',
    items: [...items, ...links, ...own.map(({ as, key }) => ({ as, value: textOf(key) }))],
    from: { kind: 'table', table: scan.table, as: 't' },
    where: [
      ...ruleOf(scan.table, viewer),
      ...conditions,
      ...filterConditions(scan, (join) => join === undefined, parameters),
    ],
  }
  if (scan.joins.length === 0) return table
  return {
    kind: 'select',
    items: [
      ...items.map(({ as }) => ({ as, value: column(as, 't') })),
      ...keys.map(({ as, key }) => ({ as, value: key.join === undefined ? column(as, 't') : textOf(key) })),
    ],
    from: { kind: 'query', query: table, as: 't' },
    leftJoins: scan.joins.map((join) => ({
      relation: joinedTable(scan, join, viewer),
      on: {
        kind: 'and',
        terms: Object.entries(join.on).map(([here, there]) =>
          binary(column(linkName(join, here), 't'), '=', column(there, join.name)),
        ),
      },
    })),
    where: filterConditions(scan, (join) => join !== undefined, parameters),
  }
}

function linkName(join: MetricJoin, name: string): string {
  return `on_${join.name}_${name}`
}

function joinedTable(scan: Pick<Scan, 'keys' | 'filters'>, join: MetricJoin, viewer: Viewer): Relation {
  const used = [...scan.keys, ...scan.filters.map((filter) => filter.column)].flatMap((key) =>
    key.join === join.name ? [key.column] : [],
  )
  return {
    kind: 'query',
    as: join.name,
    query: {
      kind: 'select',
      items: [...new Set([...Object.values(join.on), ...used])].map((as) => ({ as, value: column(as) })),
      from: { kind: 'table', table: join.to, as: 'j' },
      where: ruleOf(join.to, viewer),
    },
  }
}

function ruleOf(table: string, viewer: Viewer): readonly Expression[] {
  const sql = viewer.rules[table]
  return sql === undefined ? [] : [{ kind: 'fragment', sql }]
}

function textOf(key: DimensionColumn): Expression {
  const value = column(key.column, key.join)
  return key.isText ? value : cast(value, 'text')
}

function filterConditions(
  scan: Pick<Scan, 'filters'>,
  isHere: (join: string | undefined) => boolean,
  parameters: Parameters,
): readonly Expression[] {
  return scan.filters
    .filter((filter) => isHere(filter.column.join))
    .map((filter) => filterCondition(filter, parameters))
}

function filterCondition(filter: DimensionFilter, parameters: Parameters): Expression {
  const isNull: Expression = { kind: 'is null', value: column(filter.column.column, filter.column.join) }
  const list = filter.values
    .filter((value) => value !== null)
    .map((value) => parameters.add('filter', value, 'text'))
  const terms: Expression[] = filter.values.includes(null) ? [isNull] : []
  if (list.length > 0) terms.push({ kind: 'in', value: textOf(filter.column), list })
  const any: Expression = { kind: 'or', terms }
  if (filter.isExcluded !== true) return any
  return filter.values.includes(null)
    ? { kind: 'not', term: any }
    : { kind: 'or', terms: [isNull, { kind: 'not', term: any }] }
}
