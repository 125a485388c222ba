import { DAY, isoDate, nextMonth } from '../calendar.ts'
import { Dice, SUBJECT } from '../random.ts'
import { decimal } from './deals.ts'
import type { World } from './world.ts'

/** What an SDR should reach in a month. */
export interface QuotaRow {
  readonly sdr_id: number
  readonly month: string
  readonly meetings: number
  readonly won_amount_eur: string
}

/** What one unit of a currency was worth in euros on a day. */
export interface RateRow {
  readonly date: string
  readonly currency: string
  readonly eur_per_unit: string
}

/** A quota per SDR and month begun as an SDR; a third of it in the first three months. */
export function* quotaRows(world: World): Generator<QuotaRow, void, undefined> {
  for (const [index, member] of world.staff.entries()) {
    const dice = new Dice(world.seed, SUBJECT.quota, index)
    const meetings = 3 + dice.below(5)
    const cents = (8 + dice.below(10)) * 100_000
    const hired = member.duties[0]?.from ?? 0
    for (let month = nextMonth(world.start); month <= world.now; month = nextMonth(month)) {
      const duty = member.duties.find((one) => one.from <= month && month < one.to)
      if (duty?.role !== 'sdr') continue
      const share = month - hired < 90 * DAY ? 3 : 1
      yield {
        sdr_id: member.id,
        month: isoDate(month),
        meetings: Math.ceil(meetings / share),
        won_amount_eur: decimal(Math.round(cents / share)),
      }
    }
  }
}

/** Euros per dollar for every day, weekends too, from the start to the day of now: a slow random walk around 0.90. */
export function* rateRows(world: World): Generator<RateRow, void, undefined> {
  let points = 9000
  for (let day = Math.floor(world.start / DAY); day * DAY <= world.now; day++) {
    points += new Dice(world.seed, SUBJECT.rate, day).below(61) - 30 + Math.sign(9000 - points) * 4
    yield { date: isoDate(day * DAY), currency: 'USD', eur_per_unit: `0.${String(points).padStart(4, '0')}` }
  }
}
