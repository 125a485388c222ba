import {
  formatColumnType,
  normaliseName,
  type CheckResult,
  type Column,
  type ColumnType,
  type ErrorReport,
  type Manifest,
} from '@caudal/spec'
import { tilesHit } from './tiles-hit.ts'

/** What a source or a warehouse shows of a table now. */
export interface LiveTable {
  readonly columns: readonly Column[]
  /** The fields that occurred in records which were read; what a stream declares says nothing of what its source delivers. */
  readonly records?: { readonly fields: readonly string[]; readonly count: number }
}

/** What a table has now against what the project relies on. */
export interface Drift {
  /** `schema.name`. */
  readonly table: string
  readonly gone: readonly string[]
  /** Columns whose values no longer fit, in words. */
  readonly changed: readonly string[]
  readonly added: readonly string[]
  /** Columns that none of many records has: renamed, or empty. */
  readonly unseen: readonly string[]
  /** Fields of records that are no columns: what is gone may be called so now. */
  readonly undeclared: readonly string[]
}

/** Records of which none has a field before that is told: a field without a value is left out by many sources. */
const recordsMin = 100

/** Compares what a table has now with the recorded or declared columns; `undefined` when nothing is known of them. */
export function driftOf(manifest: Manifest, table: string, live: LiveTable): Drift | undefined {
  const stream = manifest.sources.flatMap((source) => source.streams).find((one) => one.table === table)
  const known = stream?.columns ?? manifest.tables.find((one) => one.name === table)?.columns ?? []
  if (known.length === 0) return undefined
  const names = new Set(known.map(({ name }) => name))
  const now = new Map(live.columns.map((column) => [column.name, column]))
  const { fields = [], count = 0 } = live.records ?? {}
  const seen = new Set(fields.map(normaliseName))
  const unseen = count === 0 ? [] : known.filter((column) => now.has(column.name) && !isSeen(column, seen))
  return {
    table,
    gone: [...known.filter(({ name }) => !now.has(name)), ...unseen.filter(isRequired)].map(
      ({ name }) => name,
    ),
    changed: known.flatMap((column) => changeOf(column, now.get(column.name))),
    added: live.columns.flatMap(({ name }) => (names.has(name) ? [] : [name])),
    unseen: count < recordsMin ? [] : unseen.filter((column) => !isRequired(column)).map(({ name }) => name),
    undeclared: [...seen].filter((name) => !names.has(name)).toSorted(),
  }
}

/** What is wrong because of a drift, with the tiles it breaks; `undefined` when nothing surely is: new columns break nothing. */
export function driftProblem(manifest: Manifest, drift: Drift): ErrorReport | undefined {
  const { table, gone, changed } = drift
  if (gone.length + changed.length === 0) return undefined
  const what = [...(gone.length === 0 ? [] : [`it no longer has ${quoted(gone)}`]), ...changed].join('; ')
  return {
    code: 'CAUDAL_SCHEMA_DRIFT',
    message: `${table} is not as recorded: ${what}.${gone.length === 0 ? '' : newNames(drift)}${tilesOf(manifest, table, gone)}`,
    hint: 'If the change is meant: caudal typegen, then correct what verify names. Else correct the source.',
    retryable: false,
    context: { table, gone: [...gone] },
  }
}

/** What is wrong when a table that others load is not in the warehouse, with the tiles it breaks. */
export function missingTable(manifest: Manifest, table: string): ErrorReport {
  return {
    code: 'CAUDAL_TABLE_MISSING',
    message: `${table}: the warehouse has no such table, and the project reads it.${tilesHit(manifest, [`rows ${table}`])}`,
    hint: `Let the tool run that loads it, or correct the name in table('${table}', …).`,
    retryable: false,
    context: { table },
  }
}

/** A sentence on columns that no record has; `undefined` when there are none. */
export function unseenColumns(manifest: Manifest, drift: Drift): string | undefined {
  const { table, unseen } = drift
  if (unseen.length === 0) return undefined
  return `${table}: none of the records that were read has ${quoted(unseen)}; renamed, or empty?${newNames(drift)}${tilesOf(manifest, table, unseen)}`
}

/** The drift that a run met, as a warning at its stage; `undefined` when everything is there. */
export function driftWarning(manifest: Manifest, table: string, live: LiveTable): CheckResult | undefined {
  const drift = driftOf(manifest, table, live)
  if (drift === undefined) return undefined
  const messages = [driftProblem(manifest, drift)?.message, unseenColumns(manifest, drift)]
  const message = messages.filter((text) => text !== undefined).join('\n')
  if (message === '') return undefined
  return {
    check: `${table}: columns as recorded`,
    table,
    severity: 'warn',
    isPassed: false,
    failingRows: 0,
    examples: [],
    message,
  }
}

/** A field inside of another is not among the fields of a record. */
function isSeen({ name, field }: Column, seen: ReadonlySet<string>): boolean {
  return seen.has(name) || field?.includes('.') === true
}

function isRequired({ nullable }: Column): boolean {
  return nullable === false
}

function changeOf(known: Column, now: Column | undefined): readonly string[] {
  if (now === undefined || known.isUnseen === true || now.isUnseen === true || fits(now.type, known.type))
    return []
  return [`\`${known.name}\` was ${formatColumnType(known.type)} and is ${formatColumnType(now.type)}`]
}

/** Whether every value of a type has a place in another: what a sample shows may be narrower than what is recorded. */
function fits(type: ColumnType, into: ColumnType): boolean {
  if (formatColumnType(type) === formatColumnType(into) || into.kind === 'text' || into.kind === 'json')
    return true
  if (into.kind === 'double') return type.kind === 'integer' || type.kind === 'decimal'
  if (into.kind === 'timestamp') return type.kind === 'date'
  if (into.kind !== 'decimal') return false
  if (type.kind === 'integer') return into.precision - into.scale >= 19
  return (
    type.kind === 'decimal' &&
    type.scale <= into.scale &&
    type.precision - type.scale <= into.precision - into.scale
  )
}

function newNames({ undeclared, added }: Drift): string {
  const names = [...new Set([...added, ...undeclared])]
  if (names.length === 0) return ''
  const more = names.length > 5 ? ` and ${names.length - 5} more` : ''
  return ` It has ${quoted(names.slice(0, 5))}${more}, not recorded.`
}

function tilesOf(manifest: Manifest, table: string, columns: readonly string[]): string {
  return tilesHit(
    manifest,
    columns.map((name) => `${table}.${name}`),
  )
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ')
}
