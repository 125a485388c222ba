import { defineProject, duckdb, folder } from 'caudal'

export default defineProject({
  name: 'riada-sales',
  targets: {
    dev: { warehouse: duckdb({ path: 'data/sales.duckdb' }), lake: folder({ path: 'data/lake' }) },
  },
  timeZone: 'Europe/Madrid',
  locale: 'es-ES',
  currency: 'EUR',
})
