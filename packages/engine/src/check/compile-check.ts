import type { CheckNode, CheckRule, JsonValue } from '@caudal/spec'
import { quoteIdentifier, quoteTable, renderPortable, replaceTables, type SqlDialect } from '@caudal/sql'

/** What a check is compiled for. */
export interface CheckTarget {
  readonly dialect: SqlDialect
  /** The relation that stands in for the table: a quoted name, or a query in parentheses. Default: the table itself. */
  readonly relation?: string
  /** Rows of the version that readers see. Absent: there is none, and no change of row count is too large. */
  readonly previousRows?: number
  readonly now: Date
}

/** A query that returns the failing rows; none when the check holds. It has no parameters, and no order. */
export function compileCheck(check: Pick<CheckNode, 'table' | 'rule'>, target: CheckTarget): string {
  const relation = target.relation ?? quoteTable(check.table)
  return renderPortable(
    failingRows(check.rule, check.table, `${relation} as checked`, relation, target),
    target.dialect,
  )
}

/** Whether a rule can be judged row by row: then the new rows of a table are enough. */
export function isRowRule(rule: CheckRule): boolean {
  return ['not null', 'accepted values', 'relation', 'range', 'expression'].includes(rule.kind)
}

function failingRows(
  rule: CheckRule,
  table: string,
  from: string,
  relation: string,
  target: CheckTarget,
): string {
  const column = 'column' in rule ? `checked.${quoteIdentifier(rule.column)}` : ''
  switch (rule.kind) {
    case 'not null':
      return `select * from ${from} where ${column} is null`
    case 'unique':
      return uniqueRows(rule.columns, from)
    case 'accepted values':
      return `select * from ${from} where ${column} not in (${rule.values.map(untyped).join(', ')})`
    case 'relation':
      return `select * from ${from} where ${column} is not null and not exists (
  select 1 from ${quoteTable(rule.to)} as known where known.${quoteIdentifier(rule.toColumn)} = ${column})`
    case 'range':
      return `select * from ${from} where ${[
        ...(rule.min === undefined ? [] : [`${column} < ${untyped(rule.min)}`]),
        ...(rule.max === undefined ? [] : [`${column} > ${untyped(rule.max)}`]),
      ].join(' or ')}`
    case 'expression':
      return `select * from ${from} where not (${rule.sql}\n)`
    case 'row count change':
      return rowCountChange(rule.shareMax, from, target.previousRows)
    case 'freshness': {
      const oldest = new Date(target.now.getTime() - rule.maxMinutes * 60_000).toISOString()
      return `select max(${column}) as newest from ${from} having max(${column}) is null or max(${column}) < '${oldest}'`
    }
    case 'sql':
      return replaceTables(
        rule.sql.replace(/[\s;]+$/, ''),
        target.relation === undefined ? {} : { [table]: relation },
      )
  }
}

function uniqueRows(columns: readonly string[], from: string): string {
  const names = columns.map((column) => `checked.${quoteIdentifier(column)}`)
  return `select ${names.join(', ')}, count(*) as row_count from ${from}
where ${names.map((name) => `${name} is not null`).join(' and ')} group by ${names.join(', ')} having count(*) > 1`
}

function rowCountChange(shareMax: number, from: string, previousRows: number | undefined): string {
  if (previousRows === undefined || previousRows === 0) return 'select 1 as row_count where false'
  return `select count(*) as row_count, ${previousRows} as previous_row_count from ${from}
having count(*) < ${previousRows * (1 - shareMax)} or count(*) > ${previousRows * (1 + shareMax)}`
}

/** A literal without a type of its own: it takes that of the column it is compared with. */
function untyped(value: JsonValue): string {
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return `'${text.replaceAll("'", "''")}'`
}
