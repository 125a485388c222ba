import {
  CaudalError,
  formatColumnType,
  suggestion,
  type Column,
  type ColumnType,
  type StreamDescription,
} from '@caudal/spec'

/**
 * What tells the records of a stream apart must be there before a load is staged: a staged load that cannot be applied would stay before
 * its source.
 * @throws CaudalError `CAUDAL_STREAM_KEY_MISSING`, `CAUDAL_STREAM_KEY_UNKNOWN`, `CAUDAL_STREAM_HISTORY_ORDER`.
 */
export function checkKey(source: string, stream: StreamDescription, columns: readonly Column[]): void {
  const where = `${source}.${stream.name}`
  const { primaryKey, order, disposition, deletes } = stream
  const needs = ['merge', 'history'].includes(disposition)
    ? `disposition: '${disposition}'`
    : deletes === 'key sweep'
      ? `deletes: 'key sweep'`
      : undefined
  if (needs !== undefined && primaryKey.length === 0) {
    throw new CaudalError({
      code: 'CAUDAL_STREAM_KEY_MISSING',
      message: `${where} has ${needs}, which tells records apart by key, and no \`primaryKey\`. Nothing was loaded.`,
      hint: `Name what tells its records apart: primaryKey: ['id'].`,
      context: { source, stream: stream.name },
    })
  }
  if (columns.length === 0) return
  const known = columns.map(({ name }) => name)
  const named = [
    ...primaryKey.map((name) => ({ name, setting: 'primaryKey' })),
    ...(order === undefined ? [] : [{ name: order, setting: 'order' }]),
  ]
  const unknown = named.find(({ name }) => !known.includes(name))
  if (unknown === undefined) return assertHistoryOrder(source, stream, columns)
  throw new CaudalError({
    code: 'CAUDAL_STREAM_KEY_UNKNOWN',
    message: `${where}: \`${unknown.name}\` of \`${unknown.setting}\` is none of its columns ${known.join(', ')}.${suggestion(unknown.name, known)} Nothing was loaded.`,
    hint: `Correct \`${unknown.setting}\`, or declare the column.`,
    context: { source, stream: stream.name, column: unknown.name },
  })
}

/** What says when a version ended. */
const times = new Set<ColumnType['kind']>(['timestamp', 'timestamptz', 'date'])

/**
 * A history whose complete reads end the versions of what is gone needs a time to say since when. A column of which no value was seen says
 * nothing yet.
 * @throws CaudalError `CAUDAL_STREAM_HISTORY_ORDER`.
 */
export function assertHistoryOrder(
  source: string,
  stream: StreamDescription,
  columns: readonly Column[],
): void {
  const { disposition, deletes, order } = stream
  const sweeps = deletes === 'key sweep' || deletes === 'full re-sync'
  if (disposition !== 'history' || !sweeps || order === undefined) return
  const column = columns.find(({ name, isUnseen }) => name === order && isUnseen !== true)
  if (column === undefined || times.has(column.type.kind)) return
  throw new CaudalError({
    code: 'CAUDAL_STREAM_HISTORY_ORDER',
    message: `${source}.${stream.name}: its history is ordered by \`${order}\` (${formatColumnType(column.type)}), which is no time, so deletes: '${deletes}' could not say since when a record is gone. Nothing was loaded.`,
    hint: `Leave \`order\` out of the stream, so that the time of the load counts, order by a time, or keep what is gone: deletes: 'none'.`,
    context: { source, stream: stream.name, column: order },
  })
}
