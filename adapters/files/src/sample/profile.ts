import type { ColumnType, TextFormat, WrittenFormat } from '@caudal/spec'
import type { Ambiguity } from './evidence.ts'

/** What one file says of its columns. */
export interface FileProfile {
  /** Fields in their order. */
  readonly fields: readonly FieldProfile[]
  /** How the text is written, found out or declared; absent for files that are not delimited text. */
  readonly text?: TextFormat
}

/** One field of a file. */
export interface FieldProfile {
  readonly field: string
  /** Absent: no value was seen, or it can be read in two ways. */
  readonly type?: ColumnType
  /** How its values are written, where that is not the default. */
  readonly format?: WrittenFormat
  readonly ambiguity?: Ambiguity
}
