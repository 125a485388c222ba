import type { JsonValue } from './json.ts'

/** `error` stops publication and makes the run red; `warn` is shown. */
export type Severity = 'error' | 'warn'

/** The rule of a check, on a table or model. */
export type CheckRule =
  | { readonly kind: 'not null'; readonly column: string }
  | { readonly kind: 'unique'; readonly columns: readonly string[] }
  | { readonly kind: 'accepted values'; readonly column: string; readonly values: readonly JsonValue[] }
  | { readonly kind: 'relation'; readonly column: string; readonly to: string; readonly toColumn: string }
  | { readonly kind: 'range'; readonly column: string; readonly min?: JsonValue; readonly max?: JsonValue }
  /** A boolean SQL expression that holds for every row; null counts as held. */
  | { readonly kind: 'expression'; readonly sql: string }
  /** Rows against the last published version: at most this share more or fewer, 0 to 1. */
  | { readonly kind: 'row count change'; readonly shareMax: number }
  /** The newest value of a time column is at most this many minutes old. */
  | { readonly kind: 'freshness'; readonly column: string; readonly maxMinutes: number }
  /** A query that returns the failing rows. */
  | { readonly kind: 'sql'; readonly sql: string }

/** A rule on data. */
export interface CheckNode {
  /** Unique within the project: `marts.deals: amount not null`. */
  readonly name: string
  /** Table or model, `schema.name`. */
  readonly table: string
  readonly rule: CheckRule
  readonly severity: Severity
  /** File and line where it is declared. */
  readonly place: string
}

/** The result of a check in a run. */
export interface CheckResult {
  readonly check: string
  readonly table: string
  readonly severity: Severity
  readonly isPassed: boolean
  readonly failingRows: number
  /** At most 20 failing rows, as records. */
  readonly examples: readonly Readonly<Record<string, JsonValue>>[]
  /** What is wrong in one sentence. */
  readonly message: string
}

/** A rule in a few words, for names of checks. */
export function describeRule(rule: CheckRule): string {
  switch (rule.kind) {
    case 'not null':
      return `${rule.column} not null`
    case 'unique':
      return `${rule.columns.join(', ')} unique`
    case 'accepted values':
      return `${rule.column} one of ${rule.values.map(String).join(', ')}`
    case 'relation':
      return `${rule.column} in ${rule.to}.${rule.toColumn}`
    case 'range':
      return `${rule.column} from ${String(rule.min ?? '-∞')} to ${String(rule.max ?? '∞')}`
    case 'row count change':
      return `rows change by at most ${rule.shareMax * 100} %`
    case 'freshness':
      return `${rule.column} at most ${rule.maxMinutes} minutes old`
    case 'expression':
    case 'sql':
      return rule.sql.trim().replace(/\s+/g, ' ').slice(0, 60)
  }
}
