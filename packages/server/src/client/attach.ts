import type { OwnerService, RunRequest, RunService } from '@caudal/engine'
import {
  CaudalError,
  protocolVersion,
  type ColumnChunk,
  type ErrorReport,
  type PushEvent,
} from '@caudal/spec'
import type { hc } from 'hono/client'
import type { ApiType } from '../api.ts'
import { attachHeaders } from '../attach-request.ts'
import { readEvents } from './event-reader.ts'
import { readLines } from './lines.ts'
import { socketFetch } from './socket-fetch.ts'

/** To whom a command attaches, and as what. */
export interface AttachOptions {
  /** From {@link findSocket}. */
  readonly socketPath: string
  readonly target: string
  /** Absolute path of the project that this process has loaded. */
  readonly projectPath: string
  readonly fingerprint: string
}

/** The owner as the attached process sees it: the same verbs as in the owner process itself. */
export interface AttachedOwner extends Pick<OwnerService, 'target' | 'runs' | 'status' | 'graph' | 'query'> {
  readonly pid: number
  /** Where it serves the console; absent when it does not. */
  readonly url?: string
  /** Fingerprint of the version that the owner has loaded. */
  readonly fingerprint: string
  /** Calls the listener for every event from now on. @returns a function that ends it. */
  subscribe(listener: (event: PushEvent) => void): () => void
  /** Resolves when the owner has ended, or this process has detached. */
  readonly ended: Promise<void>
  /** Ends the attachment; runs that this process started go on. */
  detach(): void
}

type Client = ReturnType<typeof hc<ApiType>>

/**
 * Attaches to the owner of a warehouse. While attached, the owner stays.
 * @throws CaudalError `CAUDAL_ATTACH_PROTOCOL`, `CAUDAL_ATTACH_TARGET`, `CAUDAL_OWNER_GONE` (nobody answers any more).
 */
export async function attach(options: AttachOptions): Promise<AttachedOwner> {
  const call = ownerFetch(options)
  const { hc } = await import('hono/client')
  const client = hc<ApiType>('http://localhost', { fetch: call })
  const leave = new AbortController()
  const stream = await call('http://localhost/api/v1/attach', { signal: leave.signal })
  const events = readEvents(stream.body ?? new ReadableStream())
  const first = await events.next()
  if (first.done === true) throw ownerGone(options.socketPath)
  const hello = JSON.parse(first.value.data) as { pid: number; fingerprint: string; url: string | null }
  const listeners = new Set<(event: PushEvent) => void>()
  const ended = (async () => {
    try {
      for await (const { data } of events) {
        const event = JSON.parse(data) as PushEvent
        for (const listener of listeners) listener(event)
      }
    } catch {
      // The connection broke: the owner has ended, or this process has detached.
    }
  })()
  return {
    pid: hello.pid,
    fingerprint: hello.fingerprint,
    ...(hello.url === null ? {} : { url: hello.url }),
    target: options.target,
    runs: attachedRuns(client),
    status: async () => (await client.api.v1.status.$get()).json(),
    graph: async () => (await client.api.v1.graph.$get()).json(),
    query: (sql, parameters, signal) => query(call, sql, parameters, signal),
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    ended,
    detach: () => leave.abort(),
  }
}

function attachedRuns({ api }: Client): RunService {
  const { runs } = api.v1
  return {
    plan: async (request) => (await api.v1.plan.$get({ query: planQuery(request) })).json(),
    start: async (request) => (await runs.$post({ json: request })).json(),
    cancel: async (id) => {
      const answer = await runs[':id'].cancel.$post({ param: { id }, json: {} })
      return (await answer.json()).isCancelled
    },
    list: async (limit, before) => {
      const page = { limit: String(limit), ...(before === undefined ? {} : { before }) }
      return (await runs.$get({ query: page })).json()
    },
    get: async (id) => (await runs[':id'].$get({ param: { id } })).json(),
    schedules: async () => (await api.v1.schedules.$get()).json(),
  }
}

function planQuery(request: RunRequest): Parameters<Client['api']['v1']['plan']['$get']>[0]['query'] {
  return {
    select: [...request.select],
    ...(request.full === undefined ? {} : { full: request.full ? 'true' : 'false' }),
    ...(request.skipSources === undefined ? {} : { skipSources: request.skipSources ? 'true' : 'false' }),
    ...request.interval,
  }
}

async function* query(
  call: typeof fetch,
  sql: string,
  parameters: Parameters<OwnerService['query']>[1],
  signal: AbortSignal,
): AsyncGenerator<ColumnChunk, void, void> {
  const answer = await call('http://localhost/api/v1/query', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ sql, parameters }),
    signal,
  })
  for await (const text of readLines(answer.body ?? new ReadableStream())) {
    const line = JSON.parse(text) as { chunk?: ColumnChunk; end?: true; error?: ErrorReport }
    if (line.end === true) return
    if (line.error !== undefined) throw CaudalError.fromReport(line.error)
    if (line.chunk !== undefined) yield line.chunk
  }
  throw new CaudalError({
    code: 'CAUDAL_OWNER_GONE',
    message:
      'The process that owns the warehouse ended in the middle of the answer: the rows so far are not all.',
    hint: 'Run the command again.',
    retryable: true,
  })
}

/** Calls the owner; an answer that is an error is thrown as the error that the owner had. */
function ownerFetch(options: AttachOptions): typeof fetch {
  const call = socketFetch(options.socketPath, {
    [attachHeaders.protocol]: String(protocolVersion),
    [attachHeaders.target]: options.target,
    [attachHeaders.fingerprint]: options.fingerprint,
    [attachHeaders.projectPath]: encodeURIComponent(options.projectPath),
  })
  return async (input, init) => {
    const answer = await call(input, init).catch((cause: unknown) => {
      if (cause instanceof Error && 'code' in cause && cause.code !== 'ABORT_ERR') {
        throw ownerGone(options.socketPath, cause)
      }
      throw cause
    })
    if (answer.ok) return answer
    throw CaudalError.fromReport((await answer.json()) as ErrorReport)
  }
}

function ownerGone(socketPath: string, cause?: unknown): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_OWNER_GONE',
    message: `The process that owned the warehouse does not answer on ${socketPath}: it has ended.`,
    hint: 'Run the command again: it becomes the owner itself.',
    retryable: true,
    context: { socketPath },
    ...(cause === undefined ? {} : { cause }),
  })
}
