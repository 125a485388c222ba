import { defineProject, duckdb, folder } from 'caudal'

export default defineProject({
  name: 'crm-opportunities',
  targets: {
    dev: { warehouse: duckdb({ path: 'data/warehouse.duckdb' }), lake: folder({ path: 'data/lake' }) },
  },
  locale: 'en-US',
  currency: 'USD',
})
