import type { Warehouse } from '@caudal/spec'
import assert from 'node:assert/strict'
import { assertBooks, assertEqualsSource, contents } from './books.ts'
import { inRebuilt } from './project.ts'
import { inWarehouse, warehouseOf } from './warehouse-file.ts'
import type { World } from './world.ts'

/** The tables hold what the source holds, the books agree, what else is asked holds, and the lake alone gives the same tables. */
export async function assertWhole(
  folder: string,
  world: World,
  assertMore: (warehouse: Warehouse) => Promise<void>,
): Promise<void> {
  const live = await inWarehouse(warehouseOf(folder), async (warehouse) => {
    await assertEqualsSource(warehouse, world)
    await assertBooks(warehouse, folder)
    await assertMore(warehouse)
    return contents(warehouse)
  })
  await inRebuilt(folder, async (rebuilt) => assert.deepEqual(await contents(rebuilt), live))
}
