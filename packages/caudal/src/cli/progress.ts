import type { PushEvent } from '@caudal/spec'
import { formatAge, formatBytes } from './format.ts'
import type { Output } from './output.ts'

type ProgressEvent = Extract<PushEvent, { kind: 'progress' }>

/** Pause between lines where no line can be overwritten. */
const lineMs = 5_000

/** How far a run has come: a line that is overwritten on a terminal, a plain line now and then elsewhere. */
export class Progress {
  readonly #output: Pick<Output, 'isTerminal' | 'isJson' | 'status' | 'note'>
  readonly #now: () => number
  readonly #began: number
  readonly #streams = new Map<string, ProgressEvent>()
  #lastLine: number

  constructor(
    output: Pick<Output, 'isTerminal' | 'isJson' | 'status' | 'note'>,
    now: () => number = Date.now,
  ) {
    this.#output = output
    this.#now = now
    this.#began = now()
    this.#lastLine = this.#began
  }

  show(event: ProgressEvent): void {
    this.#streams.set(`${event.stage} ${event.note ?? ''}`, event)
    const stream = [event.stage.replace('extract ', ''), event.note].filter((part) => part !== undefined)
    const line = `${stream.join('.')}  ${this.#facts().join('  ')}`
    if (this.#output.isTerminal) return this.#output.status(`  ${line}`)
    if (this.#output.isJson || this.#now() - this.#lastLine < lineMs) return
    this.#lastLine = this.#now()
    this.#output.note(line)
  }

  /** Of all streams together: what was read, how fast, and how long it will take where the sources count. */
  #facts(): string[] {
    const events = [...this.#streams.values()]
    const sum = (of: (event: ProgressEvent) => number): number =>
      events.reduce((total, event) => total + of(event), 0)
    const [rows, bytes] = [sum((event) => event.rows), sum((event) => event.bytes)]
    const elapsedMs = Math.max(1, this.#now() - this.#began)
    const rate = (rows * 1_000) / elapsedMs
    const isCounted = events.every((event) => event.total !== undefined)
    const total = sum((event) => event.total ?? 0)
    const leftMs = rate > 0 ? ((total - rows) / rate) * 1_000 : 0
    return [
      `${rows.toLocaleString('en')}${isCounted ? ` of ${total.toLocaleString('en')}` : ''} rows`,
      formatBytes(bytes),
      `${Math.round(rate).toLocaleString('en')} rows/s`,
      isCounted && rows < total ? `${formatAge(leftMs)} left` : formatAge(elapsedMs),
    ]
  }
}
