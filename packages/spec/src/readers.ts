/** Who waits for an answer of a dashboard: long work gives way to them. */
export interface Readers {
  /** Whether somebody asked lately: then long work goes on in pieces between their answers. */
  readonly areAround: boolean
  /** Resolves when nobody waits, or after so many milliseconds. */
  gone(patienceMs: number): Promise<void>
  /** Hears now, and at each change, whether somebody waits. @returns a function that ends it. */
  watch(listener: (areWaiting: boolean) => void): () => void
}

/** What an adapter is told when it is opened. */
export interface AdapterContext {
  readonly projectPath: string
  /** Absent: nobody reads beside. */
  readonly readers?: Readers
}
