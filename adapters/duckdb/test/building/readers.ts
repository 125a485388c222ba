import type { Readers } from '@caudal/spec'

/** Readers that a test lets come and go. */
export class TestReaders implements Readers {
  readonly areAround = true
  /** How often a child asked who waits: once for each build that a child made. */
  children = 0
  readonly #onChild: (tell: (areWaiting: boolean) => void) => void

  constructor(onChild: (tell: (areWaiting: boolean) => void) => void = () => {}) {
    this.#onChild = onChild
  }

  async gone(): Promise<void> {}

  watch(listener: (areWaiting: boolean) => void): () => void {
    this.children++
    listener(false)
    this.#onChild(listener)
    return () => {}
  }
}
