/* ---
description: >
  One row per deal, its amount in euros at the rate of the day it was closed (of the day it was created while it is open).
  The team is the one that its SDR was in on that day.
materialization: table
owner: sales-ops
columns:
  deal_id: { checks: [not null, unique] }
  customer: { description: Name of the account, checks: [not null] }
  amount_eur: { description: In euros to the cent, checks: [range: { min: 0 }] }
checks:
  - expression: not is_won or amount_eur is not null
    name: a deal that was won has an amount in euros
--- */
with dated as (
  select *, coalesce(closed_on, created_on) as counted_on
  from staging.deals
)
select
  d.deal_id,
  d.name,
  a.name as customer,
  a.country,
  a.industry,
  coalesce(l.source, 'direct') as source,
  d.sdr_id,
  t.team,
  d.closer_id,
  d.stage,
  d.is_closed,
  d.is_won,
  d.amount,
  d.currency,
  cast(round_to(d.amount * r.euros, 2) as decimal(18, 2)) as amount_eur,
  d.created_at,
  d.closed_at,
  d.closed_on
from dated d
left join crm.accounts a on a.id = d.account_id
left join staging.leads l on l.lead_id = d.lead_id
left join staging.exchange_rates r
  on r.currency = d.currency and d.counted_on >= r.valid_from and (r.valid_to is null or d.counted_on < r.valid_to)
left join staging.team_stays t
  on t.sdr_id = d.sdr_id and d.counted_on >= t.valid_from and (t.valid_to is null or d.counted_on < t.valid_to)
