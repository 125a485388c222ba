import { parseJsonWithSources, type LosslessJson } from '@caudal/http'
import { CaudalError } from '@caudal/spec'
import type { Compression } from '../find/kind.ts'
import { JsonEvidence } from './json-evidence.ts'
import { cutElements } from './json-elements.ts'
import { readPieces } from './pieces.ts'
import type { FileProfile } from './profile.ts'

/** What is known of a JSON file before it is looked at. */
export interface JsonQuestion {
  readonly path: string
  readonly name: string
  readonly compression: Compression | undefined
  /** What the project says that it is; `undefined`: the content decides. */
  readonly declared: 'json' | 'ndjson' | undefined
}

/** A JSON file looked at. */
export interface JsonProfile extends FileProfile {
  readonly format: 'json' | 'ndjson'
}

/**
 * Looks at a JSON file: whether it is one array or a line for each record, and the types of the fields in the sample.
 * @throws CaudalError `CAUDAL_FILE_NOT_JSON` (HTML, other text), `CAUDAL_FILE_JSON_SHAPE` (an array where lines were declared).
 */
export async function profileJson(question: JsonQuestion): Promise<JsonProfile> {
  const { head, isWhole, others } = await readPieces(question.path, question.name, question.compression)
  const text = new TextDecoder().decode(head, { stream: !isWhole })
  const start = text.trimStart()
  if (start !== '' && !/^[[{]/.test(start)) throw notJson(question, text, start)
  const format = start.startsWith('[') ? 'json' : (question.declared ?? formatOfObjects(start, isWhole))
  if (question.declared === 'ndjson' && format === 'json') throw isArray(question)
  const records =
    format === 'ndjson'
      ? [text, ...others.map((piece) => dropFirstLine(piece))].flatMap((part) => linesOf(part, isWhole))
      : cutElements(start)
  const fields = new Map<string, JsonEvidence>()
  for (const record of records) noteRecord(fields, parse(record))
  return {
    format,
    fields: [...fields].map(([field, evidence]) => {
      const { type } = evidence
      return { field, ...(type === undefined ? {} : { type }) }
    }),
  }
}

function noteRecord(fields: Map<string, JsonEvidence>, record: LosslessJson | undefined): void {
  if (typeof record !== 'object' || record === null || Array.isArray(record)) return
  for (const [field, value] of Object.entries(record)) {
    let evidence = fields.get(field)
    if (evidence === undefined) fields.set(field, (evidence = new JsonEvidence()))
    evidence.note(value as LosslessJson)
  }
}

/** Objects one per line, or one object over several lines. */
function formatOfObjects(start: string, isWhole: boolean): 'json' | 'ndjson' {
  if (start === '') return 'ndjson'
  const end = start.indexOf('\n')
  const first = end === -1 ? start : start.slice(0, end)
  if (end === -1 && !isWhole) return 'ndjson'
  return parse(first) === undefined ? 'json' : 'ndjson'
}

function linesOf(text: string, isWhole: boolean): string[] {
  const lines = text.split('\n')
  return (isWhole ? lines : lines.slice(0, -1)).filter((line) => line.trim() !== '')
}

function dropFirstLine(piece: Buffer): string {
  return piece.subarray(piece.indexOf(10) + 1).toString()
}

function parse(text: string): LosslessJson | undefined {
  try {
    return parseJsonWithSources(text)
  } catch {
    return undefined
  }
}

function notJson({ name }: JsonQuestion, text: string, start: string): CaudalError {
  const line = text.slice(0, text.length - start.length).split('\n').length
  const isPage = /^<(!doctype|html|\?xml|[a-z])/i.test(start)
  const title = /<title[^>]*>([^<]{1,120})/i.exec(start)?.[1]?.trim()
  const what = isPage
    ? `the file is a page of HTML or XML${title === undefined ? '' : ` ("${title}")`}, not JSON`
    : `the file is no JSON: it starts with ${JSON.stringify(start.slice(0, 40))}`
  return new CaudalError({
    code: 'CAUDAL_FILE_NOT_JSON',
    message: `${name}, line ${line}: ${what}. Nothing of it was loaded.`,
    hint: isPage
      ? 'A page like this is often a login or an error page that was saved in place of the export: fetch the file again.'
      : "Check the file, or say what it is in the stream: format: 'csv'.",
    context: { file: name, line },
  })
}

function isArray({ name }: JsonQuestion): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_FILE_JSON_SHAPE',
    message: `${name}, line 1: the file is one JSON array, and the stream says format: 'ndjson' (one object on each line). Nothing of it was loaded.`,
    hint: "Say format: 'json', or leave the format out.",
    context: { file: name, line: 1 },
  })
}
