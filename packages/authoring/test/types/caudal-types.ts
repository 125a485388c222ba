import { authoring, type Decimal, type Instant, type Integer, type LocalDate } from '@caudal/authoring'

export interface Tables {
  'marts.deals': {
    id: string
    amount: Decimal | null
    seats: Integer
    score: number | null
    is_won: boolean
    sdr_id: string | null
    sdr_name: string | null
    closed_at: Instant | null
    closed_on: LocalDate | null
  }
  'crm.sdrs': { id: string; name: string; team: string | null; hired_on: LocalDate }
}

export const { metric, dashboard, tile, check, modelTest } = authoring<Tables>()
