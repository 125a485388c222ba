import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { inCopy, rowsOf, warehouseOf } from './warehouse-file.ts'

/** What lies in the lake of a project, by load and unfinished file. */
export interface LakeMarks {
  readonly loads: ReadonlySet<string>
  readonly unfinished: ReadonlySet<string>
}

/** Loads of which anything lies in the lake, and files that are being written. */
export async function lakeMarks(folder: string): Promise<LakeMarks> {
  const loads = new Set<string>()
  const unfinished = new Set<string>()
  const lake = path.join(folder, 'data', 'lake')
  for (const entry of await readdir(lake, { recursive: true, withFileTypes: true }).catch(() => [])) {
    if (!entry.isFile()) continue
    const place = path.join(entry.parentPath, entry.name)
    if (place.includes('/.tmp/')) {
      if ((await stat(place)).size > 0) unfinished.add(entry.name)
    } else loads.add(path.basename(entry.parentPath))
  }
  return { loads, unfinished }
}

/** Where a kill landed: `mid-load` when it left bytes of a load that is not in the ledger. */
export type Landing = 'before' | 'mid-load' | 'after'

/** Tells where a kill landed from what it left: the lake before the process began, and the lake and the database now. */
export async function landingOf(folder: string, before: LakeMarks): Promise<Landing> {
  const now = await lakeMarks(folder)
  const fresh = [...now.loads].filter((load) => !before.loads.has(load))
  const applied = await inCopy(warehouseOf(folder), (warehouse) =>
    rowsOf(warehouse, 'SELECT load FROM _caudal.loads'),
  )
  const known = new Set((applied ?? []).map((row) => String(row['load'])))
  const isStaged = fresh.some((load) => !known.has(load))
  const isStaging = [...now.unfinished].some((file) => !before.unfinished.has(file))
  if (isStaged || isStaging) return 'mid-load'
  return fresh.length === 0 ? 'before' : 'after'
}
