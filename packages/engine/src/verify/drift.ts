import {
  formatColumnType,
  type CheckResult,
  type Column,
  type ErrorReport,
  type Manifest,
} from '@caudal/spec'
import { tilesHit } from './tiles-hit.ts'

/** What a table has now against what the project relies on. */
export interface Drift {
  /** `schema.name`. */
  readonly table: string
  readonly gone: readonly string[]
  /** Columns whose type is another one, in words. */
  readonly changed: readonly string[]
  readonly added: readonly string[]
}

/** Compares the columns that a source or an external table has now with the recorded or declared ones; `undefined` when nothing is known of them. */
export function driftOf(manifest: Manifest, table: string, live: readonly Column[]): Drift | undefined {
  const stream = manifest.sources.flatMap((source) => source.streams).find((one) => one.table === table)
  const known = stream?.columns ?? manifest.tables.find((one) => one.name === table)?.columns ?? []
  if (known.length === 0) return undefined
  const now = new Map(live.map((column) => [column.name, formatColumnType(column.type)]))
  return {
    table,
    gone: known.flatMap(({ name }) => (now.has(name) ? [] : [name])),
    changed: known.flatMap(({ name, type }) => {
      const [was, is] = [formatColumnType(type), now.get(name)]
      return is === undefined || is === was ? [] : [`\`${name}\` was ${was} and is ${is}`]
    }),
    added: live.flatMap(({ name }) => (known.some((column) => column.name === name) ? [] : [name])),
  }
}

/** What is wrong because of a drift, with the tiles it breaks; `undefined` when nothing is: new columns break nothing. */
export function driftProblem(manifest: Manifest, drift: Drift): ErrorReport | undefined {
  const { table, gone, changed } = drift
  if (gone.length + changed.length === 0) return undefined
  const names = gone.map((name) => `\`${name}\``).join(', ')
  const what = [...(gone.length === 0 ? [] : [`it no longer has ${names}`]), ...changed].join('; ')
  const tiles = tilesHit(
    manifest,
    gone.map((name) => `${table}.${name}`),
  )
  return {
    code: 'CAUDAL_SCHEMA_DRIFT',
    message: `${table} is not as recorded: ${what}.${tiles}`,
    hint: 'If the change is meant: caudal typegen, then correct what verify names. Else correct the source.',
    retryable: false,
    context: { table, gone: [...gone] },
  }
}

/** The drift that a run met, as a warning at its stage; `undefined` when every column is there. */
export function driftWarning(
  manifest: Manifest,
  table: string,
  live: readonly Column[],
): CheckResult | undefined {
  const drift = driftOf(manifest, table, live)
  if (drift === undefined || drift.gone.length === 0) return undefined
  const problem = driftProblem(manifest, { ...drift, changed: [] })
  return {
    check: `${table}: columns as recorded`,
    table,
    severity: 'warn',
    isPassed: false,
    failingRows: 0,
    examples: [],
    message: problem?.message ?? '',
  }
}
