import { CaudalError, toErrorReport, type ErrorReport } from '@caudal/spec'
import type { EventEmitter } from 'node:events'

/** One end of a pipe between two processes: `process` in a worker, the child in its owner. */
export interface Pipe extends EventEmitter {
  send?(message: unknown): boolean
}

/** Functions that one side offers to the other: plain data in, plain data out. */
export type Service = Readonly<Record<string, (argument: never, signal: AbortSignal) => Promise<unknown>>>

type Message =
  | { readonly kind: 'call'; readonly id: number; readonly name: string; readonly argument: unknown }
  | { readonly kind: 'result'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly error: ErrorReport }
  | { readonly kind: 'abort'; readonly id: number }

interface Pending {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
}

/** Calls across a process boundary, both ways, with cancellation. */
export class Channel {
  readonly #pipe: Pipe
  readonly #service: Service
  readonly #incoming: <T>(value: T) => T
  readonly #pending = new Map<number, Pending>()
  readonly #running = new Map<number, AbortController>()
  #nextId = 1
  #closedBy: CaudalError | undefined

  /** @param incoming is applied to every result and failure of the other side */
  constructor(pipe: Pipe, service: Service, incoming: <T>(value: T) => T = (value) => value) {
    this.#pipe = pipe
    this.#service = service
    this.#incoming = incoming
    pipe.on('message', (message: Message) => this.#receive(message))
  }

  /** Calls a function of the other side. @throws the error of the other side, or that of {@link close}. */
  async call<T>(name: string, argument: unknown, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted()
    if (this.#closedBy !== undefined) throw this.#closedBy
    const id = this.#nextId++
    const abort = (): void => this.#send({ kind: 'abort', id })
    signal?.addEventListener('abort', abort, { once: true })
    try {
      return await new Promise<T>((resolve, reject) => {
        this.#pending.set(id, { resolve: (value) => resolve(value as T), reject })
        this.#send({ kind: 'call', id, name, argument })
      })
    } finally {
      this.#pending.delete(id)
      signal?.removeEventListener('abort', abort)
    }
  }

  /** Ends every call that is under way: the other side is gone. */
  close(reason: CaudalError): void {
    this.#closedBy = reason
    for (const { reject } of this.#pending.values()) reject(reason)
    for (const controller of this.#running.values()) controller.abort(reason)
  }

  #receive(message: Message): void {
    if (message.kind === 'call') void this.#answer(message.id, message.name, message.argument)
    else if (message.kind === 'abort') this.#running.get(message.id)?.abort()
    else if (message.kind === 'result') this.#pending.get(message.id)?.resolve(this.#incoming(message.value))
    else this.#pending.get(message.id)?.reject(CaudalError.fromReport(this.#incoming(message.error)))
  }

  async #answer(id: number, name: string, argument: unknown): Promise<void> {
    const controller = new AbortController()
    this.#running.set(id, controller)
    try {
      const offered = this.#service[name]
      if (offered === undefined) throw new Error(`Invariant broken: the other side has no function ${name}`)
      this.#send({ kind: 'result', id, value: await offered(argument as never, controller.signal) })
    } catch (error) {
      this.#send({ kind: 'failure', id, error: toErrorReport(error) })
    } finally {
      this.#running.delete(id)
    }
  }

  #send(message: Message): void {
    this.#pipe.send?.(message)
  }
}
