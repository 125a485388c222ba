import { parseJsonPath, scalarText, valueAt, type LosslessJson } from '@caudal/http'
import { CaudalError, type NdjsonPayload, type Operation, type RowsPayload } from '@caudal/spec'
import type { RestStream } from '../rest-stream.ts'
import type { WalkedPage } from '../walk/walk.ts'
import type { JsonRecord } from './records-page.ts'

/** The records of a page that are kept, as lines; as rows where some of them say that they are deleted. */
export function payloadOf(
  stream: RestStream,
  { page, extra }: WalkedPage,
  kept: readonly boolean[] | undefined,
): NdjsonPayload | RowsPayload {
  if (extra !== undefined) refuseTaken(stream, page.records, Object.keys(extra))
  const operations = operationsOf(stream, page.records)
  if (operations === undefined) return page.lines(kept, extra)
  const isKept = (index: number): boolean => kept === undefined || kept[index] === true
  return {
    kind: 'rows',
    rows: page.records.filter((_, index) => isKept(index)).map((record) => ({ ...record, ...extra })),
    operations: operations.filter((_, index) => isKept(index)),
  }
}

/** What happens to each record's key; `undefined` when all have values. */
function operationsOf(stream: RestStream, records: readonly JsonRecord[]): readonly Operation[] | undefined {
  const { deleted } = stream.options
  if (deleted === undefined) return undefined
  const path = parseJsonPath(deleted.field)
  const operations = records.map((record): Operation => {
    const value = valueAt(record as LosslessJson, path)
    if (deleted.equals !== undefined)
      return scalarText(value) === String(deleted.equals) ? 'delete' : 'upsert'
    return value === undefined || value === null || value === false || value === '' ? 'upsert' : 'delete'
  })
  return operations.includes('delete') ? operations : undefined
}

function refuseTaken(stream: RestStream, records: readonly JsonRecord[], names: readonly string[]): void {
  const taken = names.find((name) => records.some((record) => Object.hasOwn(record, name)))
  if (taken === undefined) return
  throw new CaudalError({
    code: 'CAUDAL_REST_INCLUDE_TAKEN',
    message: `The records of \`${stream.name}\` have a field \`${taken}\` of their own, which \`parent.include\` would overwrite.`,
    hint: `Name it otherwise: include: { parent_${taken}: '…' }.`,
    context: { stream: stream.name, field: taken },
  })
}
