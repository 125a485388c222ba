import {
  describeRule,
  refuseSettings,
  unknownSettings,
  type CheckDeclaration,
  type CheckNode,
  type CheckRule,
  type JsonValue,
  type SettingsShape,
  type Severity,
} from '@caudal/spec'
import { callerPlace } from './place.ts'
import type { AnyTables, ColumnName, TableName } from './row-types.ts'

/** One rule, with how grave its failure is. Default: `error`, which stops publication and makes the run red. */
export type RuleOptions<Column extends string, Tables = AnyTables> = {
  readonly severity?: Severity
  readonly name?: string
} & (
  | { readonly notNull: Column }
  | { readonly unique: Column | readonly Column[] }
  | { readonly accepted: { readonly column: Column; readonly values: readonly JsonValue[] } }
  /** Every value of `column` stands in `toColumn` of the table `to`. */
  | { readonly relation: RelationOf<Column, Tables> }
  | {
      readonly range: {
        readonly column: Column
        readonly min?: string | number
        readonly max?: string | number
      }
    }
  /** A boolean SQL expression that holds for every row. */
  | { readonly expression: string }
  /** Rows against the last published version: at most this share more or fewer, 0 to 1. */
  | { readonly rowCountChange: number }
  | { readonly freshness: { readonly column: Column; readonly maxMinutes: number } }
  /** A query that returns the failing rows. */
  | { readonly sql: string }
)

/** A column with a column of any table, whose values it has. */
type RelationOf<Column extends string, Tables> = {
  readonly [To in TableName<Tables>]: {
    readonly column: Column
    readonly to: To
    readonly toColumn: ColumnName<Tables, To>
  }
}[TableName<Tables>]

/** The type of {@link check}, narrowed to the tables of a project. */
export type CheckFunction<Tables> = <const Table extends TableName<Tables>>(
  table: Table,
  rule: RuleOptions<ColumnName<Tables, Table>, Tables>,
) => CheckDeclaration

/** A rule on the data of a table or model: `check('marts.deals', { notNull: 'amount' })`. */
export const check: CheckFunction<AnyTables> = declareCheck

const rules: SettingsShape = {
  notNull: true,
  unique: true,
  accepted: { column: true, values: true },
  relation: { column: true, to: true, toColumn: true },
  range: { column: true, min: true, max: true },
  expression: true,
  rowCountChange: true,
  freshness: { column: true, maxMinutes: true },
  sql: true,
}

/** What is wrong with the names in a rule. @param where in front of them, such as `checks[0].` */
export function ruleProblems(options: object, where = ''): string[] {
  const problems = unknownSettings(options, { severity: true, name: true, ...rules }, where)
  const given = Object.keys(rules).filter((rule) => rule in options)
  if (problems.length > 0 || given.length === 1) return problems
  const names = Object.keys(rules).join(', ')
  return [
    given.length === 0
      ? `${where}rule is missing: it is one of ${names}.`
      : `${where}${given.join(' and ')} are two rules: each is a check of its own.`,
  ]
}

/** The check as a node of the manifest. */
export function checkNode(table: string, options: RuleOptions<string>, place: string): CheckNode {
  const rule = ruleOf(options)
  return {
    name: options.name ?? `${table}: ${describeRule(rule)}`,
    table,
    rule,
    severity: options.severity ?? 'error',
    place,
  }
}

function declareCheck(table: string, rule: RuleOptions<string>): CheckDeclaration {
  refuseSettings('check()', ruleProblems(rule))
  return { kind: 'check', ...checkNode(table, rule, callerPlace(declareCheck)) }
}

function ruleOf(options: RuleOptions<string>): CheckRule {
  if ('notNull' in options) return { kind: 'not null', column: options.notNull }
  if ('unique' in options) return { kind: 'unique', columns: [options.unique].flat() }
  if ('accepted' in options) return { kind: 'accepted values', ...options.accepted }
  if ('relation' in options) return { kind: 'relation', ...options.relation }
  if ('range' in options) return { kind: 'range', ...options.range }
  if ('expression' in options) return { kind: 'expression', sql: options.expression }
  if ('rowCountChange' in options) return { kind: 'row count change', shareMax: options.rowCountChange }
  if ('freshness' in options) return { kind: 'freshness', ...options.freshness }
  return { kind: 'sql', sql: options.sql }
}
