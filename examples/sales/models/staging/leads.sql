/* ---
description: Leads with the time of each step
owner: sales-ops
columns:
  lead_id: { description: Ends in 3, checks: [not null, unique] }
  sdr_id: Whose lead it is; none when nobody took it
  source: Where it came from
  created_on: Day in Madrid
checks:
  - expression: converted_at is null or sql_at is not null
    name: what became a deal was qualified by sales before
    severity: warn
--- */
select
  id as lead_id,
  account_id,
  sdr_id,
  source,
  status,
  deal_id,
  created_at,
  cast(created_at at time zone 'Europe/Madrid' as date) as created_on,
  contacted_at,
  mql_at,
  sql_at,
  converted_at
from crm.leads
