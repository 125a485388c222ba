/** How often and how long a call is tried. */
export interface RetryPolicy {
  /** Attempts that may fail for a fault of the server or the network. Default: 6. */
  readonly attemptsMax: number
  /** Answers "too many requests" that are waited out. Default: 30. */
  readonly rateLimitedMax: number
  /** From the first attempt to the last. Default: 600,000. */
  readonly totalMs: number
  /** Upper bound of the first wait; it doubles each time. Default: 500. */
  readonly baseMs: number
  /** Upper bound of every wait that the server did not ask for. Default: 60,000. */
  readonly waitMaxMs: number
}

/** What holds when nothing is set. */
export const defaultRetryPolicy: RetryPolicy = {
  attemptsMax: 6,
  rateLimitedMax: 30,
  totalMs: 600_000,
  baseMs: 500,
  waitMaxMs: 60_000,
}

/** Wait before attempt `failures + 1` with full jitter: anything from 0 to the doubled bound, so that clients do not come back together. */
export function jitteredWaitMs(policy: RetryPolicy, failures: number, random: () => number): number {
  return Math.round(random() * Math.min(policy.waitMaxMs, policy.baseMs * 2 ** (failures - 1)))
}
