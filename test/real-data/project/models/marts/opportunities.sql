/* ---
description: One row per opportunity, the known misspellings mended
materialization: table
owner: sales-ops
columns:
  opportunity_id: { checks: [not null, unique] }
  product: { description: 'GTXPro is GTX Pro', checks: [relation: crm.products.product] }
  sector: technolgy is technology
--- */
with mended as (
  select *, case when product = 'GTXPro' then 'GTX Pro' else product end as known_product
  from staging.opportunities
)
select
  o.opportunity_id,
  o.sales_agent as agent,
  o.known_product as product,
  p.series,
  o.account,
  case when a.sector = 'technolgy' then 'technology' else a.sector end as sector,
  o.deal_stage as stage,
  o.engage_date,
  o.close_date,
  o.close_value,
  days_between(o.engage_date, o.close_date) as cycle_days
from mended o
left join staging.accounts a on a.account = o.account
left join crm.products p on p.product = o.known_product
