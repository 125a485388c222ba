/* ---
description: What the deals are worth
materialization: table
columns:
  total: { checks: [not null] }
--- */

select count(*) as deals, sum(amount) as total
from crm.deals
