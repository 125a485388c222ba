/** Time as schedules see it: a real one runs by itself, a test's is moved by hand. */
export interface Clock {
  now(): Date
  /** Calls back once, not before `at`. @returns a function that takes it back. */
  wake(at: Date, callback: () => void): () => void
}

/** Longest that a timer sleeps: a machine that was suspended, or whose clock was set, is noticed within it. */
const sleepMsMax = 30_000

/** The clock of the machine. Its timers do not keep the process alive. */
export const systemClock: Clock = {
  now: () => new Date(),
  wake: (at, callback) => {
    let timer: NodeJS.Timeout
    const sleep = (): void => {
      const leftMs = at.getTime() - Date.now()
      timer = setTimeout(leftMs > sleepMsMax ? sleep : callback, Math.max(0, Math.min(leftMs, sleepMsMax)))
      timer.unref()
    }
    sleep()
    return () => clearTimeout(timer)
  },
}
