import { defineProject, duckdb, folder } from 'caudal'

export default defineProject({
  name: 'bench-start',
  targets: { dev: { warehouse: duckdb({ path: 'data/start.duckdb' }), lake: folder({ path: 'data/lake' }) } },
})
