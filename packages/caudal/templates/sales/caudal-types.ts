// Made by `caudal typegen` from schemas/ and models/. Commit it; do not edit it.
import { authoring, type Decimal, type Instant, type Integer, type LocalDate } from 'caudal'

/** The columns of every table and model. Decimals and integers are text: every digit is kept. */
export interface Tables {
  'crm.deals': {
    id: Integer
    customer: string
    lead_id: Integer | null
    sdr_id: Integer | null
    stage: string
    amount: Decimal | null
    created_at: Instant
    closed_at: Instant | null
  }
  'crm.emails': {
    id: Integer
    sdr_id: Integer
    sent_at: Instant
    answered_at: Instant | null
  }
  'crm.leads': {
    id: Integer
    sdr_id: Integer | null
    source: string
    created_at: Instant
    qualified_at: Instant | null
    converted_at: Instant | null
  }
  'crm.sdrs': {
    id: Integer
    name: string
    team: string | null
  }
  'marts.leads': {
    id: Integer
    sdr_id: Integer | null
    source: string
    created_at: Instant
    is_qualified: boolean | null
    is_converted: boolean | null
    is_won: boolean
  }
  'marts.ventas_sdr': {
    id: Integer
    id_sdr: Integer
    cliente: string
    monto: Decimal
    fecha: LocalDate | null
  }
}

/** The functions that name tables and columns, narrowed to those above. */
export const { metric, dashboard, tile, check, modelTest } = authoring<Tables>()
