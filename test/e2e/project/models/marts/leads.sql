/* ---
materialization: table
description: Leads with how far they came.
columns:
  id:
    checks:
      - unique
  amount:
    checks:
      - range: { min: 0 }
--- */
SELECT
  id,
  sdr,
  team,
  channel,
  stage = 'won' AS is_won,
  stage IN ('won', 'met') AS is_met,
  amount,
  entered_on
FROM crm.leads
