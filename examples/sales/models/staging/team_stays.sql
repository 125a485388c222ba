/* ---
description: Who was in which team, from when to when
owner: people-ops
columns:
  sdr_id: { checks: [not null, relation: backoffice.sdrs.id] }
  valid_from: First day
  valid_to: Day after the last; none while it lasts
checks:
  - expression: valid_to is null or valid_from < valid_to
    name: a stay ends after it began
  - name: nobody is in two teams on one day
    sql: >
      select a.sdr_id, a.team, b.team as other_team
      from staging.team_stays a
      join staging.team_stays b on b.sdr_id = a.sdr_id and b.valid_from > a.valid_from
      where a.valid_to is null or b.valid_from < a.valid_to
--- */
select sdr_id, team, role, valid_from, valid_to
from backoffice.teams
