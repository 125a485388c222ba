/* ---
description: The pipeline as it came, with what is wrong in it shown by checks
owner: sales-ops
columns:
  opportunity_id: { checks: [not null, unique] }
  sales_agent: { checks: [relation: crm.agents.sales_agent] }
  product:
    checks:
      - relation: crm.products.product
        severity: warn
        name: products that the price list does not know
  account:
    checks:
      - relation: crm.accounts.account
  deal_stage: { checks: [accepted values: [Prospecting, Engaging, Won, Lost]] }
checks:
  - expression: account is not null
    severity: warn
    name: opportunities without an account
  - expression: (deal_stage in ('Won', 'Lost')) = (close_date is not null)
    name: what is decided has a day of closing
  - expression: close_date is null or engage_date <= close_date
    name: nothing is closed before it was begun
  - expression: deal_stage <> 'Won' or close_value > 0
    name: what was won has a value
--- */
select opportunity_id, sales_agent, product, account, deal_stage, engage_date, close_date, close_value
from crm.opportunities
