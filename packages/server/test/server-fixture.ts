import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { createLogger, readEvents, serve, type RunningServer, type ServeOptions } from '@caudal/server'
import type { PushEvent } from '@caudal/spec'
import { FakeService } from './fake-service.ts'

/** A served fake. */
export interface Served {
  readonly service: FakeService
  readonly server: RunningServer
  /** Origin of the port. */
  readonly url: string
  readonly socketPath: string
}

/** An empty folder that is removed after the test. */
function freshFolder(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'caudal-server-'))
  context.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Serves a fake on a free port and a unix socket; both end with the test. */
export async function serveFake(context: TestContext, options: Partial<ServeOptions> = {}): Promise<Served> {
  const service = new FakeService()
  const socketPath = join(freshFolder(context), 'run', 'owner.sock')
  const log = createLogger({ level: 'silent' })
  const server = await serve({ service, port: 0, socketPath, log, drainMs: 500, ...options })
  context.after(() => server.close())
  return { service, server, url: server.url ?? '', socketPath }
}

/** An event that a client received. */
interface Received {
  readonly event: PushEvent
  readonly id: number | undefined
  readonly at: number
}

/** A browser's `EventSource` in small: what was received, and waiting for what is to come. */
export interface LiveClient {
  readonly received: readonly Received[]
  /** Resolves with the first event, received before or later, that the test accepts. */
  until(accept: (event: PushEvent, received: Received) => boolean): Promise<Received>
  readonly lastId: () => number | undefined
  readonly ended: Promise<void>
  close(): void
}

/** Opens the live push. */
export async function openLive(
  context: TestContext,
  url: string,
  query: Readonly<Record<string, string>>,
  lastEventId?: number,
): Promise<LiveClient> {
  const abort = new AbortController()
  context.after(() => abort.abort())
  const answer = await fetch(`${url}/api/v1/live?${new URLSearchParams(query)}`, {
    signal: abort.signal,
    ...(lastEventId === undefined ? {} : { headers: { 'last-event-id': String(lastEventId) } }),
  })
  if (!answer.ok || answer.body === null) throw new Error(`${answer.status} ${await answer.text()}`)
  const received: Received[] = []
  const waiting = new Set<() => void>()
  const ended = (async () => {
    try {
      for await (const { data, id } of readEvents(answer.body as ReadableStream<Uint8Array>)) {
        const event = JSON.parse(data) as PushEvent
        received.push({ event, id: id === undefined ? undefined : Number(id), at: performance.now() })
        for (const check of waiting) check()
      }
    } catch {
      if (!abort.signal.aborted) console.error('the stream broke')
    }
  })()
  return {
    received,
    until: (accept) =>
      new Promise((resolve) => {
        let next = 0
        const check = (): void => {
          for (; next < received.length; next++) {
            const one = received[next]
            if (one === undefined || !accept(one.event, one)) continue
            waiting.delete(check)
            resolve(one)
            return
          }
        }
        waiting.add(check)
        check()
      }),
    lastId: () => received.findLast((one) => one.id !== undefined)?.id,
    ended,
    close: () => abort.abort(),
  }
}

/** The value that a number tile's event carries; `undefined` for any other event. */
export function numberOf(event: PushEvent, tile: string): string | null | undefined {
  if (event.kind !== 'tile' || event.answer.tile !== tile || event.answer.state !== 'ready') return undefined
  return event.answer.data.kind === 'number' ? event.answer.data.value : undefined
}
