import { authoring, type Decimal, type Instant, type Integer } from '@caudal/authoring'

export interface Tables {
  'helpdesk.tickets': {
    id: Integer
    subject: string | null
    agent: string
    refund: Decimal | null
    updated_at: Instant
  }
  'marts.agents': { name: string; team: string }
}

export const { metric, dashboard, tile, check, modelTest } = authoring<Tables>()
