/* ---
description: Salespeople, each with the team of today or the last one
materialization: table
owner: people-ops
columns:
  id: { checks: [not null, unique] }
  sdr: { description: 'As boards show it: the name, with the id where several have the same', checks: [not null, unique] }
  team: Present team, or the last
--- */
with last_stay as (
  select sdr_id, team, role, row_number() over (partition by sdr_id order by valid_from desc nulls last) as place
  from staging.team_stays
)
select
  s.id,
  case when count(*) over (partition by s.name) = 1 then s.name else concat(s.name, ' (', s.id, ')') end as sdr,
  s.is_active,
  s.hired_on,
  s.left_on,
  l.role,
  l.team
from backoffice.sdrs s
left join last_stay l on l.sdr_id = s.id and l.place = 1
