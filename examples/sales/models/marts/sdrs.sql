/* ---
description: Salespeople, each with the team of today or the last one
materialization: table
owner: people-ops
columns:
  id: { checks: [not null, unique] }
  name: { description: As people see it, checks: [not null] }
  team: Present team, or the last
checks:
  - unique: [name]
    severity: warn
--- */
with last_stay as (
  select sdr_id, team, role, row_number() over (partition by sdr_id order by valid_from desc nulls last) as place
  from staging.team_stays
)
select s.id, s.name, s.is_active, s.hired_on, s.left_on, l.role, l.team
from backoffice.sdrs s
left join last_stay l on l.sdr_id = s.id and l.place = 1
