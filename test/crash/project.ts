import { Owner, openControlState, startProject } from '@caudal/engine'
import { openControlDatabase } from '@caudal/sqlite'
import type { Warehouse } from '@caudal/spec'
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TestContext } from 'node:test'

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

/** Makes a second warehouse from a copy of the lake alone and looks into it. */
export async function inRebuilt<T>(folder: string, look: (warehouse: Warehouse) => Promise<T>): Promise<T> {
  const remove = async (): Promise<void> => {
    for (const suffix of ['', '.wal'])
      await rm(path.join(folder, 'data', `rebuilt.duckdb${suffix}`), { force: true })
    await rm(path.join(folder, 'data', 'rebuilt-lake'), { recursive: true, force: true })
  }
  await remove()
  await cp(path.join(folder, 'data', 'lake'), path.join(folder, 'data', 'rebuilt-lake'), { recursive: true })
  const control = await openControlState(
    openControlDatabase({ path: path.join(folder, 'data', 'rebuilt-control.sqlite') }),
    { release: 'test' },
  )
  const owner = await Owner.open({ project: await startProject(folder), target: 'rebuilt', control })
  try {
    return await look(owner.warehouse)
  } finally {
    await owner.close()
    await control.close()
    await remove()
  }
}
