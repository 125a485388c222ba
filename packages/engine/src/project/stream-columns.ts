import {
  formatColumnType,
  normaliseName,
  type Column,
  type ErrorReport,
  type SourceDefinition,
  type StreamDeclaration,
} from '@caudal/spec'
import type { RecordedStream } from './recorded-schema.ts'

/**
 * The columns of a stream as models may rely on them: a complete declaration holds; else the recorded ones, of which the declaration
 * decides those that it names.
 */
export function streamColumns(
  declared: StreamDeclaration | undefined,
  recorded: readonly Column[] | undefined,
): readonly Column[] {
  const named = (columns: readonly Column[] = []): Column[] =>
    columns.map((column) => ({ ...column, name: normaliseName(column.name) }))
  if (declared?.isTyped === true) return named(declared.columns)
  const columns = new Map(named(recorded).map((column) => [column.name, column]))
  for (const column of named(declared?.columns))
    columns.set(column.name, { ...columns.get(column.name), ...column })
  return [...columns.values()]
}

/** What `schemas/<source>.json` says otherwise than the project's code; `recorded` is absent when there is no such file. */
export function staleSchemas(
  source: string,
  { streams }: SourceDefinition,
  recorded: readonly RecordedStream[] | undefined,
): readonly ErrorReport[] {
  const file = `schemas/${source}.json`
  if (recorded === undefined) return [stale(file, 'is not there: the columns of the source are not recorded')]
  const gone = recorded.filter(({ name, isDeclared }) => isDeclared === true && streams[name] === undefined)
  const differing = Object.entries(streams).flatMap(([name, declared]) => {
    const known = recorded.find((stream) => stream.name === name)
    if (known === undefined)
      return [stale(file, `does not know the stream \`${name}\` that the code declares`)]
    const differences = columnDifferences(known.columns, streamColumns(declared, known.columns))
    return differences.length === 0
      ? []
      : [stale(file, `and the code differ about \`${name}\`: ${differences.join(', ')}`)]
  })
  return [
    ...differing,
    ...gone.map(({ name }) => stale(file, `records the stream \`${name}\`, which the code declares no more`)),
  ]
}

/** Records of sources that the project does not have. */
export function leftOverSchemas(sources: readonly string[]): readonly ErrorReport[] {
  return sources.map((name) =>
    stale(`schemas/${name}.json`, 'records a source that the project does not have'),
  )
}

/** What changed from one list of columns to the other, in words. */
function columnDifferences(before: readonly Column[], after: readonly Column[]): readonly string[] {
  const old = new Map(before.map((column) => [column.name, column]))
  const now = new Map(after.map((column) => [column.name, column]))
  return [
    ...before.filter(({ name }) => !now.has(name)).map((column) => `\`${column.name}\` is gone`),
    ...after.flatMap((column) => {
      const type = formatColumnType(column.type)
      const known = old.get(column.name)
      if (known === undefined) return [`\`${column.name}\` is new (${type})`]
      const was = formatColumnType(known.type)
      if (was !== type) return [`\`${column.name}\` was ${was} and is ${type}`]
      const isLooser = known.nullable === false && column.nullable !== false
      return isLooser ? [`\`${column.name}\` may be null`] : []
    }),
  ]
}

function stale(file: string, what: string): ErrorReport {
  return {
    code: 'CAUDAL_SCHEMA_STALE',
    message: `${file} ${what}.`,
    hint: 'Record the schemas again and commit them: caudal typegen.',
    retryable: false,
    context: { file },
  }
}
