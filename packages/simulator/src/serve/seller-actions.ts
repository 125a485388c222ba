import { DAY, isoDate } from '../calendar.ts'
import { decimal } from '../company/deals.ts'
import { onDuty } from '../company/staff.ts'
import type { Dice } from '../random.ts'
import { weighted } from '../random.ts'
import type { DealRow, EmailRow, LeadRow, Rows, Stage } from '../rows.ts'
import { FIRST_NAMES, JOB_TITLES, LAST_NAMES, plain } from '../words.ts'
import { isOpen, type Market } from './market.ts'

/** One thing that a salesperson or a lead does; false when nobody is there to do it to. */
export type Action = (market: Market, dice: Dice) => boolean

const iso = (milliseconds: number): string => new Date(milliseconds).toISOString()

/** Somebody new at a known account becomes a lead. */
export const newLead: Action = (market, dice) => {
  const { world } = market.company
  const [accountId] = market.stores.accounts.idsById({ after: 0, skip: dice.below(world.accounts), limit: 1 })
  const account = market.stores.accounts.get(accountId as number) as Rows['accounts']
  const first = dice.pick(FIRST_NAMES)
  const last = dice.pick(LAST_NAMES)
  const at = market.time()
  const person = market.create('people', {
    account_id: account.id,
    first_name: first,
    last_name: last,
    email: `${plain(first)}.${plain(last)}.${market.stores.people.nextId()}@${account.domain}`,
    phone: null,
    job_title: dice.pick(JOB_TITLES),
    email_opt_out: false,
    created_at: iso(at),
  })
  const lead = market.create('leads', {
    account_id: account.id,
    person_id: person.id,
    sdr_id: onDuty(world.candidates, 'sdr', at / 1000, dice).id,
    source: dice.pick(['outbound', 'website', 'linkedin', 'referral']),
    status: 'new',
    deal_id: null,
    created_at: iso(market.time()),
    contacted_at: null,
    mql_at: null,
    sql_at: null,
    converted_at: null,
    disqualified_at: null,
  })
  market.leads.add(lead.id)
  return true
}

function pickLead(market: Market, dice: Dice): LeadRow | undefined {
  const id = market.leads.pick(dice)
  return id === undefined ? undefined : market.stores.leads.get(id)
}

/** The SDR writes to an open lead; the first message makes contact. */
const writeEmail: Action = (market, dice) => {
  const lead = pickLead(market, dice)
  if (lead === undefined) return false
  const sdr = market.stores.sdrs.get(lead.sdr_id as number) as Rows['sdrs']
  const person = market.stores.people.get(lead.person_id) as Rows['people']
  const at = market.time()
  const email = market.create('emails', {
    thread_id: market.stores.emails.nextId() - 7,
    in_reply_to: null,
    direction: 'outbound',
    lead_id: lead.id,
    person_id: lead.person_id,
    account_id: lead.account_id,
    sdr_id: sdr.id,
    from_address: sdr.email,
    to_address: person.email,
    subject: 'Following up',
    status: 'delivered',
    sent_at: iso(at),
    opened_at: null,
    open_is_machine: null,
    answered_at: null,
  })
  market.emails.add(email.id)
  if (lead.contacted_at === null)
    market.update('leads', { ...lead, status: 'working', contacted_at: iso(at) })
  return true
}

/** A lead answers a message. */
const answerEmail: Action = (market, dice) => {
  const id = market.emails.pick(dice)
  if (id === undefined) return false
  market.emails.remove(id)
  const email = market.stores.emails.get(id) as EmailRow
  const opened = email.open_is_machine === false ? email.opened_at : iso(market.time())
  const answered = iso(market.time())
  market.update('emails', { ...email, opened_at: opened, open_is_machine: false, answered_at: answered })
  market.create('emails', {
    ...email,
    in_reply_to: email.id,
    direction: 'inbound',
    from_address: email.to_address,
    to_address: email.from_address,
    subject: email.subject.startsWith('Re: ') ? email.subject : `Re: ${email.subject}`,
    status: 'received',
    sent_at: answered,
    opened_at: null,
    open_is_machine: null,
    answered_at: null,
  })
  return true
}

/** The SDR calls an open lead. */
const call: Action = (market, dice) => {
  const lead = pickLead(market, dice)
  if (lead === undefined) return false
  const outcome = dice.pick(['no_answer', 'no_answer', 'voicemail', 'connected'])
  const at = iso(market.time())
  market.create('activities', {
    type: 'call',
    subject: 'Call',
    lead_id: lead.id,
    person_id: lead.person_id,
    account_id: lead.account_id,
    deal_id: null,
    sdr_id: lead.sdr_id as number,
    outcome,
    duration_s: outcome === 'connected' ? 30 + dice.below(900) : 0,
    starts_at: at,
    created_at: at,
  })
  if (lead.contacted_at === null) market.update('leads', { ...lead, status: 'working', contacted_at: at })
  return true
}

