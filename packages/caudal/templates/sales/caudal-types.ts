// Made by `caudal typegen` from schemas/ and models/. Commit it; do not edit it.
import { authoring, type Decimal, type Instant, type Integer, type LocalDate } from 'caudal'

/** The columns of every table and model. Decimals and integers are text: every digit is kept. */
export interface Tables {
  'crm.deals': {
    id: Integer
    customer: string
    lead_id: Integer | null
    /** Who sourced it */
    sdr_id: Integer | null
    stage: string
    /** Euros */
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
    /** When it became a deal */
    converted_at: Instant | null
  }
  'crm.sdrs': {
    id: Integer
    name: string
    team: string | null
  }
  /** One row per lead with how far it came */
  'marts.leads': {
    id: Integer
    sdr_id: Integer | null
    source: string
    created_at: Instant
    /** Sales qualified it */
    is_qualified: boolean | null
    /** It became a deal */
    is_converted: boolean | null
    /** Its deal was won */
    is_won: boolean
  }
  /** What each SDR sold, one row per deal that was won */
  'marts.ventas_sdr': {
    /** The deal */
    id: Integer
    /** Who sourced it */
    id_sdr: Integer
    /** The customer */
    cliente: string
    /** Euros */
    monto: Decimal
    /** Day on which it was won */
    fecha: LocalDate | null
  }
}

/** The functions that name tables and columns, narrowed to those above. */
export const { metric, dashboard, tile, check, modelTest } = authoring<Tables>()
