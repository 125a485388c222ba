import { openWarehouse } from '@caudal/duckdb'
import { openLake } from '@caudal/files'
import assert from 'node:assert/strict'
import type { Warehouse } from '@caudal/spec'
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TestContext } from 'node:test'
import { Committer } from '../../packages/engine/src/load/committer.ts'
import { WriterLane } from '../../packages/engine/src/load/lane.ts'

const root = path.join(import.meta.dirname, '..', '..')

/** What the source of the shop reads from `plan.json`. */
export interface SourcePlan {
  readonly pageRows: number
  readonly pauseMs: number
  readonly kill?: { readonly point: 'read' | 'acknowledge' | 'count'; readonly nth: number }
}

/** A shop in a folder of its own. */
export async function createShop(t: TestContext): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'caudal-crash-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  await cp(path.join(import.meta.dirname, 'fixtures', 'shop'), folder, { recursive: true })
  await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'))
  await mkdir(path.join(folder, 'data', 'lake', '.tmp'), { recursive: true })
  return folder
}

export async function planSource(folder: string, plan: SourcePlan): Promise<void> {
  await writeFile(path.join(folder, 'plan.json'), JSON.stringify(plan))
}

/** Makes a second warehouse from a copy of the lake alone, as a rebuild does, and looks into it. */
export async function inRebuilt<T>(folder: string, look: (warehouse: Warehouse) => Promise<T>): Promise<T> {
  const copy = await mkdtemp(path.join(tmpdir(), 'caudal-rebuilt-'))
  const context = { projectPath: copy }
  await cp(path.join(folder, 'data', 'lake'), path.join(copy, 'lake'), { recursive: true })
  const warehouse = await openWarehouse({ path: 'rebuilt.duckdb', threads: 1 }, context)
  try {
    const committer = new Committer(warehouse, await openLake({ path: 'lake' }, context), new WriterLane())
    const { waiting, missing } = await committer.recover(new AbortController().signal)
    assert.deepEqual([waiting, missing], [0, []], 'a rebuild takes every load')
    return await look(warehouse)
  } finally {
    await warehouse.close()
    await rm(copy, { recursive: true, force: true })
  }
}
