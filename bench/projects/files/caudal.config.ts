import { defineProject, duckdb, folder } from 'caudal'

export default defineProject({
  name: 'bench-files',
  targets: {
    dev: { warehouse: duckdb({ path: 'data/files.duckdb' }), lake: folder({ path: 'data/lake' }) },
  },
})
