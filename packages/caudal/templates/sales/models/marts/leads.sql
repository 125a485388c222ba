/* ---
description: One row per lead with how far it came
materialization: table
owner: sales
columns:
  id: { checks: [not null, unique] }
  is_qualified: Sales qualified it
  is_converted: It became a deal
  is_won: Its deal was won
--- */
select
  l.id,
  l.sdr_id,
  l.source,
  l.created_at,
  l.qualified_at is not null as is_qualified,
  l.converted_at is not null as is_converted,
  coalesce(d.stage = 'closed_won', false) as is_won
from crm.leads l
left join crm.deals d on d.lead_id = l.id
