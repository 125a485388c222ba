import {
  formatColumnType,
  parseColumnType,
  type Column,
  type ErrorReport,
  type StreamDescription,
} from '@caudal/spec'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'

/** A stream as it is recorded. */
export interface RecordedStream extends StreamDescription {
  /** The code declared it then: one that it declares no more is gone. */
  readonly isDeclared?: true
}

/** A source's discovered schema as it is committed with the project: types as text, a line per column. */
interface SchemaFile {
  readonly format: 1
  readonly streams: readonly (Omit<RecordedStream, 'columns'> & {
    readonly columns: readonly (Omit<Column, 'type'> & { readonly type: string })[]
  })[]
}

/** Reads `schemas/<source>.json`; `undefined` when there is no such file; a broken one is a problem. */
export async function readRecordedSchema(
  projectPath: string,
  source: string,
  problems: ErrorReport[],
): Promise<readonly RecordedStream[] | undefined> {
  const file = `schemas/${source}.json`
  let text: string
  try {
    text = await readFile(path.join(projectPath, file), 'utf8')
  } catch {
    return undefined
  }
  try {
    return parseSchema(JSON.parse(text))
  } catch (error) {
    problems.push({
      code: 'CAUDAL_SCHEMA_FILE',
      message: `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}. Nothing is known of the streams of \`${source}\`.`,
      hint: 'Write it anew: caudal typegen.',
      retryable: false,
      context: { file },
    })
    return []
  }
}

/** Writes `schemas/<source>.json`. @returns whether it changed. */
export async function writeRecordedSchema(
  projectPath: string,
  source: string,
  streams: readonly RecordedStream[],
): Promise<boolean> {
  const file = path.join(projectPath, 'schemas', `${source}.json`)
  const text = formatSchema(streams)
  const before = await readFile(file, 'utf8').catch(() => undefined)
  if (before === text) return false
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(file, text)
  return true
}

/** The sources that `schemas/` records. */
export async function recordedSources(projectPath: string): Promise<readonly string[]> {
  const entries = await readdir(path.join(projectPath, 'schemas')).catch(() => [])
  return entries
    .filter((entry) => entry.endsWith('.json'))
    .map((entry) => path.basename(entry, '.json'))
    .toSorted()
}

/** Removes the record of a source that left the project. */
export async function removeRecordedSchema(projectPath: string, source: string): Promise<void> {
  await rm(path.join(projectPath, 'schemas', `${source}.json`), { force: true })
}

function parseSchema(file: unknown): readonly RecordedStream[] {
  if (!isRecord(file))
    throw new Error(`it holds ${kindOf(file)} where an object with format and streams belongs`)
  const { format, streams } = file as unknown as SchemaFile
  if (format !== 1) {
    throw new Error(
      format === undefined
        ? 'it names no format, so Caudal did not write it'
        : `its format is ${JSON.stringify(format)}, and this release reads format 1`,
    )
  }
  if (!Array.isArray(streams)) throw new Error(`\`streams\` is ${kindOf(streams)} where a list belongs`)
  return streams.map(parseStream)
}

function parseStream(given: unknown, index: number): RecordedStream {
  if (!isRecord(given) || typeof given['name'] !== 'string')
    throw new Error(`stream ${index + 1} has no name`)
  const { columns, ...stream } = given as unknown as SchemaFile['streams'][number]
  if (!Array.isArray(columns))
    throw new Error(`the columns of ${stream.name} are ${kindOf(columns)} where a list belongs`)
  return { ...stream, columns: columns.map((column, at) => parseColumn(stream.name, column, at)) }
}

function parseColumn(stream: string, given: unknown, index: number): Column {
  if (!isRecord(given) || typeof given['name'] !== 'string')
    throw new Error(`column ${index + 1} of ${stream} has no name`)
  const { type: written, ...column } = given as unknown as SchemaFile['streams'][number]['columns'][number]
  const type = typeof written === 'string' ? parseColumnType(written) : undefined
  if (type === undefined) {
    throw new Error(
      `${stream}.${column.name} has the type ${JSON.stringify(written)}, which is none: types are written like "text" and "decimal(18,2)"`,
    )
  }
  return { ...column, type }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'missing'
  if (value === null) return 'null'
  return Array.isArray(value) ? 'a list' : `${/^[aeiou]/.test(typeof value) ? 'an' : 'a'} ${typeof value}`
}

/** Streams in the order of their names, so that the same source always gives the same text. */
function formatSchema(streams: readonly RecordedStream[]): string {
  const sorted = streams.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  return `{\n  "format": 1,\n  "streams": [\n${sorted.map(formatStream).join(',\n')}\n  ]\n}\n`
}

function formatStream({ columns, ...facts }: RecordedStream): string {
  const heads = Object.entries(facts).map(([key, value]) => `      "${key}": ${onOneLine(value)},\n`)
  const lines = columns.map(
    ({ name, type, ...more }) => `\n        ${onOneLine({ name, type: formatColumnType(type), ...more })}`,
  )
  const end = lines.length === 0 ? ']' : '\n      ]'
  return `    {\n${heads.join('')}      "columns": [${lines.join(',')}${end}\n    }`
}

/** JSON with the blanks that a reader expects. */
function onOneLine(value: unknown): string {
  return JSON.stringify(value).replaceAll(/"(?:[^"\\]|\\.)*"|[{}:,]/g, (part) => {
    if (part === '{') return '{ '
    if (part === '}') return ' }'
    return part === ':' || part === ',' ? `${part} ` : part
  })
}
