import type { Column, WrittenFormat } from '@caudal/spec'
import type { CsvRecord } from './csv-records.ts'
import { ColumnEvidence, type Verdict } from './evidence.ts'
import { isWrittenDate } from './date-readings.ts'
import { isNumber } from './number-readings.ts'
import type { FieldProfile } from './profile.ts'

/** What the project says of one column of a delimited file. */
export interface ColumnSettings {
  readonly declared: Column | undefined
  readonly written: WrittenFormat
}

/** Gathers evidence about the columns of a delimited file, those left out whose type and format are known. */
export class ColumnTable {
  readonly #columns: readonly {
    readonly field: string
    readonly settings: ColumnSettings
    evidence: ColumnEvidence
  }[]

  constructor(fields: readonly string[], settingsOf: (field: string) => ColumnSettings) {
    this.#columns = fields.map((field) => {
      const settings = settingsOf(field)
      return { field, settings, evidence: new ColumnEvidence(settings.written) }
    })
  }

  /** Takes a record. Of a column with a declared type only what can be a value of it says how it is written. */
  note(record: CsvRecord, indexes?: readonly number[]): void {
    for (const index of indexes ?? this.#columns.keys()) {
      const column = this.#columns[index]
      const cell = record.cells[index] ?? ''
      if (column !== undefined && mayBe(column.settings.declared, cell.trim())) {
        column.evidence.note(cell, record.line)
      }
    }
  }

  /** Columns that can still be read in two ways. */
  ambiguous(): readonly number[] {
    return this.#columns.flatMap((column, index) =>
      this.#verdict(column).kind === 'ambiguous' ? [index] : [],
    )
  }

  /** Whether some value of each of these columns leaves one way to read it. */
  isDecided(indexes: readonly number[]): boolean {
    return indexes.every((index) => {
      const column = this.#columns[index]
      if (column === undefined) return true
      const verdict = this.#verdict(column)
      return verdict.kind === 'typed' && (verdict.format !== undefined || verdict.type.kind === 'text')
    })
  }

  /** Forgets what was seen of columns that are going to be read whole. */
  restart(indexes: readonly number[]): void {
    for (const index of indexes) {
      const column = this.#columns[index]
      if (column !== undefined) column.evidence = new ColumnEvidence(column.settings.written)
    }
  }

  /** What each field is. */
  profiles(): FieldProfile[] {
    return this.#columns.map((column) => {
      const { field, settings } = column
      const verdict = this.#verdict(column)
      if (verdict.kind === 'ambiguous') return { field, ambiguity: verdict.ambiguity }
      if (verdict.kind === 'unseen') return { field }
      const format = formatFor(settings.declared, verdict)
      return { field, type: verdict.type, ...(format === undefined ? {} : { format }) }
    })
  }

  #verdict({ settings, evidence }: { settings: ColumnSettings; evidence: ColumnEvidence }): Verdict {
    const { declared } = settings
    const hasWriting = declared === undefined || writtenKinds.has(declared.type.kind)
    return hasWriting ? evidence.verdict : { kind: 'unseen' }
  }
}

function mayBe(declared: Column | undefined, text: string): boolean {
  switch (declared?.type.kind) {
    case 'integer':
    case 'decimal':
    case 'double':
      return isNumber(text)
    case 'date':
    case 'timestamp':
    case 'timestamptz':
      return isWrittenDate(text)
    default:
      return true
  }
}

const writtenKinds = new Set<Column['type']['kind']>([
  'integer',
  'decimal',
  'double',
  'date',
  'timestamp',
  'timestamptz',
])

/** How the column is written, as far as its declared type asks for it. */
function formatFor(
  declared: Column | undefined,
  verdict: Verdict & { kind: 'typed' },
): WrittenFormat | undefined {
  const { format } = verdict
  if (declared === undefined || format === undefined) return format
  const isTime = declared.type.kind === 'timestamp' || declared.type.kind === 'timestamptz'
  if (isTime && format.dateFormat !== undefined) return { timestampFormat: format.dateFormat }
  return format
}
