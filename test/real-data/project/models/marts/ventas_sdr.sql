/* ---
description: What each agent sold, one row per opportunity that was won
owner: sales-ops
columns:
  id: { checks: [not null, unique] }
  id_sdr: { checks: [not null] }
  cliente: { checks: [not null] }
  monto: { checks: [not null] }
--- */
select opportunity_id as id, agent as id_sdr, account as cliente, close_value as monto, close_date as fecha
from marts.opportunities
where stage = 'Won'
