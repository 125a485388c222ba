/* ---
description: One row per meeting with a lead that has taken place or failed, with the team of that day
materialization: table
owner: sales-ops
columns:
  meeting_id: { checks: [not null, unique] }
  is_held: It took place
--- */
select m.meeting_id, m.starts_at, m.sdr_id, t.team, m.outcome = 'completed' as is_held
from staging.meetings m
left join staging.team_stays t
  on t.sdr_id = m.sdr_id and m.starts_on >= t.valid_from and (t.valid_to is null or m.starts_on < t.valid_to)
where m.outcome <> 'scheduled'
