/* ---
description: Deals as the CRM has them now
owner: sales-ops
columns:
  deal_id: { description: Ends in 4, checks: [not null, unique] }
  sdr_id: Who sourced it; none for direct deals
  closer_id: Who closes it
  stage:
    description: Stage of the pipeline
    checks:
      - accepted values: [qualification, demo, proposal, negotiation, closed_won, closed_lost]
  amount: In the currency of the deal; none before it is known
  closed_on: Day in Madrid on which it was won or lost
checks:
  - expression: is_closed = (closed_at is not null)
    name: a closed deal has a time of closing, an open one has none
--- */
select
  id as deal_id,
  name,
  account_id,
  lead_id,
  sdr_id,
  closer_id,
  stage,
  amount,
  currency,
  is_closed,
  is_won,
  created_at,
  cast(created_at at time zone 'Europe/Madrid' as date) as created_on,
  closed_at,
  cast(closed_at at time zone 'Europe/Madrid' as date) as closed_on
from crm.deals
