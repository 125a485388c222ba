import { DAY, HOUR, isoTime, MINUTE, NEVER, working } from '../calendar.ts'
import { Dice, SUBJECT, weighted } from '../random.ts'
import type { ActivityRow } from '../rows.ts'
import type { Deal } from './deals.ts'
import type { Lead } from './leads.ts'
import { idOf, personId } from './ids.ts'
import type { World } from './world.ts'

export const ACTIVITIES_MAX = 8
const CALLS_MAX = 6

const CALLS = weighted([
  [0, 40],
  [1, 22],
  [2, 16],
  [3, 11],
  [4, 7],
  [6, 4],
])
const CALL_OUTCOMES = weighted([
  ['no_answer', 50],
  ['voicemail', 21],
  ['connected', 24],
  ['wrong_number', 5],
])
const FAILED_MEETINGS = weighted([
  ['no_show', 45],
  ['cancelled', 25],
  ['completed', 30],
])
const HOURS_TO_CALL = [0, 2, 24, 48, 96, 200]
const TALK_SECONDS = [12, 60, 140, 260, 480, 1500]

/** The calls to a lead, its discovery meeting, and the demo of its deal; nothing by anybody who has left. */
export function activityRows(world: World, lead: Lead, deal: Deal | undefined): ActivityRow[] {
  const { sdr } = lead
  if (sdr === null || lead.contacted > world.now) return []
  const dice = new Dice(world.seed, SUBJECT.activity, lead.place)
  const rows: ActivityRow[] = []
  let at = lead.contacted
  for (let call = dice.pick(CALLS); call > 0; call--) {
    at = working(at + dice.quantile(HOURS_TO_CALL) * HOUR + dice.below(HOUR))
    if (at > world.now || at >= sdr.left) break
    rows.push(callRow(lead, sdr.id, rows.length, at, dice))
  }
  if (lead.meetingBooked <= world.now) {
    const outcome = lead.sql === NEVER ? dice.pick(FAILED_MEETINGS) : 'completed'
    rows.push(meetingRow(world, lead, 0, { outcome, booked: lead.meetingBooked, starts: lead.meetingStarts }))
  }
  const demo = deal?.entries.find((entry) => entry.stage === 'demo')
  if (deal !== undefined && demo !== undefined) {
    const booked = Math.max(lead.converted, demo.at - 3 * DAY)
    const host = deal.closer !== null && booked < deal.closer.left ? deal.closer : sdr
    if (booked < host.left) {
      const meeting = { outcome: 'completed', booked, starts: demo.at, dealId: deal.id, hostId: host.id }
      rows.push(meetingRow(world, lead, 1, meeting))
    }
  }
  return rows
}

function callRow(lead: Lead, sdrId: number, slot: number, at: number, dice: Dice): ActivityRow {
  const outcome = dice.pick(CALL_OUTCOMES)
  const time = isoTime(at)
  return {
    id: idOf(lead.place * ACTIVITIES_MAX + slot, 6),
    type: 'call',
    subject: 'Call',
    lead_id: lead.id,
    person_id: personId(lead.account.index, lead.slot),
    account_id: lead.account.id,
    deal_id: null,
    sdr_id: sdrId,
    outcome,
    duration_s: outcome === 'connected' ? dice.quantile(TALK_SECONDS) : 0,
    starts_at: time,
    created_at: time,
    updated_at: time,
  }
}

interface Meeting {
  readonly outcome: string
  readonly booked: number
  readonly starts: number
  readonly dealId?: number
  readonly hostId?: number
}

function meetingRow(world: World, lead: Lead, number: 0 | 1, meeting: Meeting): ActivityRow {
  const ends = meeting.starts + 30 * MINUTE
  const isOver = ends <= world.now
  return {
    id: idOf(lead.place * ACTIVITIES_MAX + CALLS_MAX + number, 6),
    type: 'meeting',
    subject: number === 0 ? 'Discovery' : 'Demo',
    lead_id: lead.id,
    person_id: personId(lead.account.index, lead.slot),
    account_id: lead.account.id,
    deal_id: meeting.dealId ?? null,
    sdr_id: meeting.hostId ?? (lead.sdr?.id as number),
    outcome: isOver ? meeting.outcome : 'scheduled',
    duration_s: isOver && meeting.outcome === 'completed' ? 1800 : null,
    starts_at: isoTime(meeting.starts),
    created_at: isoTime(meeting.booked),
    updated_at: isoTime(isOver ? ends : meeting.booked),
  }
}
