import { warehouseContract } from '@caudal/testkit'
import { openWarehouse } from '../src/index.ts'

warehouseContract('duckdb', {
  open: (folder) => openWarehouse({ path: 'warehouse.duckdb' }, { projectPath: folder }),
})
