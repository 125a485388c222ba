/* ---
description: What each account did in the product per day
incremental: { time: day, grain: month, start: 2025-01-01 }
owner: product
columns:
  day: First moment of the day, UTC
checks:
  - unique: [account_id, day]
--- */
select
  date_trunc('day', occurred_at) as day,
  account_id,
  count(*) as events
from backoffice.product_usage
where occurred_at >= $interval_start and occurred_at < $interval_end
group by 1, 2
