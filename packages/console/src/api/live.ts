import type { PushEvent } from '@caudal/spec'
import { useEffect, useEffectEvent, useSyncExternalStore } from 'react'

/** `paused`: the tab is hidden, nothing is pushed to it. */
export type LiveState = 'connecting' | 'live' | 'lost' | 'paused'

const hiddenForMs = 20_000
const retryMs = 2000
const eventKinds: readonly PushEvent['kind'][] = ['commit', 'tile', 'run', 'progress', 'project']
const listeners = new Set<() => void>()
let state: LiveState = 'connecting'

function setState(next: LiveState): void {
  state = next
  for (const listener of listeners) listener()
}

/** The state of the push connection. */
export function useLiveState(): LiveState {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => state,
  )
}

/** What a page listens to. */
export interface LiveRequest {
  /** Changes when the page listens to something else; `undefined`: not yet. */
  readonly key: string | undefined
  /** The address to connect to now. */
  address(): string
  onEvent(event: PushEvent): void
  /** A connection stands. */
  onOpen(): void
}

/**
 * Keeps a push connection while the component is mounted and the tab is seen. After a cut the browser connects again by itself and names
 * the last event it saw; where it gives up (the server answered with an error), this does.
 */
export function useLive(request: LiveRequest): void {
  const address = useEffectEvent(() => request.address())
  const onEvent = useEffectEvent((event: PushEvent) => request.onEvent(event))
  const onOpen = useEffectEvent(() => request.onOpen())
  useEffect(() => {
    if (request.key === undefined) return undefined
    const link = new LiveLink({
      address: () => address(),
      onEvent: (event) => onEvent(event),
      onOpen: () => onOpen(),
    })
    const onVisibility = (): void => (document.hidden ? link.restSoon() : link.resume())
    document.addEventListener('visibilitychange', onVisibility)
    return () => {
      document.removeEventListener('visibilitychange', onVisibility)
      link.close()
    }
  }, [request.key])
}

class LiveLink {
  readonly #request: Omit<LiveRequest, 'key'>
  #source: EventSource | undefined
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(request: Omit<LiveRequest, 'key'>) {
    this.#request = request
    this.#open()
  }

  restSoon(): void {
    this.#after(hiddenForMs, () => {
      this.close()
      setState('paused')
    })
  }

  resume(): void {
    clearTimeout(this.#timer)
    if (this.#source === undefined) this.#open()
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#source?.close()
    this.#source = undefined
  }

  #open(): void {
    setState('connecting')
    const source = new EventSource(this.#request.address())
    this.#source = source
    source.addEventListener('open', () => {
      setState('live')
      this.#request.onOpen()
    })
    source.addEventListener('error', () => {
      setState('lost')
      if (source.readyState !== EventSource.CLOSED) return
      this.#source = undefined
      this.#after(retryMs, () => this.#open())
    })
    const onMessage = (message: MessageEvent<string>): void =>
      this.#request.onEvent(JSON.parse(message.data) as PushEvent)
    for (const kind of ['message', ...eventKinds]) source.addEventListener(kind, onMessage as EventListener)
  }

  #after(delayMs: number, act: () => void): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(act, delayMs)
  }
}
