import { defineProject, duckdb, folder } from 'caudal'

export default defineProject({
  name: 'bench-tiles',
  targets: {
    dev: { warehouse: duckdb({ path: 'data/tiles.duckdb' }), lake: folder({ path: 'data/lake' }) },
  },
})
