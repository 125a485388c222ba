import { openWarehouse } from '@caudal/engine'
import { duckdb } from '@caudal/duckdb'
import type { Warehouse } from '@caudal/spec'

/** Runs some work on an empty warehouse in memory. */
export async function withScratch<T>(
  projectPath: string,
  work: (scratch: Warehouse) => Promise<T>,
): Promise<T> {
  const scratch = await openWarehouse(duckdb({ path: ':memory:' }), { projectPath })
  try {
    return await work(scratch)
  } finally {
    await scratch.close()
  }
}
