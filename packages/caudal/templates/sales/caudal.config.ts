import { defineProject, duckdb, folder } from 'caudal'

export default defineProject({
  name: 'my-company',
  targets: {
    dev: { warehouse: duckdb({ path: 'data/warehouse.duckdb' }), lake: folder({ path: 'data/lake' }) },
  },
  // Where a day begins, how numbers are written, and the currency of reports.
  timeZone: 'Europe/Madrid',
  locale: 'en-GB',
  currency: 'EUR',
})
