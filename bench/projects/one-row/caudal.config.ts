import { defineProject, duckdb, folder } from 'caudal'

export default defineProject({
  name: 'bench-one-row',
  targets: {
    dev: { warehouse: duckdb({ path: 'data/one-row.duckdb' }), lake: folder({ path: 'data/lake' }) },
  },
})
