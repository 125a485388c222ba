import type { Clock } from '../../src/index.ts'

/** A clock that stands still but for sleeps, which take no real time. */
export interface TestClock extends Clock {
  readonly sleeps: number[]
  advance(milliseconds: number): void
}

/** Begins at the machine's time, so that `Date` headers of real servers fit. */
export function createTestClock(startMs = Date.now()): TestClock {
  let now = startMs
  const sleeps: number[] = []
  return {
    sleeps,
    now: () => now,
    advance(milliseconds) {
      now += milliseconds
    },
    async sleep(milliseconds, signal) {
      signal.throwIfAborted()
      sleeps.push(milliseconds)
      now += milliseconds
      await new Promise((resolve) => setImmediate(resolve))
      signal.throwIfAborted()
    },
  }
}
