/* ---
description: Messages that SDRs sent, one row each; what came in answer is a time on the message that was answered
owner: sales-ops
columns:
  email_id: { description: Ends in 7, checks: [not null, unique] }
  sdr_id: { description: Who wrote it, checks: [not null] }
  sent_on: Day in Madrid
  answered_at: First answer of a person
--- */
select
  id as email_id,
  lead_id,
  sdr_id,
  status,
  sent_at,
  cast(sent_at at time zone 'Europe/Madrid' as date) as sent_on,
  answered_at
from crm.emails
where direction = 'outbound'
