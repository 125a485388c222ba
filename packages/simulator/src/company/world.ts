import { DAY, isoTime, NEVER } from '../calendar.ts'
import { type Candidates, candidatesOf, createStaff, type Member } from './staff.ts'

/** What every record of a company is computed from. Times are seconds. */
export interface World {
  readonly seed: number
  readonly records: number
  readonly start: number
  readonly now: number
  readonly accounts: number
  readonly staff: readonly Member[]
  readonly candidates: Candidates
  /** When a clean-up touched many accounts and people at once, so that their `updated_at` are equal. */
  readonly bulkEditAt: number
}

/** What decides a company. */
export interface CompanyOptions {
  /** Same seed, records and now: same company, byte for byte. A whole number of at least 0. */
  readonly seed: number
  /** Wanted size: all records of all streams together, 1,000 to 10,000,000. Reached to within a few per cent from 20,000 on. */
  readonly records: number
  /** The end of the company's history: nothing has happened after it. Milliseconds are cut off. */
  readonly now: Date | string
}

const HISTORY_DAYS = 548
/** Records of all streams per account, measured over 3 M records. */
const RECORDS_PER_ACCOUNT = 25.8

/** Checks the options and lays the ground. Throws RangeError on a value out of range. */
export function createWorld(options: CompanyOptions): World {
  const { seed, records } = options
  const now = Math.floor(new Date(options.now).getTime() / 1000)
  if (!Number.isSafeInteger(seed) || seed < 0) throw new RangeError(`seed ${seed}: not a whole number ≥ 0`)
  if (!Number.isSafeInteger(records) || records < 1000 || records > 10_000_000) {
    throw new RangeError(`records ${records}: not a whole number between 1000 and 10000000`)
  }
  if (Number.isNaN(now)) throw new RangeError(`now ${String(options.now)}: not a date`)
  const start = now - HISTORY_DAYS * DAY
  const staff = createStaff(seed, records, start, now)
  return {
    seed,
    records,
    start,
    now,
    accounts: Math.round(records / RECORDS_PER_ACCOUNT),
    staff,
    candidates: candidatesOf(staff),
    bulkEditAt: now - 45 * DAY,
  }
}

/** The ISO time, or null for what has not happened by now. */
export function seen(world: World, at: number): string | null {
  return at <= world.now ? isoTime(at) : null
}

/** The latest of these times that has come by now. */
export function latest(world: World, ...times: number[]): number {
  let last = 0
  for (const at of times) if (at <= world.now && at > last) last = at
  return last === 0 ? NEVER : last
}
