import type { PushEvent } from '@caudal/spec'

const transientEntriesMax = 200

/** An event that waits to be sent. */
export interface OutboxEntry {
  readonly key: string
  readonly event: PushEvent
  /** For a tile: the commits that its answer includes. */
  readonly covered?: number
}

/**
 * What waits to be sent to one client: the latest event per tile, run and stage, and one commit that names all tables changed since the
 * last was sent. A client that reads slowly gets fewer, newer events; the memory is bounded whatever happens.
 */
export class Outbox {
  readonly #entries = new Map<string, OutboxEntry>()

  get size(): number {
    return this.#entries.size
  }

  put(event: PushEvent, covered?: number): void {
    const key = keyOf(event)
    const waiting = this.#entries.get(key)
    const merged = waiting === undefined ? event : merge(waiting.event, event)
    this.#entries.set(key, { key, event: merged, ...(covered === undefined ? {} : { covered }) })
    if (this.#entries.size > transientEntriesMax && isTransient(event)) this.#dropOldestTransient()
  }

  /** Takes the entry that has waited longest. */
  take(): OutboxEntry | undefined {
    for (const [key, entry] of this.#entries) {
      this.#entries.delete(key)
      return entry
    }
    return undefined
  }

  clear(): void {
    this.#entries.clear()
  }

  #dropOldestTransient(): void {
    for (const [key, entry] of this.#entries) {
      if (isTransient(entry.event)) {
        this.#entries.delete(key)
        return
      }
    }
  }
}

/** The name under which a later event replaces an earlier one. */
function keyOf(event: PushEvent): string {
  switch (event.kind) {
    case 'tile':
      return tileKey(event.answer.tile)
    case 'run':
      return `run ${event.run.id}`
    case 'progress':
      return `progress ${event.run} ${event.stage}`
    case 'commit':
    case 'project':
      return event.kind
  }
}

/** {@link keyOf} of a tile's events. */
export function tileKey(tile: string): string {
  return `tile ${tile}`
}

function merge(waiting: PushEvent, event: PushEvent): PushEvent {
  if (waiting.kind !== 'commit' || event.kind !== 'commit') return event
  return { ...event, tables: [...new Set([...waiting.tables, ...event.tables])] }
}

function isTransient(event: PushEvent): boolean {
  return event.kind === 'run' || event.kind === 'progress'
}
