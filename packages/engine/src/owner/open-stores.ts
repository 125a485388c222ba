import type { Lake, LoadId, Manifest, TargetNode, Warehouse } from '@caudal/spec'
import { Committer, type Recovered } from '../load/committer.ts'
import { WriterLane } from '../load/lane.ts'
import { CountedReaders } from '../load/readers.ts'
import { openLake, openWarehouse } from '../worker/open-adapter.ts'
import { targetOf } from './target-of.ts'

/** Where an owner keeps data, opened. */
export interface Stores {
  readonly target: TargetNode
  readonly warehouse: Warehouse
  readonly lake: Lake
  /** Those who are answered from the warehouse. */
  readonly readers: CountedReaders
  /** The newest load of the lake. */
  readonly lastLoad: LoadId
}

/** What was found in the lake beside what the warehouse had; `committed`: loads that took effect now. */
export interface RecoveredStores extends Omit<Recovered, 'committed' | 'newest'> {
  readonly committed: number
}

/**
 * Opens warehouse and lake of a target (default: the project's), and commits what is staged.
 * @throws CaudalError `CAUDAL_TARGET_UNKNOWN`, or why one of them cannot be opened.
 */
export async function openStores(
  manifest: Manifest,
  targetName: string | undefined,
): Promise<{ readonly stores: Stores; readonly recovered: RecoveredStores }> {
  const target = targetOf(manifest, targetName)
  const readers = new CountedReaders()
  const context = { projectPath: manifest.path, readers }
  const warehouse = await openWarehouse(target.warehouse, context)
  try {
    const lake = await openLake(target.lake, context)
    const committer = new Committer(warehouse, lake, new WriterLane())
    const { newest, committed, ...rest } = await committer.recover(new AbortController().signal)
    const stores = { target, warehouse, lake, readers, lastLoad: newest }
    return { stores, recovered: { ...rest, committed: committed.length } }
  } catch (error) {
    await warehouse.close()
    throw error
  }
}
