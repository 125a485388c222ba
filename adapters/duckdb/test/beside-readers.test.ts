import type { Readers } from '@caudal/spec'
import { warehouseContract } from '@caudal/testkit'
import { openWarehouse } from '../src/index.ts'

/** Somebody who has an answer now and then, so that all work goes on in pieces. */
const readers: Readers = {
  areAround: true,
  gone: async () => {},
  watch: (listener) => {
    listener(false)
    return () => {}
  },
}

warehouseContract('duckdb beside readers', {
  open: (folder) => openWarehouse({ path: 'warehouse.duckdb' }, { projectPath: folder, readers }),
})
