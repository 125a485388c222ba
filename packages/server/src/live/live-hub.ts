import type { OwnerService } from '@caudal/engine'
import { formatView, type Viewer, type ViewState } from '@caudal/spec'
import { LiveTile } from './live-tile.ts'

/** A dashboard as somebody looks at it. */
export interface LiveView {
  readonly dashboard: string
  readonly view: ViewState
  readonly viewer: Viewer
}

/** The live tiles of all subscribers, one per distinct tile, view, row rules and version of the project; and who is connected. */
export class LiveHub {
  readonly #service: OwnerService
  readonly #refreshMs: number
  readonly #tiles = new Map<string, LiveTile>()
  readonly #closers = new Set<() => void>()

  constructor(service: OwnerService, refreshMs: number) {
    this.#service = service
    this.#refreshMs = refreshMs
  }

  /** The shared tile. It lives while somebody listens. */
  tile(of: LiveView, tile: string): LiveTile {
    const { dashboard, view, viewer } = of
    const key = JSON.stringify([
      this.#service.manifest.fingerprint,
      dashboard,
      tile,
      formatView(view).toString(),
      viewer.rules,
    ])
    const found = this.#tiles.get(key)
    if (found !== undefined) return found
    const created: LiveTile = new LiveTile({
      tile,
      answer: (signal) => this.#service.tiles.answer(dashboard, tile, view, viewer, signal),
      refreshMs: this.#refreshMs,
      onUnused: () => {
        if (this.#tiles.get(key) === created) this.#tiles.delete(key)
      },
    })
    this.#tiles.set(key, created)
    return created
  }

  /** Open event streams. */
  get subscribers(): number {
    return this.#closers.size
  }

  /** Enters a stream. @returns a function that takes it out. */
  enter(close: () => void): () => void {
    this.#closers.add(close)
    return () => this.#closers.delete(close)
  }

  /** Ends all streams. */
  close(): void {
    for (const close of this.#closers) close()
  }
}
