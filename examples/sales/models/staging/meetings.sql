/* ---
description: Meetings with leads, past and planned
owner: sales-ops
columns:
  meeting_id: { description: Ends in 6, checks: [not null, unique] }
  outcome: What came of it
  starts_on: Day in Madrid
--- */
select
  id as meeting_id,
  lead_id,
  sdr_id,
  outcome,
  starts_at,
  cast(starts_at at time zone 'Europe/Madrid' as date) as starts_on
from crm.activities
where type = 'meeting'
