/* ---
description: One row per message that an SDR sent, with the team of that day
materialization: table
owner: sales-ops
columns:
  email_id: { checks: [not null, unique] }
  is_delivered: It did not bounce
  is_answered: A person answered
--- */
select
  e.email_id,
  e.sent_at,
  e.sdr_id,
  t.team,
  e.status <> 'bounced' as is_delivered,
  e.answered_at is not null as is_answered
from staging.emails e
left join staging.team_stays t
  on t.sdr_id = e.sdr_id and e.sent_on >= t.valid_from and (t.valid_to is null or e.sent_on < t.valid_to)
