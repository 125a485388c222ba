import type { CaudalError } from '@caudal/spec'
import type { FileRead, ReadInput } from '../file/read.ts'

/** Inside a commit: a file could not be read in one typed pass. Never leaves the adapter. */
export class MisfitError extends Error {
  readonly table: number
  readonly input: ReadInput
  /** Absent when the file could not even be looked at. */
  readonly read: FileRead | undefined
  /** What the user is told when the careful path does not help either. */
  readonly unreadable: CaudalError

  constructor(table: number, input: ReadInput, read: FileRead | undefined, unreadable: CaudalError) {
    super(unreadable.message)
    this.table = table
    this.input = input
    this.read = read
    this.unreadable = unreadable
  }
}
