import { formatTableName, type PushEvent, type Warehouse } from '@caudal/spec'
import type { EventHub } from '../run/events.ts'

type CommitEvent = Extract<PushEvent, { kind: 'commit' }>

/** Commits that are replayed to one listener at the most. */
const replayedMax = 10_000

/** The events of an owner for somebody who knows the commits up to some ledger sequence number. */
export class CommitFeed {
  readonly #hub: EventHub
  readonly #warehouse: Warehouse

  constructor(hub: EventHub, warehouse: Warehouse) {
    this.#hub = hub
    this.#warehouse = warehouse
  }

  /**
   * Calls the listener for every event from now on; with `after`, first for the commits after that number, none of them twice.
   * @returns a function that ends it.
   */
  subscribe(listener: (event: PushEvent) => void, after?: number): () => void {
    const held: PushEvent[] = []
    let isReplayed = after === undefined
    const end = this.#hub.subscribe((event) => {
      if (isReplayed) listener(event)
      else held.push(event)
    })
    const replay = async (from: number): Promise<void> => {
      const missed = await this.#commitsAfter(from).catch(() => [])
      const last = missed.at(-1)?.sequence ?? from
      for (const event of missed) listener(event)
      isReplayed = true
      for (const event of held) if (event.kind !== 'commit' || event.sequence > last) listener(event)
    }
    if (after !== undefined) void replay(after)
    return end
  }

  async #commitsAfter(after: number): Promise<CommitEvent[]> {
    const entries = await this.#warehouse.state.ledger(after, replayedMax)
    return entries
      .filter((entry) => entry.tables.length > 0)
      .map((entry) => ({
        kind: 'commit',
        sequence: entry.sequence,
        tables: entry.tables.map(formatTableName),
      }))
  }
}
