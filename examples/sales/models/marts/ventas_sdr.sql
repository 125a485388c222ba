/* ---
description: What each SDR sold, one row per deal that was won. Deals that nobody sourced are not in it.
owner: sales-ops
columns:
  id: { description: The deal, checks: [not null, unique] }
  id_sdr: { description: Who sourced it, checks: [not null, relation: marts.sdrs.id] }
  cliente: { description: The customer, checks: [not null] }
  monto: { description: Euros, checks: [not null] }
  fecha: { description: 'Day in Madrid on which it was won', checks: [not null] }
--- */
select
  deal_id as id,
  sdr_id as id_sdr,
  customer as cliente,
  amount_eur as monto,
  closed_on as fecha
from marts.deals
where is_won and sdr_id is not null