/** A lead in contact moves one step, the furthest of three first; one in six drops out instead. */
const advanceLead: Action = (market, dice) => {
  const steps = ['working', 'mql', 'sql']
  const picked = [0, 1, 2].map(() => pickLead(market, dice)).filter((lead) => lead !== undefined)
  const lead = picked.toSorted((one, two) => steps.indexOf(two.status) - steps.indexOf(one.status))[0]
  if (lead === undefined || lead.status === 'new') return false
  const at = iso(market.time())
  const next = dice.chance(1 / 6) ? dropped(lead, at) : promoted(market, dice, lead, at)
  if (!isOpen(next)) market.leads.remove(lead.id)
  market.update('leads', next)
  return true
}

function dropped(lead: LeadRow, at: string): LeadRow {
  return { ...lead, status: 'disqualified', disqualified_at: at }
}

function promoted(market: Market, dice: Dice, lead: LeadRow, at: string): LeadRow {
  if (lead.status === 'working') return { ...lead, status: 'mql', mql_at: at }
  if (lead.status === 'mql') return { ...lead, status: 'sql', sql_at: at }
  return { ...lead, status: 'converted', converted_at: at, deal_id: newDeal(market, dice, lead, at).id }
}

function newDeal(market: Market, dice: Dice, lead: LeadRow, at: string): DealRow {
  const seconds = Date.parse(at) / 1000
  const amount = decimal((10 + dice.below(400)) * 10_000)
  const account = market.stores.accounts.get(lead.account_id) as Rows['accounts']
  const deal = market.create('deals', {
    name: `${account.name} · new business`,
    account_id: lead.account_id,
    person_id: lead.person_id,
    lead_id: lead.id,
    sdr_id: lead.sdr_id,
    closer_id: onDuty(market.company.world.candidates, 'closer', seconds, dice).id,
    stage: 'qualification',
    amount,
    currency: dice.chance(0.15) ? 'USD' : 'EUR',
    is_closed: false,
    is_won: false,
    lost_reason: null,
    expected_close_on: isoDate(seconds + 60 * DAY),
    created_at: at,
    closed_at: null,
  })
  const entry = { deal_id: deal.id, ordinal: 1, stage: deal.stage, amount, entered_at: at, exited_at: null }
  market.stageOf.set(deal.id, market.create('deal_stages', entry).id)
  market.deals.add(deal.id)
  return deal
}

const FORWARD: readonly Stage[] = ['qualification', 'demo', 'proposal', 'negotiation', 'closed_won']

/** A deal enters its next stage, the furthest of three first; some are lost instead. */
const advanceDeal: Action = (market, dice) => {
  const picked = [0, 1, 2].map(() => market.deals.pick(dice)).filter((id) => id !== undefined)
  const deals = market.stores.deals.rows(picked)
  const deal = deals.toSorted((one, two) => FORWARD.indexOf(two.stage) - FORWARD.indexOf(one.stage))[0]
  if (deal === undefined) return false
  const isLost = dice.chance(deal.stage === 'negotiation' ? 0.35 : 0.12)
  const stage = isLost ? 'closed_lost' : (FORWARD[FORWARD.indexOf(deal.stage) + 1] as Stage)
  const isClosed = stage.startsWith('closed')
  const at = iso(market.time())
  const amount = deal.amount ?? decimal((10 + dice.below(400)) * 10_000)
  const left = market.stores.deal_stages.get(market.stageOf.get(deal.id) as number) as Rows['deal_stages']
  market.update('deal_stages', { ...left, exited_at: at })
  const entry = {
    deal_id: deal.id,
    ordinal: left.ordinal + 1,
    stage,
    amount,
    entered_at: at,
    exited_at: null,
  }
  market.stageOf.set(deal.id, market.create('deal_stages', entry).id)
  market.update('deals', {
    ...deal,
    stage,
    amount,
    is_closed: isClosed,
    is_won: stage === 'closed_won',
    lost_reason: isLost ? dice.pick(['price', 'no decision', 'competitor']) : null,
    closed_at: isClosed ? at : null,
  })
  if (isClosed) {
    market.deals.remove(deal.id)
    market.stageOf.delete(deal.id)
  }
  return true
}

/** What happens how often. */
export const ACTIONS: readonly Action[] = weighted([
  [newLead, 14],
  [writeEmail, 22],
  [answerEmail, 8],
  [call, 8],
  [advanceLead, 24],
  [advanceDeal, 24],
])
