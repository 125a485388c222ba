import { responseJson, scalarText, parseJsonPath, valueAt, valuesAt, type Quota } from '@caudal/http'
import { CaudalError, type SourceCheck, type StreamCheck } from '@caudal/spec'
import type { Connection } from './connection.ts'
import { countRecords } from './count-records.ts'
import type { RestOptions } from './options.ts'
import { countIn } from './paginate/paginator.ts'
import type { RestStream } from './rest-stream.ts'
import { walkStream } from './walk/walk-children.ts'

/** Asks for the first page of every stream and for the account: what the token may read, how much there is, and how long it will take. */
export async function checkSource(
  connection: Connection,
  streams: readonly RestStream[],
  { account, rateLimit }: RestOptions,
  signal: AbortSignal,
): Promise<SourceCheck> {
  const who = account === undefined ? {} : await askAccount(connection, account, signal)
  const probes: StreamProbe[] = []
  for (const stream of streams) probes.push(await probe(connection, stream, signal))
  const quota = formatQuota(connection.http.quota, rateLimit)
  const seconds = probes.map((found) => found.seconds)
  const isKnown = seconds.length > 0 && seconds.every((value) => value !== undefined)
  return {
    ...who,
    ...(quota === undefined ? {} : { quota }),
    ...(isKnown
      ? { estimatedSeconds: Math.ceil(seconds.reduce((sum: number, value) => sum + (value ?? 0), 0)) }
      : {}),
    streams: probes.map((found) => found.check),
  }
}

async function askAccount(
  connection: Connection,
  account: NonNullable<RestOptions['account']>,
  signal: AbortSignal,
): Promise<Pick<SourceCheck, 'account' | 'scopes'>> {
  const where = `${connection.source}, account`
  const request = { url: account.path, where, query: connection.paramsFor(undefined), signal }
  const body = await connection.http.request(request, responseJson)
  const name =
    account.field === undefined ? undefined : scalarText(valueAt(body, parseJsonPath(account.field)))
  const scopes =
    account.scopes === undefined
      ? undefined
      : valuesAt(body, parseJsonPath(account.scopes))
          .flat()
          .flatMap((scope) => scalarText(scope)?.split(/[\s,]+/) ?? [])
  return { ...(name === undefined ? {} : { account: name }), ...(scopes === undefined ? {} : { scopes }) }
}

interface StreamProbe {
  readonly check: StreamCheck
  readonly seconds?: number
}

async function probe(connection: Connection, stream: RestStream, signal: AbortSignal): Promise<StreamProbe> {
  try {
    const counted = await countRecords(connection, stream, signal)
    const startedMs = connection.now()
    const first = await firstPage(connection, stream, signal)
    const { readAhead = 1 } = stream.paginator
    const pageMs = Math.max((connection.now() - startedMs) / readAhead, connection.http.intervalMs)
    const records = counted ?? first?.total
    const pages =
      records === undefined || first === undefined ? undefined : records / Math.max(1, first.records)
    return {
      check: { stream: stream.name, isReadable: true, ...(records === undefined ? {} : { records }) },
      ...(pages === undefined ? {} : { seconds: (Math.ceil(pages) * pageMs) / 1000 }),
    }
  } catch (thrown) {
    signal.throwIfAborted()
    if (!CaudalError.isInstance(thrown)) throw thrown
    return { check: { stream: stream.name, isReadable: false, note: thrown.message } }
  }
}

async function firstPage(
  connection: Connection,
  stream: RestStream,
  signal: AbortSignal,
): Promise<{ readonly records: number; readonly total: number | undefined } | undefined> {
  const { paginate } = stream.options
  for await (const { page, next } of walkStream(connection, stream, { params: {}, signal })) {
    const { length } = page.records
    const said = paginate?.kind === 'offset' ? countIn(page, paginate.total) : undefined
    return {
      records: length,
      total: said ?? (next === undefined && stream.parent === undefined ? length : undefined),
    }
  }
  return undefined
}

function formatQuota(quota: Quota | undefined, rateLimit: RestOptions['rateLimit']): string | undefined {
  if (quota?.remaining !== undefined) {
    const of = quota.limit === undefined ? '' : ` of ${quota.limit}`
    const resets =
      quota.resetsInMs === undefined ? '' : `, renewed in ${Math.ceil(quota.resetsInMs / 1000)} s`
    return `${quota.remaining}${of} calls left${resets}`
  }
  if (quota?.limit !== undefined) return `${quota.limit} calls`
  if (rateLimit === undefined) return undefined
  return `${rateLimit.requests} calls per ${rateLimit.perSeconds ?? 1} s by rateLimit`
}
