import { CaudalError, suggestion, type Column, type StreamDescription } from '@caudal/spec'

/**
 * What tells the records of a stream apart must be there before a load is staged: a staged load that cannot be applied would stay before
 * its source.
 * @throws CaudalError `CAUDAL_STREAM_KEY_MISSING`, `CAUDAL_STREAM_KEY_UNKNOWN`.
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
  if (unknown === undefined) return
  throw new CaudalError({
    code: 'CAUDAL_STREAM_KEY_UNKNOWN',
    message: `${where}: \`${unknown.name}\` of \`${unknown.setting}\` is none of its columns ${known.join(', ')}.${suggestion(unknown.name, known)} Nothing was loaded.`,
    hint: `Correct \`${unknown.setting}\`, or declare the column.`,
    context: { source, stream: stream.name, column: unknown.name },
  })
}
