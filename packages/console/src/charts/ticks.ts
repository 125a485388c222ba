import type { Grain } from '@caudal/spec'

type Keeps = (at: string, index: number) => boolean

const every =
  (count: number): Keeps =>
  (_at, index) =>
    index % count === 0
const month = (at: string): number => Number(at.slice(5, 7))
const day = (at: string): number => Number(at.slice(8, 10))
const hour = (at: string): number => Number(at.slice(11, 13))
const isMonday = (at: string): boolean => new Date(`${at.slice(0, 10)}T00:00:00Z`).getUTCDay() === 1
const monthly: readonly Keeps[] = [
  (at) => month(at) % 3 === 1,
  (at) => month(at) % 6 === 1,
  (at) => month(at) === 1,
]
const firstOfMonth = (at: string): boolean => day(at) === 1
const firstWeekOfMonth = (at: string): boolean => day(at) <= 7

/** From fine to coarse: which buckets of a grain carry a label, so that labels fall on days that people name. */
const choices: Readonly<Record<Grain, readonly Keeps[]>> = {
  hour: [
    every(1),
    ...[3, 6, 12].map(
      (step): Keeps =>
        (at) =>
          hour(at) % step === 0,
    ),
    (at) => hour(at) === 0,
  ],
  day: [
    every(1),
    isMonday,
    (at) => day(at) === 1 || day(at) === 15,
    firstOfMonth,
    ...monthly.map(
      (keeps): Keeps =>
        (at, index) =>
          firstOfMonth(at) && keeps(at, index),
    ),
  ],
  week: [
    every(1),
    every(2),
    firstWeekOfMonth,
    ...monthly.map(
      (keeps): Keeps =>
        (at, index) =>
          firstWeekOfMonth(at) && keeps(at, index),
    ),
  ],
  month: [every(1), ...monthly],
  quarter: [every(1), (at) => month(at) <= 3],
  year: [every(1), every(2), every(5), every(10)],
}

/**
 * The indexes of the buckets that carry a label on an axis: at most `max` of them.
 * @param ats - The buckets' first days or instants, as in `SeriesPoint.at`, in order.
 */
export function pickTicks(ats: readonly string[], grain: Grain, max: number): readonly number[] {
  for (const keeps of choices[grain]) {
    const kept = ats.flatMap((at, index) => (keeps(at, index) ? [index] : []))
    if (kept.length > 0 && kept.length <= max) return kept
  }
  const step = Math.max(1, Math.ceil(ats.length / Math.max(1, max)))
  return ats.flatMap((_at, index) => (index % step === 0 ? [index] : []))
}
