import { DAY, HOUR, isoTime, MINUTE, NEVER, working } from '../calendar.ts'
import { Dice, SUBJECT, weighted } from '../random.ts'
import type { LeadRow, LeadStatus } from '../rows.ts'
import type { Account } from './accounts.ts'
import { type Member, onDuty } from './staff.ts'
import { dealId, idOf, LEADS_MAX, personId } from './ids.ts'
import { latest, seen, type World } from './world.ts'

/** A lead's times are when things happen, also after now; the rows show what has happened by now. */
export interface Lead {
  readonly account: Account
  /** The lead's place in its account, which is also its person's. */
  readonly slot: number
  /** The lead's place among all leads. */
  readonly place: number
  readonly id: number
  readonly sdr: Member | null
  readonly source: string
  readonly created: number
  readonly contacted: number
  readonly mql: number
  readonly meetingBooked: number
  readonly meetingStarts: number
  readonly sql: number
  readonly converted: number
  readonly dropped: number
}

const SOURCES = weighted([
  ['outbound', 34],
  ['website', 22],
  ['linkedin', 18],
  ['event', 9],
  ['referral', 8],
  ['content', 6],
  ['partner', 3],
])
const MQL_SHARE: Readonly<Record<string, number>> = {
  outbound: 0.42,
  website: 0.62,
  linkedin: 0.5,
  event: 0.52,
  referral: 0.8,
  content: 0.45,
  partner: 0.72,
}
const FIRST_LEAD_HOURS = [0, 1, 4, 12, 48, 200]
const NEXT_LEAD_DAYS = [1, 5, 14, 30, 60, 110, 220]
const MINUTES_TO_CONTACT = [1, 6, 18, 45, 120, 360, 1500, 6000]
const HOURS_TO_MQL = [1, 20, 50, 100, 200, 420]
const HOURS_TO_BOOK = [1, 8, 26, 60, 130, 400]
const DAYS_TO_MEETING = [1, 2, 3, 5, 7, 14]
const HOURS_TO_CONVERT = [0, 4, 24, 72, 160, 400]
const DAYS_TO_DROP = [3, 12, 21, 35, 60, 120]

/** The leads of an account that exist by now, oldest first. */
export function leadsOf(world: World, account: Account): Lead[] {
  const leads: Lead[] = []
  let after = account.created
  for (let slot = 0; slot < account.leads; slot++) {
    const lead = leadAt(world, account, slot, after)
    if (lead.created > world.now) break
    leads.push(lead)
    after = lead.created
  }
  return leads
}

function leadAt(world: World, account: Account, slot: number, after: number): Lead {
  const place = account.index * LEADS_MAX + slot
  const dice = new Dice(world.seed, SUBJECT.lead, place)
  const delay = slot === 0 ? dice.quantile(FIRST_LEAD_HOURS) * HOUR : dice.quantile(NEXT_LEAD_DAYS) * DAY
  const source = dice.pick(SOURCES)
  const moment = after + delay + dice.below(HOUR)
  const created = source === 'outbound' || source === 'linkedin' ? working(moment) : moment
  const sdr = dice.chance(0.97) ? onDuty(world.candidates, 'sdr', created, dice) : null
  return {
    account,
    slot,
    place,
    id: idOf(place, 3),
    sdr,
    source,
    created,
    ...journey(dice, sdr, source, created),
  }
}

type Journey = Pick<
  Lead,
  'contacted' | 'mql' | 'meetingBooked' | 'meetingStarts' | 'sql' | 'converted' | 'dropped'
>

/** Every step waits for the one before; a step that is not taken is NEVER, and so are all after it. */
function journey(dice: Dice, sdr: Member | null, source: string, created: number): Journey {
  const skill = sdr?.skill ?? 0
  const step = (from: number, probability: number, delay: number): number =>
    from !== NEVER && dice.chance(probability) ? working(from + delay) : NEVER
  const minutes = dice.quantile(MINUTES_TO_CONTACT)
  const contacted = employed(
    sdr,
    step(created, sdr === null ? 0 : 0.94, minutes * MINUTE + dice.below(MINUTE)),
  )
  const mql = step(
    contacted,
    MQL_SHARE[source] as number,
    dice.quantile(HOURS_TO_MQL) * HOUR + dice.below(HOUR),
  )
  const booked = step(mql, 0.4 + 0.38 * skill, dice.quantile(HOURS_TO_BOOK) * HOUR + dice.below(HOUR))
  const meetingBooked = employed(sdr, booked)
  const meetingStarts = halfHour(step(meetingBooked, 1, dice.quantile(DAYS_TO_MEETING) * DAY))
  const sql = step(meetingStarts, 0.72, 45 * MINUTE + dice.below(HOUR))
  const converted = step(sql, 0.82, dice.quantile(HOURS_TO_CONVERT) * HOUR + dice.below(HOUR))
  const last = [sql, meetingStarts, mql, contacted, created].find((at) => at !== NEVER) as number
  const dropDelay = dice.quantile(DAYS_TO_DROP) * DAY + dice.below(HOUR)
  const dropped = converted === NEVER ? step(last, sdr === null ? 0 : 0.62, dropDelay) : NEVER
  return { contacted, mql, meetingBooked, meetingStarts, sql, converted, dropped }
}

/** Nobody works after leaving. */
function employed(sdr: Member | null, at: number): number {
  return sdr !== null && at < sdr.left ? at : NEVER
}

/** Meetings start on the hour or half past it. */
function halfHour(at: number): number {
  return at === NEVER ? NEVER : Math.ceil(at / (30 * MINUTE)) * 30 * MINUTE
}

function statusOf(world: World, lead: Lead): LeadStatus {
  if (lead.converted <= world.now) return 'converted'
  if (lead.dropped <= world.now) return 'disqualified'
  if (lead.sql <= world.now) return 'sql'
  if (lead.mql <= world.now) return 'mql'
  return lead.contacted <= world.now ? 'working' : 'new'
}

export function leadRow(world: World, lead: Lead): LeadRow {
  const { created, contacted, mql, sql, converted, dropped } = lead
  return {
    id: lead.id,
    account_id: lead.account.id,
    person_id: personId(lead.account.index, lead.slot),
    sdr_id: lead.sdr?.id ?? null,
    source: lead.source,
    status: statusOf(world, lead),
    deal_id: converted <= world.now ? dealId(lead.account.index, lead.slot) : null,
    created_at: isoTime(created),
    contacted_at: seen(world, contacted),
    mql_at: seen(world, mql),
    sql_at: seen(world, sql),
    converted_at: seen(world, converted),
    disqualified_at: seen(world, dropped),
    updated_at: isoTime(latest(world, created, contacted, mql, sql, converted, dropped)),
  }
}
