/* ---
description: Salespeople, those without any opportunity too
materialization: table
owner: sales-ops
columns:
  agent: { checks: [not null, unique] }
checks:
  - expression: opportunities > 0
    severity: warn
    name: agents without an opportunity
--- */
select a.sales_agent as agent, a.manager, a.regional_office as region, count(o.opportunity_id) as opportunities
from crm.agents a
left join staging.opportunities o on o.sales_agent = a.sales_agent
group by 1, 2, 3
