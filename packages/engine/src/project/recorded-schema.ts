import type { ErrorReport, StreamDescription } from '@caudal/spec'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'

/** A source's discovered schema as it is committed with the project. */
interface RecordedSchema {
  readonly format: 1
  readonly streams: readonly StreamDescription[]
}

/** Reads `schemas/<source>.json`; `undefined` when there is no such file; a broken one is a problem. */
export async function readRecordedSchema(
  projectPath: string,
  source: string,
  problems: ErrorReport[],
): Promise<readonly StreamDescription[] | undefined> {
  const file = `schemas/${source}.json`
  let text: string
  try {
    text = await readFile(path.join(projectPath, file), 'utf8')
  } catch {
    return undefined
  }
  try {
    return (JSON.parse(text) as RecordedSchema).streams
  } catch (error) {
    problems.push({
      code: 'CAUDAL_SCHEMA_FILE',
      message: `${file} is not valid JSON: ${String(error)}`,
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
  streams: readonly StreamDescription[],
): Promise<boolean> {
  const file = path.join(projectPath, 'schemas', `${source}.json`)
  const recorded: RecordedSchema = { format: 1, streams }
  const text = `${JSON.stringify(recorded, null, 2)}\n`
  const before = await readFile(file, 'utf8').catch(() => undefined)
  if (before === text) return false
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(file, text)
  return true
}
