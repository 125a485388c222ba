/* ---
description: What each SDR should sell per month, in euros, with the team of the first day of the month
owner: sales-ops
columns:
  sdr_id: { checks: [not null, relation: marts.sdrs.id] }
checks:
  - unique: [sdr_id, month]
--- */
select q.sdr_id, q.month, t.team, q.won_amount_eur as quota_eur, q.meetings
from backoffice.quotas q
left join staging.team_stays t
  on t.sdr_id = q.sdr_id and q.month >= t.valid_from and (t.valid_to is null or q.month < t.valid_to)
