/** A salesperson: SDRs source leads, closers close deals. Ids end in 9. */
export interface SdrRow {
  readonly id: number
  readonly name: string
  readonly email: string
  readonly role: 'sdr' | 'closer'
  readonly is_active: boolean
  readonly hired_on: string
  readonly left_on: string | null
  readonly updated_at: string
}

/** One stay of a salesperson in a team and role: `valid_from` inclusive, `valid_to` exclusive, UTC dates. Ids end in 0. */
export interface TeamRow {
  readonly id: number
  readonly sdr_id: number
  readonly team: string
  readonly role: 'sdr' | 'closer'
  readonly valid_from: string
  readonly valid_to: string | null
  readonly updated_at: string
}

/** A company we sell to. Ids end in 1. */
export interface AccountRow {
  readonly id: number
  readonly name: string
  readonly domain: string
  readonly country: string
  readonly industry: string | null
  readonly employees: number
  readonly created_at: string
  readonly updated_at: string
}

/** A contact at an account. Ids end in 2. */
export interface PersonRow {
  readonly id: number
  readonly account_id: number
  readonly first_name: string
  readonly last_name: string
  readonly email: string
  readonly phone: string | null
  readonly job_title: string | null
  readonly email_opt_out: boolean
  readonly created_at: string
  readonly updated_at: string
}

export type LeadStatus = 'new' | 'working' | 'mql' | 'sql' | 'converted' | 'disqualified'

/** A person who may buy. created ≤ contacted ≤ mql ≤ sql ≤ converted; null where it has not happened. Ids end in 3. */
export interface LeadRow {
  readonly id: number
  readonly account_id: number
  readonly person_id: number
  readonly sdr_id: number | null
  readonly source: string
  readonly status: LeadStatus
  readonly deal_id: number | null
  readonly created_at: string
  readonly contacted_at: string | null
  readonly mql_at: string | null
  readonly sql_at: string | null
  readonly converted_at: string | null
  readonly disqualified_at: string | null
  readonly updated_at: string
}

export type Stage = 'qualification' | 'demo' | 'proposal' | 'negotiation' | 'closed_won' | 'closed_lost'

/** A sale. `amount` is a decimal with two digits after the point. `sdr_id` sourced it, `closer_id` closes it. Ids end in 4. */
export interface DealRow {
  readonly id: number
  readonly name: string
  readonly account_id: number
  readonly person_id: number | null
  readonly lead_id: number | null
  readonly sdr_id: number | null
  readonly closer_id: number | null
  readonly stage: Stage
  readonly amount: string | null
  readonly currency: 'EUR' | 'USD'
  readonly is_closed: boolean
  readonly is_won: boolean
  readonly lost_reason: string | null
  readonly expected_close_on: string
  readonly created_at: string
  readonly closed_at: string | null
  readonly updated_at: string
}

/** One entry of a deal into a stage, with the amount at that moment. `ordinal` counts from 1. Ids end in 5. */
export interface DealStageRow {
  readonly id: number
  readonly deal_id: number
  readonly ordinal: number
  readonly stage: Stage
  readonly amount: string | null
  readonly entered_at: string
  readonly exited_at: string | null
  readonly updated_at: string
}

/** A call or a meeting. `starts_at` of a meeting may lie after now; a call starts when it is logged. Ids end in 6. */
export interface ActivityRow {
  readonly id: number
  readonly type: 'call' | 'meeting'
  readonly subject: string
  readonly lead_id: number
  readonly person_id: number
  readonly account_id: number
  readonly deal_id: number | null
  readonly sdr_id: number
  readonly outcome: string
  readonly duration_s: number | null
  readonly starts_at: string
  readonly created_at: string
  readonly updated_at: string
}

/** An e-mail message. `answered_at` is set on the outbound message that was answered. Ids end in 7. */
export interface EmailRow {
  readonly id: number
  readonly thread_id: number
  readonly in_reply_to: number | null
  readonly direction: 'outbound' | 'inbound'
  readonly lead_id: number
  readonly person_id: number
  readonly account_id: number
  readonly sdr_id: number
  readonly from_address: string
  readonly to_address: string
  readonly subject: string
  readonly status: 'delivered' | 'bounced' | 'received'
  readonly sent_at: string
  readonly opened_at: string | null
  /** True when only a machine (privacy proxy, scanner) opened it; null when nobody did. */
  readonly open_is_machine: boolean | null
  readonly answered_at: string | null
  readonly updated_at: string
}

/** What the mail tool saw of an outbound message. Ids end in 8. */
export interface EmailEventRow {
  readonly id: number
  readonly email_id: number
  readonly sdr_id: number
  readonly type: 'sent' | 'bounce' | 'open' | 'click' | 'reply'
  readonly is_machine: boolean
  readonly occurred_at: string
}

/** A remark on a deal. Ids end in 0. */
export interface NoteRow {
  readonly id: number
  readonly deal_id: number
  readonly text: string
  readonly created_at: string
  readonly updated_at: string
}

/** Something a customer or trial user did in the product. Ids end in 1. */
export interface UsageRow {
  readonly id: number
  readonly account_id: number
  readonly person_id: number
  readonly event: string
  readonly properties: { readonly plan: 'trial' | 'paid'; readonly seats: number; readonly client: string }
  readonly occurred_at: string
}

/** Every stream of records of the company and the shape of its rows. */
export interface Rows {
  sdrs: SdrRow
  teams: TeamRow
  accounts: AccountRow
  people: PersonRow
  leads: LeadRow
  deals: DealRow
  deal_stages: DealStageRow
  notes: NoteRow
  activities: ActivityRow
  emails: EmailRow
  email_events: EmailEventRow
  product_usage: UsageRow
}

export type StreamName = keyof Rows
