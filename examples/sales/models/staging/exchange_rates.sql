/* ---
description: Euros per unit of another currency, from one day until the next rate
owner: finance
columns:
  euros: { checks: [range: { min: 0.0001 }] }
  valid_to: Day of the next rate; none for the newest, which counts until there is a newer
checks:
  - unique: [currency, valid_from]
--- */
select
  currency,
  date as valid_from,
  lead(date) over (partition by currency order by date) as valid_to,
  eur_per_unit as euros
from backoffice.fx_rates
union all
select 'EUR' as currency, date '2000-01-01' as valid_from, null as valid_to, 1.0000 as euros
