import type { PushEvent } from '@caudal/spec'

/** The events of an owner, to whoever listens. A listener that throws is dropped. */
export class EventHub {
  readonly #listeners = new Set<(event: PushEvent) => void>()

  emit(event: PushEvent): void {
    for (const listener of this.#listeners) {
      try {
        listener(event)
      } catch {
        this.#listeners.delete(listener)
      }
    }
  }

  /** @returns a function that ends it. */
  subscribe(listener: (event: PushEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }
}
