import { cp, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { findSocket } from '@caudal/server'
import { root } from '../root.ts'

/** The reference project. */
const example = join(root, 'examples', 'sales')

/** A folder with a project; disposed of, it is gone where it was a copy. */
export interface ProjectFolder extends AsyncDisposable {
  readonly path: string
}

/** A copy of the example in a folder of its own, below `data/`, which Git does not see: several run at once. */
export async function copyExample(prefix: string): Promise<ProjectFolder> {
  const data = join(example, 'data')
  await mkdir(data, { recursive: true })
  const path = await mkdtemp(join(data, `${prefix}-`))
  for (const entry of await readdir(example)) {
    if (['data', '.caudal', 'node_modules'].includes(entry)) continue
    await cp(join(example, entry), join(path, entry), { recursive: true })
  }
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 3 }) }
}

/**
 * The example itself, without what earlier runs left there: a new company does not go on where another one stopped.
 * @throws Error when a process has its warehouse open.
 */
export async function emptyExample(): Promise<ProjectFolder> {
  const warehouse = join(example, 'data', 'sales.duckdb')
  if ((await findSocket(warehouse)) !== undefined)
    throw new Error(`Another process works in ${example}. Nothing was touched: stop it, or use npm run demo.`)
  for (const left of [
    'data/backoffice',
    'data/lake',
    'data/sales.duckdb',
    'data/sales.duckdb.wal',
    '.caudal',
  ])
    await rm(join(example, left), { recursive: true, force: true })
  return { path: example, [Symbol.asyncDispose]: async () => undefined }
}
