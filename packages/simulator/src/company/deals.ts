import { DAY, HOUR, isoDate, isoTime, nextClockChange, nextMonth, working } from '../calendar.ts'
import { Dice, SUBJECT, weighted } from '../random.ts'
import type { DealRow, DealStageRow, NoteRow, Stage } from '../rows.ts'
import { NOTE_TEXTS } from '../words.ts'
import type { Account } from './accounts.ts'
import type { Lead } from './leads.ts'
import { type Member, onDuty } from './staff.ts'
import { dealId, DEALS_MAX, idOf, LEADS_MAX, personId } from './ids.ts'
import type { World } from './world.ts'

export const DEAL_STAGES_MAX = 8
export const NOTES_MAX = 4

interface Entry {
  readonly stage: Stage
  readonly at: number
  readonly cents: number
}

/** A deal with the stage entries that have happened by now: at least one. */
export interface Deal {
  readonly place: number
  readonly id: number
  readonly account: Account
  readonly lead: Lead | null
  readonly closer: Member | null
  readonly currency: 'EUR' | 'USD'
  readonly isAmountKnown: boolean
  readonly lostReason: string
  readonly expectedDays: number
  readonly entries: readonly Entry[]
}

const FORWARD = ['qualification', 'demo', 'proposal', 'negotiation'] as const
const STAY_DAYS: Readonly<Record<Stage, readonly number[]>> = {
  qualification: [1, 3, 5, 8, 13, 28],
  demo: [1, 4, 7, 11, 18, 40],
  proposal: [2, 6, 10, 16, 26, 60],
  negotiation: [1, 4, 8, 13, 22, 55],
  closed_won: [10, 20, 40],
  closed_lost: [10, 20, 40],
}
/** Yearly value in cents of the smallest customers; larger ones pay a multiple. */
const CENTS = [90000, 240000, 420000, 600000, 840000, 1200000, 2000000, 3600000, 7200000]
const LOST_REASONS = weighted([
  ['price', 28],
  ['no decision', 30],
  ['competitor', 18],
  ['missing feature', 12],
  ['lost contact', 7],
  ['', 5],
])
const EXPECTED_DAYS = [20, 30, 45, 60, 90, 120]
const DIRECT_DEAL_DAYS = [0, 5, 15, 40, 90, 200]

/** The deals of an account that exist by now: those of converted leads, then the direct one. */
export function dealsOf(world: World, account: Account, leads: readonly Lead[]): Deal[] {
  const deals: Deal[] = []
  for (const lead of leads) {
    if (lead.converted <= world.now) deals.push(dealAt(world, account, lead.slot, lead, lead.converted))
  }
  if (account.buysDirectly) {
    const dice = new Dice(world.seed, SUBJECT.deal, -1 - account.index)
    const created = account.created + dice.quantile(DIRECT_DEAL_DAYS) * DAY + dice.below(DAY)
    if (created <= world.now) deals.push(dealAt(world, account, LEADS_MAX, null, created))
  }
  return deals
}

function dealAt(world: World, account: Account, slot: number, lead: Lead | null, created: number): Deal {
  const place = account.index * DEALS_MAX + slot
  const dice = new Dice(world.seed, SUBJECT.deal, place)
  const closer = dice.chance(0.98) ? onDuty(world.candidates, 'closer', created, dice) : null
  const winShare = 0.18 + 0.09 * (closer?.skill ?? 0) + 0.06 * (lead?.sdr?.skill ?? 1)
  return {
    place,
    id: dealId(account.index, slot),
    account,
    lead,
    closer,
    currency: dice.chance(account.country === 'US' ? 0.9 : 0.1) ? 'USD' : 'EUR',
    isAmountKnown: dice.chance(0.9),
    lostReason: dice.pick(LOST_REASONS),
    expectedDays: dice.quantile(EXPECTED_DAYS),
    entries: entriesOf(dice, pathOf(dice, winShare), created, firstCents(dice, account), world.now),
  }
}

/** The stages a deal goes through: won, lost, gone stale; a few step back, a few are reopened. */
function pathOf(dice: Dice, winShare: number): Stage[] {
  if (dice.chance(0.06)) return FORWARD.slice(0, 1 + dice.below(FORWARD.length))
  if (dice.chance(winShare)) {
    const back: Stage[] = dice.chance(0.04) ? ['demo', 'proposal'] : []
    return ['qualification', 'demo', 'proposal', ...back, 'negotiation', 'closed_won']
  }
  const lost: Stage[] = [...FORWARD.slice(0, 1 + dice.below(FORWARD.length)), 'closed_lost']
  if (dice.chance(0.02)) lost.push('negotiation', dice.chance(0.5) ? 'closed_won' : 'closed_lost')
  return lost
}

