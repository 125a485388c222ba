/* ---
description: What each SDR sold, one row per deal that was won
materialization: table
owner: sales
columns:
  id: { description: The deal, checks: [not null, unique] }
  id_sdr: { description: Who sourced it, checks: [not null, relation: crm.sdrs.id] }
  cliente: The customer
  monto: { description: Euros, checks: [not null, range: { min: 0 }] }
  fecha: Day on which it was won
--- */
select
  id,
  sdr_id as id_sdr,
  customer as cliente,
  amount as monto,
  cast(closed_at at time zone 'Europe/Madrid' as date) as fecha
from crm.deals
where stage = 'closed_won' and sdr_id is not null
