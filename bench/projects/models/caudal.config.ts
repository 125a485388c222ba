import { defineProject, duckdb, folder } from 'caudal'

export default defineProject({
  name: 'bench-models',
  targets: {
    dev: { warehouse: duckdb({ path: 'data/models.duckdb' }), lake: folder({ path: 'data/lake' }) },
  },
})
