import { atomicityContract } from './warehouse/atomicity.ts'
import { badCsvContract } from './warehouse/bad-csv.ts'
import { badInputContract } from './warehouse/bad-input.ts'
import { flushContract } from './warehouse/flushing.ts'
import { mergingContract } from './warehouse/merging.ts'
import { partitionContract } from './warehouse/partitions.ts'
import { publishingContract } from './warehouse/publishing.ts'
import { replayingContract } from './warehouse/replaying.ts'
import { snapshotContract } from './warehouse/snapshots.ts'
import { togetherContract } from './warehouse/together.ts'
import { valuesContract } from './warehouse/values.ts'
import { writtenContract } from './warehouse/written.ts'
import type { WarehouseFactory } from './warehouse/world.ts'

export { sourceContract } from './source/contract.ts'
export { sourceBehaviours, type SourceBehaviour } from './source/behaviours.ts'
export { sourceRecords, type SourceFactory, type SourceFixture, type SourceRecord } from './source/fixture.ts'
export { hasCode } from './warehouse/atomicity.ts'
export { breaking, brokenWarehouses, type BrokenWarehouse } from './warehouse/broken.ts'
export { hardValues, type HardValue } from './warehouse/values.ts'
export { WarehouseWorld, dealColumns, type LoadFacts, type WarehouseFactory } from './warehouse/world.ts'

/** The contract suite of the Warehouse door: an adapter package calls it with a factory inside a test file. */
export function warehouseContract(name: string, factory: WarehouseFactory): void {
  atomicityContract(name, factory)
  mergingContract(name, factory)
  replayingContract(name, factory)
  snapshotContract(name, factory)
  valuesContract(name, factory)
  partitionContract(name, factory)
  togetherContract(name, factory)
  badInputContract(name, factory)
  badCsvContract(name, factory)
  writtenContract(name, factory)
  publishingContract(name, factory)
  flushContract(name, factory)
}
export { startPostgres, type PostgresServer } from './postgres.ts'
export { controlBehaviours, type ControlBehaviour } from './control/behaviours.ts'
export { controlContract } from './control/control-contract.ts'
export type { ControlDatabase, ControlFactory } from './control/world.ts'
export { lakeContract } from './lake/contract.ts'
export { lakeBehaviours, type LakeBehaviour } from './lake/behaviours.ts'
export { type LakeFactory } from './lake/world.ts'
export { logContract } from './log/contract.ts'
export { logBehaviours, type LogBehaviour } from './log/behaviours.ts'
export { LogWorld, type LogFactory, type SeenEvent, type TestEvent } from './log/world.ts'
export { breakingLog, brokenLogs, type BrokenLog } from './log/broken.ts'
