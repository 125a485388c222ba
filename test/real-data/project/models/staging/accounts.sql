/* ---
description: Customers as they came, with what is wrong shown by checks
owner: sales-ops
columns:
  account: { checks: [not null, unique] }
  sector:
    checks:
      - accepted values: [employment, entertainment, finance, marketing, medical, retail, services, software, technology, telecommunications]
        severity: warn
        name: sectors that are misspelt
--- */
select account, sector, employees, office_location
from crm.accounts
