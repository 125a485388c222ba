import {
  CaudalError,
  normaliseFields,
  normaliseName,
  type Column,
  type SchemaContract,
  type WrittenFormat,
} from '@caudal/spec'
import type { Ambiguity, Reading } from '../sample/evidence.ts'
import type { FieldProfile, FileProfile } from '../sample/profile.ts'
import { widerType } from '../sample/wider-type.ts'

/** What the project says of a stream's columns. */
export interface DeclaredColumns {
  readonly columns: readonly Column[]
  readonly contract: SchemaContract
}

/** A file that was looked at. */
export interface ProfiledFile {
  readonly name: string
  readonly profile: FileProfile
  /** Whether the types are the file's own metadata, not a sample. */
  readonly isMetadata: boolean
}

/** The declared column for a field of a file: by field name, else by normalised name. */
export function declaredColumn(columns: readonly Column[], field: string): Column | undefined {
  const exact = columns.find((column) => (column.field ?? column.name) === field)
  return exact ?? columns.find((column) => column.name === normaliseName(field))
}

/**
 * The columns of a stream, gathered from its files: declared ones as declared and the others as sampled, in the files' order. Where columns
 * are declared, the contract decides on others: `discard` and `freeze` leave them to the warehouse.
 */
export class StreamColumns {
  readonly #declared: DeclaredColumns
  readonly #columns = new Map<string, Column>()
  /** By column: how a file whose values left no doubt writes it. */
  readonly #written = new Map<string, WrittenFormat[]>()
  #isTyped = true

  constructor(declared: DeclaredColumns) {
    this.#declared = declared
  }

  /** Remembers how files write their columns where their values leave no doubt: it decides for files of which the values do. */
  learn(files: readonly ProfiledFile[]): void {
    for (const { profile } of files) this.#noteWritten(profile.fields)
  }

  /**
   * Adds what a file says.
   * @returns the file with every column decided.
   * @throws CaudalError `CAUDAL_NAME_COLLISION`, `CAUDAL_FILE_AMBIGUOUS` with both readings.
   */
  add({ name, profile, isMetadata }: ProfiledFile): FileProfile {
    normaliseFields(
      profile.fields.map(({ field }) => field),
      name,
    )
    const open: OpenColumn[] = []
    const fields = profile.fields.map((field) =>
      this.#decide(field, (ambiguity) => open.push({ name, field, ambiguity })),
    )
    if (open.length > 0) throw ambiguous(open)
    for (const field of fields) this.#addField(field, isMetadata)
    return { ...profile, fields, ...textWith(profile, fields) }
  }

  /** The columns so far, those declared and not seen at the end. */
  get columns(): readonly Column[] {
    const missing = this.#declared.columns.filter((column) => !this.#columns.has(column.name))
    return [...this.#columns.values(), ...missing]
  }

  /** Whether no column rests on a sample. */
  get isTyped(): boolean {
    return this.#isTyped
  }

  #noteWritten(fields: readonly FieldProfile[]): void {
    for (const { field, format } of fields) {
      if (format === undefined) continue
      const name = normaliseName(field)
      this.#written.set(name, [...(this.#written.get(name) ?? []), format])
    }
  }

  #decide(field: FieldProfile, leaveOpen: (ambiguity: Ambiguity) => void): FieldProfile {
    const { ambiguity } = field
    if (ambiguity === undefined) return field
    const written = this.#written.get(normaliseName(field.field)) ?? []
    const fitting = ambiguity.readings.filter(({ format }) =>
      written.some((known) => isSameWriting(known, format)),
    )
    const [reading] = fitting
    if (reading !== undefined && fitting.length === 1)
      return { field: field.field, type: reading.type, format: reading.format }
    leaveOpen(ambiguity)
    return field
  }

  #addField(found: FieldProfile, isMetadata: boolean): void {
    const { columns, contract } = this.#declared
    const declared = declaredColumn(columns, found.field)
    if (declared !== undefined) {
      this.#columns.set(declared.name, { ...declared, field: found.field })
      return
    }
    if (columns.length > 0 && contract.columns !== 'evolve') return
    this.#isTyped &&= isMetadata
    const name = normaliseName(found.field)
    const other = this.#columns.get(name)
    const type = found.type ?? other?.type ?? { kind: 'text' }
    this.#columns.set(name, {
      name,
      ...(name === found.field ? {} : { field: found.field }),
      type: other === undefined || other.isUnseen === true ? type : widerType(other.type, type),
      ...(found.type === undefined && (other === undefined || other.isUnseen === true)
        ? { isUnseen: true }
        : {}),
    })
  }
}

interface OpenColumn {
  readonly name: string
  readonly field: FieldProfile
  readonly ambiguity: Ambiguity
}

/** The text format with what was decided for each column. */
function textWith(profile: FileProfile, fields: readonly FieldProfile[]): Pick<FileProfile, 'text'> {
  if (profile.text === undefined) return {}
  const formats = fields.flatMap(({ field, format }) =>
    format === undefined ? [] : [[field, format] as const],
  )
  const columns = { ...Object.fromEntries(formats), ...profile.text.columns }
  return { text: { ...profile.text, ...(Object.keys(columns).length === 0 ? {} : { columns }) } }
}

function isSameWriting(a: WrittenFormat, b: WrittenFormat): boolean {
  return (
    a.dateFormat === b.dateFormat &&
    a.timestampFormat === b.timestampFormat &&
    (a.decimalSeparator ?? '.') === (b.decimalSeparator ?? '.')
  )
}

function ambiguous(open: readonly OpenColumn[]): CaudalError {
  const [first] = open
  const each = open.map(({ name, field, ambiguity: { value, line, readings } }) => {
    const means = readings.map((reading) => `${reading.means} (${settingOf(reading)})`).join(' or ')
    return `${name}, line ${line}, column \`${field.field}\`: "${value}" is ${means}, and no value of the column decides`
  })
  const setting = first?.ambiguity.readings[0] === undefined ? '' : settingOf(first.ambiguity.readings[0])
  return new CaudalError({
    code: 'CAUDAL_FILE_AMBIGUOUS',
    message: `${each.join('; ')}. Nothing of it was loaded.`,
    hint: `Say in the stream how it is written, for the whole file: text: { ${setting} }, or for the column: text: { columns: { ${JSON.stringify(first?.field.field ?? '')}: { ${setting} } } }.`,
    context: {
      columns: open.map(({ name, field, ambiguity }) => ({
        file: name,
        column: field.field,
        line: ambiguity.line,
        value: ambiguity.value,
        readings: ambiguity.readings.map(({ means }) => means),
      })),
    },
  })
}

function settingOf({ format }: Reading): string {
  return Object.entries(format)
    .map(([name, value]) => `${name}: '${String(value)}'`)
    .join(', ')
}
