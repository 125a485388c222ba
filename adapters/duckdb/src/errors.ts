import { CaudalError, type Load } from '@caudal/spec'

/** Whether the engine refused a value or the layout of a file, rather than the machine or a constraint. */
export function isReadError(error: unknown): boolean {
  const text = error instanceof Error ? error.message : String(error)
  return /^(Conversion Error|Invalid Input Error|Out of Range Error|Not implemented Error: The Parallel CSV Reader)/.test(
    text,
  )
}

/** Whether the engine has closed the database, because it could not write what it had promised: only opening it anew helps. */
export function isInvalidated(error: unknown): boolean {
  return error instanceof Error && error.message.includes('has been invalidated')
}

/** Maps what the engine throws while writing. */
export function mapEngineError(error: unknown, what: string): CaudalError {
  const text = error instanceof Error ? error.message : String(error)
  const first = text.split('\n')[0] ?? text
  if (isInvalidated(error)) {
    const again = 'Start Caudal again: the staged loads are committed first.'
    return new CaudalError({
      code: 'CAUDAL_WAREHOUSE_CLOSED',
      message: `${what}: the warehouse could not write its file and takes nothing until it is opened again: ${first}. What was committed is safe; what was staged is kept in the lake.`,
      hint: /no space left/i.test(text) ? `The disk is full: free some space. ${again}` : again,
      retryable: true,
      cause: error,
    })
  }
  if (/no space left|disk full|could not write|failed to write/i.test(text)) {
    return new CaudalError({
      code: 'CAUDAL_WAREHOUSE_DISK_FULL',
      message: `${what}: the disk of the warehouse is full (${first}). Nothing was written; what was staged is kept.`,
      hint: 'Free some space and run again: the staged load is committed first.',
      retryable: true,
      cause: error,
    })
  }
  if (/out of memory|memory limit/i.test(text)) {
    return new CaudalError({
      code: 'CAUDAL_WAREHOUSE_MEMORY',
      message: `${what}: the warehouse ran out of memory (${first}). Nothing was written.`,
      hint: `Raise the limit: duckdb({ path, memoryLimit: '4GB' }).`,
      cause: error,
    })
  }
  return new CaudalError({
    code: 'CAUDAL_WAREHOUSE_FAILED',
    message: `${what}: the warehouse refused a statement: ${first}. Nothing was written.`,
    hint: 'The words of the engine say what it did not like: if it is not in the SQL of the project, it is a bug in Caudal.',
    cause: error,
  })
}

/**
 * What the engine says of a statement that fails however often it is tried: of its words, its names, its types, its values. What it says of
 * files, memory, the disk, a conflict or an interrupt is not among them.
 */
const refusals =
  /^(Binder|Parser|Syntax|Catalog|Conversion|Constraint|Dependency|Invalid Input|Out of Range|Mismatch Type|Not implemented) Error/

/**
 * Maps what the engine throws while loads take effect: a statement that it refuses by itself is a refusal of the load (`CAUDAL_LOAD_REFUSED`);
 * after any other failure the staged loads wait.
 */
export function mapCommitError(error: unknown, loads: readonly Load[]): CaudalError {
  const what = loads.map(({ id, source }) => `load ${id} of ${source}`).join(', ')
  const mapped = mapEngineError(error, what)
  if (mapped.code !== 'CAUDAL_WAREHOUSE_FAILED') return mapped
  const text = error instanceof Error ? error.message : String(error)
  const first = text.split('\n')[0] ?? text
  const streams = [
    ...new Set(loads.flatMap(({ source, tables }) => tables.map(({ stream }) => `${source}.${stream}`))),
  ]
  if (refusals.test(text)) {
    return new CaudalError({
      code: 'CAUDAL_LOAD_REFUSED',
      message: `${what}: the warehouse refuses a statement of the load, and would again: ${first}. Nothing was written; the load is given up and its files are kept in the lake.`,
      hint: `Mend the declaration of ${streams.join(', ')} (what changed since the table was made: disposition, key, order, columns?) and run again: the same range is read anew. If it is right, this is a bug in Caudal.`,
      context: { streams },
      cause: error,
    })
  }
  return new CaudalError({
    code: mapped.code,
    message: `${what}: the warehouse could not carry out a statement: ${first}. Nothing was written; the load stays staged.`,
    hint: `Run again when the cause is gone: the staged load is committed first. To give it up: caudal reset ${streams.join(' ')}.`,
    context: { streams },
    cause: error,
  })
}
