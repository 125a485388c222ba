/* ---
description: >
  One row per lead with how far it came. The team is the one that its SDR was in on the day the lead came, so a change of team moves no history.
materialization: table
owner: sales-ops
columns:
  lead_id: { checks: [not null, unique] }
  is_mql: Marketing qualified it
  is_sql: Sales qualified it
  is_converted: It became a deal
  is_won: Its deal was won
checks:
  - expression: not is_won or is_converted
    name: only a lead that became a deal can be won
--- */
select
  l.lead_id,
  l.created_at,
  l.source,
  l.sdr_id,
  t.team,
  a.country,
  l.mql_at is not null as is_mql,
  l.sql_at is not null as is_sql,
  l.converted_at is not null as is_converted,
  coalesce(d.is_won, false) as is_won
from staging.leads l
left join crm.accounts a on a.id = l.account_id
left join staging.deals d on d.deal_id = l.deal_id
left join staging.team_stays t
  on t.sdr_id = l.sdr_id and l.created_on >= t.valid_from and (t.valid_to is null or l.created_on < t.valid_to)
