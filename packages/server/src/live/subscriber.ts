import type { OwnerService } from '@caudal/engine'
import type { PushEvent } from '@caudal/spec'
import { publicEvent } from '../answer/public.ts'
import type { LiveHub, LiveView } from './live-hub.ts'
import type { LiveTile, TileListener } from './live-tile.ts'
import { Outbox, tileKey, type OutboxEntry } from './outbox.ts'
import { Watermark } from './watermark.ts'

const recentRuns = 10

interface WatchedTile {
  readonly live: LiveTile
  readonly listener: TileListener
  readonly leave: () => void
  readonly reads: ReadonlySet<string>
}

/** What a subscriber is built from. */
export interface SubscriberOptions {
  readonly service: OwnerService
  readonly hub: LiveHub
  /** The dashboard looked at; absent: commits, runs and progress alone. */
  readonly view?: LiveView
  /** The ledger sequence number from which the client continues; absent: every tile of the view is sent first. */
  readonly after?: number
  /** Called when something is to be sent. */
  readonly onEvent: () => void
}

/** One client of the live push: hears the owner's events and keeps in its outbox what this client is to be sent. */
export class Subscriber {
  readonly #options: SubscriberOptions
  readonly #outbox = new Outbox()
  readonly #watermark: Watermark
  readonly #tiles = new Map<string, WatchedTile>()
  readonly #runsHeard = new Set<string>()
  readonly #leaveService: () => void
  #oldestAnswer = Infinity
  #isClosed = false

  constructor(options: SubscriberOptions) {
    this.#options = options
    this.#watermark = new Watermark(options.after)
    this.#put({ kind: 'project', fingerprint: options.service.manifest.fingerprint })
    this.#watch()
    this.#leaveService = options.service.subscribe((event) => this.#hear(event), options.after)
    if (options.after === undefined) this.#requestAll()
    void this.#sendRecentRuns()
  }

  /** Events that wait. */
  get waiting(): number {
    return this.#outbox.size
  }

  /** Takes the next event, with the id that a client which has received it may continue from. */
  take(): { readonly event: PushEvent; readonly id: number | undefined } | undefined {
    const entry = this.#outbox.take()
    if (entry === undefined) return undefined
    this.#markSent(entry)
    return { event: entry.event, id: this.#watermark.value }
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#leaveService()
    this.#unwatch()
    this.#outbox.clear()
  }

  #hear(event: PushEvent): void {
    if (this.#isClosed || event.kind === 'tile') return
    if (event.kind === 'commit') this.#hearCommit(event.sequence, event.tables)
    if (event.kind === 'run') this.#runsHeard.add(event.run.id)
    if (event.kind === 'project') this.#watchAnew()
    this.#put(publicEvent(event))
  }

  #hearCommit(sequence: number, tables: readonly string[]): void {
    this.#watermark.see(sequence)
    this.#watermark.owe('commit', sequence)
    for (const [tile, { live, listener, reads }] of this.#tiles) {
      if (!tables.some((table) => reads.has(table))) continue
      this.#watermark.owe(tileKey(tile), sequence)
      live.request(sequence, listener)
    }
  }

  #put(event: PushEvent, covered?: number): void {
    this.#outbox.put(event, covered)
    this.#options.onEvent()
  }

  #markSent({ key, event, covered }: OutboxEntry): void {
    if (event.kind === 'commit') this.#watermark.sent(key, event.sequence)
    if (event.kind !== 'tile' || covered === undefined) return
    this.#watermark.sent(key, covered)
    if (event.answer.state === 'ready') {
      this.#oldestAnswer = Math.min(this.#oldestAnswer, event.answer.sequence)
    }
    const isViewSent = [...this.#tiles.keys()].every((tile) => !this.#watermark.isOwed(tileKey(tile)))
    if (isViewSent && Number.isFinite(this.#oldestAnswer)) this.#watermark.see(this.#oldestAnswer)
  }

  #watch(): void {
    const { view, service, hub } = this.#options
    if (view === undefined) return
    for (const { id } of service.tiles.dashboard(view.dashboard).dashboard.rows.flat()) {
      const live = hub.tile(view, id)
      const listener: TileListener = (answer, covered) => {
        if (!this.#watermark.isOwed(tileKey(id))) return
        const sequence = answer.state === 'ready' ? answer.sequence : covered
        this.#put({ kind: 'tile', sequence, answer }, covered)
      }
      const reads = new Set(service.tiles.reads(view.dashboard, id))
      this.#tiles.set(id, { live, listener, leave: live.listen(listener), reads })
    }
  }

  #unwatch(): void {
    for (const [tile, { leave }] of this.#tiles) {
      leave()
      this.#watermark.forget(tileKey(tile))
    }
    this.#tiles.clear()
  }

  #watchAnew(): void {
    this.#unwatch()
    try {
      this.#watch()
    } catch {
      // The dashboard is gone from the new version of the project: the client hears of the version and asks again.
      return
    }
    this.#requestAll()
  }

  #requestAll(): void {
    for (const [tile, { live, listener }] of this.#tiles) {
      this.#watermark.owe(tileKey(tile), 0)
      live.request(0, listener)
    }
  }

  async #sendRecentRuns(): Promise<void> {
    const runs = await this.#options.service.runs.list(recentRuns).catch(() => [])
    if (this.#isClosed) return
    for (const run of runs.toReversed()) {
      if (!this.#runsHeard.has(run.id)) this.#put(publicEvent({ kind: 'run', run }))
    }
  }
}
