// Made by `caudal typegen` from schemas/ and models/. Commit it; do not edit it.
import { authoring, type Decimal, type Instant, type Integer, type JsonValue, type LocalDate } from 'caudal'

/** The columns of every table and model. Decimals and integers are text: every digit is kept. */
export interface Tables {
  /** Euros per unit of a currency, per day */
  'backoffice.fx_rates': {
    date: LocalDate
    currency: string
    eur_per_unit: Decimal
  }
  /** What accounts did in the product */
  'backoffice.product_usage': {
    id: Integer
    account_id: Integer
    person_id: Integer | null
    event: string | null
    properties: JsonValue | null
    occurred_at: Instant
  }
  /** What each SDR should reach per month */
  'backoffice.quotas': {
    sdr_id: Integer
    /** First day of the month */
    month: LocalDate
    meetings: Integer | null
    won_amount_eur: Decimal | null
  }
  /** Salespeople, those who left too */
  'backoffice.sdrs': {
    id: Integer
    name: string
    email: string | null
    /** sdr or closer, as of now */
    role: string | null
    is_active: boolean | null
    hired_on: LocalDate | null
    left_on: LocalDate | null
    updated_at: Instant | null
  }
  /** Stays in teams, one row each */
  'backoffice.teams': {
    id: Integer
    sdr_id: Integer
    team: string
    role: string | null
    valid_from: LocalDate
    /** The day after the last; none while it lasts */
    valid_to: LocalDate | null
    updated_at: Instant | null
  }
  /** Companies we sell to */
  'crm.accounts': {
    id: Integer
    name: string
    /** ISO 3166 code of two letters */
    country: string | null
    industry: string | null
    employees: Integer | null
    created_at: Instant
    updated_at: Instant
  }
  /** Calls and meetings */
  'crm.activities': {
    id: Integer
    type: string
    lead_id: Integer
    sdr_id: Integer
    outcome: string
    starts_at: Instant
    updated_at: Instant
  }
  /** Sales, open and closed */
  'crm.deals': {
    id: Integer
    name: string
    account_id: Integer
    lead_id: Integer | null
    /** Who sourced it */
    sdr_id: Integer | null
    /** Who closes it */
    closer_id: Integer | null
    stage: string
    /** In the currency of the deal */
    amount: Decimal | null
    currency: string
    is_closed: boolean
    is_won: boolean
    created_at: Instant
    closed_at: Instant | null
    updated_at: Instant
  }
  /** Messages from and to leads */
  'crm.emails': {
    id: Integer
    lead_id: Integer
    sdr_id: Integer
    direction: string
    status: string
    sent_at: Instant
    /** When the message was answered */
    answered_at: Instant | null
    updated_at: Instant
  }
  /** People who may buy, with the time of each step */
  'crm.leads': {
    id: Integer
    account_id: Integer
    /** Whose lead it is */
    sdr_id: Integer | null
    source: string
    status: string
    deal_id: Integer | null
    created_at: Instant
    contacted_at: Instant | null
    mql_at: Instant | null
    sql_at: Instant | null
    converted_at: Instant | null
    updated_at: Instant
  }
  /** One row per deal, its amount in euros at the rate of the day it was closed (of the day it was created while it is open). The team is the one that its SDR was in on that day. */
  'marts.deals': {
    deal_id: Integer
    name: string
    /** Name of the account */
    customer: string
    country: string | null
    industry: string | null
    source: string
    sdr_id: Integer | null
    team: string | null
    closer_id: Integer | null
    stage: string
    is_closed: boolean
    is_won: boolean
    amount: Decimal | null
    currency: string
    /** In euros to the cent */
    amount_eur: Decimal | null
    created_at: Instant
    closed_at: Instant | null
    closed_on: LocalDate | null
  }
  /** One row per message that an SDR sent, with the team of that day */
  'marts.emails': {
    email_id: Integer
    sent_at: Instant
    sdr_id: Integer
    team: string | null
    /** It did not bounce */
    is_delivered: boolean | null
    /** A person answered */
    is_answered: boolean | null
  }
  /** One row per lead with how far it came. The team is the one that its SDR was in on the day the lead came, so a change of team moves no history. */
  'marts.leads': {
    lead_id: Integer
    created_at: Instant
    source: string
    sdr_id: Integer | null
    team: string | null
    country: string | null
    /** Marketing qualified it */
    is_mql: boolean | null
    /** Sales qualified it */
    is_sql: boolean | null
    /** It became a deal */
    is_converted: boolean | null
    /** Its deal was won */
    is_won: boolean
  }
  /** One row per meeting with a lead that has taken place or failed, with the team of that day */
  'marts.meetings': {
    meeting_id: Integer
    starts_at: Instant
    sdr_id: Integer
    team: string | null
    /** It took place */
    is_held: boolean | null
  }
  /** What each account did in the product per day */
  'marts.product_usage': {
    /** First moment of the day, UTC */
    day: Instant | null
    account_id: Integer
    events: Integer
  }
  /** What each SDR should sell per month, in euros, with the team of the first day of the month */
  'marts.quotas': {
    sdr_id: Integer
    month: LocalDate
    team: string | null
    quota_eur: Decimal | null
    meetings: Integer | null
  }
  /** Salespeople, each with the team of today or the last one */
  'marts.sdrs': {
    id: Integer
    /** As boards show it: the name, with the id where several have the same */
    sdr: string
    is_active: boolean | null
    hired_on: LocalDate | null
    left_on: LocalDate | null
    role: string | null
    /** Present team, or the last */
    team: string | null
  }
  /** What each SDR sold, one row per deal that was won. Deals that nobody sourced are not in it. */
  'marts.ventas_sdr': {
    /** The deal */
    id: Integer
    /** Who sourced it */
    id_sdr: Integer
    /** The customer */
    cliente: string
    /** Euros */
    monto: Decimal
    /** Day in Madrid on which it was won */
    fecha: LocalDate
  }
  /** Deals as the CRM has them now */
  'staging.deals': {
    /** Ends in 4 */
    deal_id: Integer
    name: string
    account_id: Integer
    lead_id: Integer | null
    /** Who sourced it; none for direct deals */
    sdr_id: Integer | null
    /** Who closes it */
    closer_id: Integer | null
    /** Stage of the pipeline */
    stage: string
    /** In the currency of the deal; none before it is known */
    amount: Decimal | null
    currency: string
    is_closed: boolean
    is_won: boolean
    created_at: Instant
    created_on: LocalDate | null
    closed_at: Instant | null
    /** Day in Madrid on which it was won or lost */
    closed_on: LocalDate | null
  }
  /** Messages that SDRs sent, one row each; what came in answer is a time on the message that was answered */
  'staging.emails': {
    /** Ends in 7 */
    email_id: Integer
    lead_id: Integer
    /** Who wrote it */
    sdr_id: Integer
    status: string
    sent_at: Instant
    /** Day in Madrid */
    sent_on: LocalDate | null
    /** First answer of a person */
    answered_at: Instant | null
  }
  /** Euros per unit of another currency, from one day until the next rate */
  'staging.exchange_rates': {
    currency: string
    valid_from: LocalDate
    /** Day of the next rate; none for the newest, which counts until there is a newer */
    valid_to: LocalDate | null
    euros: Decimal
  }
  /** Leads with the time of each step */
  'staging.leads': {
    /** Ends in 3 */
    lead_id: Integer
    account_id: Integer
    /** Whose lead it is; none when nobody took it */
    sdr_id: Integer | null
    /** Where it came from */
    source: string
    status: string
    deal_id: Integer | null
    created_at: Instant
    /** Day in Madrid */
    created_on: LocalDate | null
    contacted_at: Instant | null
    mql_at: Instant | null
    sql_at: Instant | null
    converted_at: Instant | null
  }
  /** Meetings with leads, past and planned */
  'staging.meetings': {
    /** Ends in 6 */
    meeting_id: Integer
    lead_id: Integer
    sdr_id: Integer
    /** What came of it */
    outcome: string
    starts_at: Instant
    /** Day in Madrid */
    starts_on: LocalDate | null
  }
  /** Who was in which team, from when to when */
  'staging.team_stays': {
    sdr_id: Integer
    team: string
    role: string | null
    /** First day */
    valid_from: LocalDate
    /** Day after the last; none while it lasts */
    valid_to: LocalDate | null
  }
}

/** The functions that name tables and columns, narrowed to those above. */
export const { metric, dashboard, tile, check, modelTest } = authoring<Tables>()
