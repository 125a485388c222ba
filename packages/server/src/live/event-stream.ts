import { Subscriber, type SubscriberOptions } from './subscriber.ts'

/** How an event stream is opened. */
export interface EventStreamOptions extends Omit<SubscriberOptions, 'onEvent'> {
  /** Sent before anything else. */
  readonly first?: { readonly event: string; readonly data: unknown }
  /** Silence after which a comment is sent. */
  readonly heartbeatMs: number
  /** Called when the stream has ended, for whatever reason. */
  readonly onEnd?: () => void
}

const reconnectMs = 1_000
const stalledMs = 60_000

/**
 * Server-sent events of one client. An event is made when the client takes it, so a slow client skips to the latest; one that takes
 * nothing for a minute while something waits is cut off. Ids are ledger sequence numbers: see {@link Watermark}.
 */
export function openEventStream(options: EventStreamOptions): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let wake: (() => void) | undefined
  let isEnded = false
  let takenAt = performance.now()
  const subscriber = new Subscriber({ ...options, onEvent: () => wake?.() })
  let end = (): void => undefined
  const hasEnded = (): boolean => isEnded

  const next = (): string | undefined => {
    const taken = subscriber.take()
    return taken && formatEvent(taken.event.kind, taken.event, taken.id)
  }
  const waitForEvent = (): Promise<boolean> =>
    new Promise((resolve) => {
      const heartbeat = setTimeout(() => settle(false), options.heartbeatMs)
      const settle = (isEvent: boolean): void => {
        clearTimeout(heartbeat)
        wake = undefined
        resolve(isEvent)
      }
      wake = () => settle(true)
    })

  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const stalled = setInterval(() => {
          if (wake !== undefined || subscriber.waiting === 0 || performance.now() - takenAt < stalledMs)
            return
          end()
          controller.error(new Error('The client of the event stream takes nothing'))
        }, stalledMs / 4).unref()
        const leaveHub = options.hub.enter(() => {
          end()
        })
        end = () => {
          if (isEnded) return
          isEnded = true
          clearInterval(stalled)
          leaveHub()
          subscriber.close()
          wake?.()
          options.onEnd?.()
        }
        const first = options.first && formatEvent(options.first.event, options.first.data, undefined)
        controller.enqueue(encoder.encode(`retry: ${reconnectMs}\n\n${first ?? ''}`))
      },
      async pull(controller) {
        takenAt = performance.now()
        let chunk = next()
        while (chunk === undefined && !hasEnded()) chunk = (await waitForEvent()) ? next() : ': \n\n'
        takenAt = performance.now()
        if (chunk !== undefined) controller.enqueue(encoder.encode(chunk))
        else if (isEnded) controller.close()
      },
      cancel() {
        end()
      },
    },
    { highWaterMark: 0 },
  )
}

function formatEvent(kind: string, data: unknown, id: number | undefined): string {
  return `event: ${kind}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`
}
