import { normaliseName, type Setting, type StreamDescription } from '@caudal/spec'
import type { FileStreamOptions } from './options.ts'

/** What the options alone say of a stream: all but the columns that are sampled. */
export type FileStreamDeclaration = Omit<StreamDescription, 'name' | 'columns' | 'isTyped'> &
  Partial<Pick<StreamDescription, 'columns'>>

/** The paths of a stream as a list. */
export function pathsOf(stream: FileStreamOptions): readonly Setting[] {
  return Array.isArray(stream.path) ? (stream.path as readonly Setting[]) : [stream.path as Setting]
}

/** What a stream is by its options alone, before a file was looked at. */
export function declarationOf(stream: FileStreamOptions): FileStreamDeclaration {
  const { primaryKey = [], order, columns, retentionDays, description } = stream
  return {
    ...(columns === undefined
      ? {}
      : { columns: columns.map((column) => ({ ...column, isDeclared: true as const })) }),
    primaryKey: primaryKey.map(normaliseName),
    ...(order === undefined ? {} : { order: normaliseName(order) }),
    disposition: stream.disposition ?? (primaryKey.length > 0 ? 'merge' : 'append'),
    deletes: stream.deletes ?? 'none',
    contract: { columns: 'evolve', types: 'evolve', ...stream.contract },
    ...(retentionDays === undefined ? {} : { retentionDays }),
    ...(description === undefined ? {} : { description }),
  }
}
