import { defineProject, duckdb, folder } from 'caudal'

export default defineProject({
  name: 'bench-rest',
  targets: {
    dev: { warehouse: duckdb({ path: 'data/rest.duckdb' }), lake: folder({ path: 'data/lake' }) },
  },
})
