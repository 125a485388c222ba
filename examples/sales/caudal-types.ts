// Made by `caudal typegen` from schemas/ and models/. Commit it; do not edit it.
import { authoring, type Decimal, type Instant, type Integer, type JsonValue, type LocalDate } from 'caudal'

/** The columns of every table and model. Decimals and integers are text: every digit is kept. */
export interface Tables {
  'backoffice.fx_rates': {
    date: LocalDate
    currency: string
    eur_per_unit: Decimal
  }
  'backoffice.product_usage': {
    id: Integer
    account_id: Integer
    person_id: Integer | null
    event: string | null
    properties: JsonValue | null
    occurred_at: Instant
  }
  'backoffice.quotas': {
    sdr_id: Integer
    month: LocalDate
    meetings: Integer | null
    won_amount_eur: Decimal | null
  }
  'backoffice.sdrs': {
    id: Integer
    name: string
    email: string | null
    role: string | null
    is_active: boolean | null
    hired_on: LocalDate | null
    left_on: LocalDate | null
    updated_at: Instant | null
  }
  'backoffice.teams': {
    id: Integer
    sdr_id: Integer
    team: string
    role: string | null
    valid_from: LocalDate
    valid_to: LocalDate | null
    updated_at: Instant | null
  }
  'crm.accounts': {
    id: Integer
    name: string
    country: string | null
    industry: string | null
    employees: Integer | null
    created_at: Instant
    updated_at: Instant
  }
  'crm.activities': {
    id: Integer
    type: string
    lead_id: Integer
    sdr_id: Integer
    outcome: string
    starts_at: Instant
    updated_at: Instant
  }
  'crm.deals': {
    id: Integer
    name: string
    account_id: Integer
    lead_id: Integer | null
    sdr_id: Integer | null
    closer_id: Integer | null
    stage: string
    amount: Decimal | null
    currency: string
    is_closed: boolean
    is_won: boolean
    created_at: Instant
    closed_at: Instant | null
    updated_at: Instant
  }
  'crm.emails': {
    id: Integer
    lead_id: Integer
    sdr_id: Integer
    direction: string
    status: string
    sent_at: Instant
    answered_at: Instant | null
    updated_at: Instant
  }
  'crm.leads': {
    id: Integer
    account_id: Integer
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
  'marts.deals': {
    deal_id: Integer
    name: string
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
    amount_eur: Decimal | null
    created_at: Instant
    closed_at: Instant | null
    closed_on: LocalDate | null
  }
  'marts.emails': {
    email_id: Integer
    sent_at: Instant
    sdr_id: Integer
    team: string | null
    is_delivered: boolean | null
    is_answered: boolean | null
  }
  'marts.leads': {
    lead_id: Integer
    created_at: Instant
    source: string
    sdr_id: Integer | null
    team: string | null
    country: string | null
    is_mql: boolean | null
    is_sql: boolean | null
    is_converted: boolean | null
    is_won: boolean
  }
  'marts.meetings': {
    meeting_id: Integer
    starts_at: Instant
    sdr_id: Integer
    team: string | null
    is_held: boolean | null
  }
  'marts.product_usage': {
    day: Instant | null
    account_id: Integer
    events: Integer
  }
  'marts.quotas': {
    sdr_id: Integer
    month: LocalDate
    team: string | null
    quota_eur: Decimal | null
    meetings: Integer | null
  }
  'marts.sdrs': {
    id: Integer
    sdr: string
    is_active: boolean | null
    hired_on: LocalDate | null
    left_on: LocalDate | null
    role: string | null
    team: string | null
  }
  'marts.ventas_sdr': {
    id: Integer
    id_sdr: Integer
    cliente: string
    monto: Decimal
    fecha: LocalDate
  }
  'staging.deals': {
    deal_id: Integer
    name: string
    account_id: Integer
    lead_id: Integer | null
    sdr_id: Integer | null
    closer_id: Integer | null
    stage: string
    amount: Decimal | null
    currency: string
    is_closed: boolean
    is_won: boolean
    created_at: Instant
    created_on: LocalDate | null
    closed_at: Instant | null
    closed_on: LocalDate | null
  }
  'staging.emails': {
    email_id: Integer
    lead_id: Integer
    sdr_id: Integer
    status: string
    sent_at: Instant
    sent_on: LocalDate | null
    answered_at: Instant | null
  }
  'staging.exchange_rates': {
    currency: string
    valid_from: LocalDate
    valid_to: LocalDate | null
    euros: Decimal
  }
  'staging.leads': {
    lead_id: Integer
    account_id: Integer
    sdr_id: Integer | null
    source: string
    status: string
    deal_id: Integer | null
    created_at: Instant
    created_on: LocalDate | null
    contacted_at: Instant | null
    mql_at: Instant | null
    sql_at: Instant | null
    converted_at: Instant | null
  }
  'staging.meetings': {
    meeting_id: Integer
    lead_id: Integer
    sdr_id: Integer
    outcome: string
    starts_at: Instant
    starts_on: LocalDate | null
  }
  'staging.team_stays': {
    sdr_id: Integer
    team: string
    role: string | null
    valid_from: LocalDate
    valid_to: LocalDate | null
  }
}

/** The functions that name tables and columns, narrowed to those above. */
export const { metric, dashboard, tile, check, modelTest } = authoring<Tables>()
