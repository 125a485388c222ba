import { defineProject, duckdb, folder } from 'caudal'

export default defineProject({
  name: 'bench-objects',
  targets: {
    dev: { warehouse: duckdb({ path: 'data/objects.duckdb' }), lake: folder({ path: 'data/lake' }) },
  },
})