/** One deal in a hundred is free; half of the others cost a whole hundred. */
function firstCents(dice: Dice, account: Account): number {
  if (dice.chance(0.01)) return 0
  const cents = dice.quantile(CENTS) * (account.employees > 800 ? 3 : account.employees > 120 ? 2 : 1)
  return dice.chance(0.5) ? Math.round(cents / 10000) * 10000 : cents
}

function entriesOf(dice: Dice, path: readonly Stage[], created: number, first: number, now: number): Entry[] {
  const entries: Entry[] = []
  let at = created
  let cents = first
  for (const stage of path) {
    if (stage.startsWith('closed')) at = awkwardMoment(dice, at)
    if (at > now) break
    if (stage === 'proposal' && dice.chance(0.3)) cents = Math.round(cents * (0.7 + 0.6 * dice.unit()))
    entries.push({ stage, at, cents })
    at = working(at + dice.quantile(STAY_DAYS[stage]) * DAY + dice.below(HOUR))
  }
  return entries
}

/** One closing in twenty moves to where time zones matter: around a month's last midnight, or a clock change. */
function awkwardMoment(dice: Dice, at: number): number {
  const die = dice.unit()
  if (die < 0.03) return nextMonth(at) + dice.pick([-1, 0, 1, -2 * HOUR, -HOUR, -90 * 60, 30 * 60])
  if (die < 0.05) return nextClockChange(at) + dice.pick([0, 1, 30 * 60, 59 * 60])
  return at
}

/** `1234.56` of a number of cents. */
export function decimal(cents: number): string {
  const rest = cents % 100
  return `${Math.floor(cents / 100)}.${rest < 10 ? '0' : ''}${rest}`
}

export function dealRow(deal: Deal): DealRow {
  const { account, lead, entries } = deal
  const first = entries[0] as Entry
  const last = entries[entries.length - 1] as Entry
  const isWon = last.stage === 'closed_won'
  const isClosed = isWon || last.stage === 'closed_lost'
  return {
    id: deal.id,
    name: `${account.name} · ${deal.lead === null ? 'direct' : 'new business'}`,
    account_id: account.id,
    person_id: lead === null ? null : personId(account.index, lead.slot),
    lead_id: lead?.id ?? null,
    sdr_id: lead?.sdr?.id ?? null,
    closer_id: deal.closer?.id ?? null,
    stage: last.stage,
    amount: amountAt(deal, entries.length - 1),
    currency: deal.currency,
    is_closed: isClosed,
    is_won: isWon,
    lost_reason: last.stage === 'closed_lost' ? deal.lostReason : null,
    expected_close_on: isoDate(first.at + deal.expectedDays * DAY),
    created_at: isoTime(first.at),
    closed_at: isClosed ? isoTime(last.at) : null,
    updated_at: isoTime(last.at),
  }
}

/** Some amounts are unknown until the proposal. */
function amountAt(deal: Deal, ordinal: number): string | null {
  const isEarly = ordinal < 2 && !(deal.entries[ordinal] as Entry).stage.startsWith('closed')
  return isEarly && !deal.isAmountKnown ? null : decimal((deal.entries[ordinal] as Entry).cents)
}

export function dealStageRows(deal: Deal): DealStageRow[] {
  return deal.entries.map(({ stage, at }, index) => {
    const exited = deal.entries[index + 1]?.at
    return {
      id: idOf(deal.place * DEAL_STAGES_MAX + index, 5),
      deal_id: deal.id,
      ordinal: index + 1,
      stage,
      amount: amountAt(deal, index),
      entered_at: isoTime(at),
      exited_at: exited === undefined ? null : isoTime(exited),
      updated_at: isoTime(exited ?? at),
    }
  })
}

export function noteRows(world: World, deal: Deal): NoteRow[] {
  const dice = new Dice(world.seed, SUBJECT.note, deal.place)
  const rows: NoteRow[] = []
  let at = (deal.entries[0] as Entry).at
  for (let index = dice.below(NOTES_MAX + 1); index > 0; index--) {
    at = working(at + dice.below(12 * DAY))
    if (at > world.now) break
    const time = isoTime(at)
    const id = idOf(deal.place * NOTES_MAX + rows.length, 0)
    rows.push({ id, deal_id: deal.id, text: dice.pick(NOTE_TEXTS), created_at: time, updated_at: time })
  }
  return rows
}
