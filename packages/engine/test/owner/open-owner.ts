import { openControlDatabase } from '@caudal/sqlite'
import type { JsonValue, RunRecord } from '@caudal/spec'
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TestContext } from 'node:test'
import { openControlState, Owner, startProject, type ControlState } from '../../src/index.ts'

const fixture = path.join(import.meta.dirname, 'fixtures', 'project')
const modules = path.join(import.meta.dirname, '..', '..', '..', '..', 'node_modules')

/** A copy of the fixture's project in a folder of its own. */
export async function projectFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'caudal-owner-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  await cp(fixture, folder, { recursive: true })
  await symlink(modules, path.join(folder, 'node_modules'))
  return folder
}

export async function openOwner(folder: string): Promise<Owner> {
  return Owner.open({ project: await startProject(folder), control: await openControl(folder) })
}

/** The control database of a project. */
export async function openControl(folder: string): Promise<ControlState> {
  const database = openControlDatabase({ path: path.join(folder, 'data', 'control.sqlite') })
  return openControlState(database, { release: 'test' })
}

/** A run of everything, to its end. */
export async function run(owner: Owner, full = false): Promise<RunRecord> {
  const { id } = await owner.runs.start({ select: [], full, trigger: 'test' })
  await owner.idle()
  return owner.runs.get(id)
}

export async function rows(owner: Owner, sql: string): Promise<JsonValue[][]> {
  const found: JsonValue[][] = []
  for await (const chunk of owner.query(sql, {}, AbortSignal.timeout(10_000))) {
    for (let row = 0; row < chunk.rows; row++) found.push(chunk.values.map((column) => column[row] ?? null))
  }
  return found
}

/** The fixture project in a folder of its own, with two deals. */
export async function project(t: TestContext): Promise<string> {
  const folder = await projectFolder(t)
  await writeRows(folder, [
    { id: 'a', amount: '10.50', stage: 'won', updated: 1 },
    { id: 'b', amount: '5.00', stage: 'open', updated: 1 },
  ])
  return folder
}

/** What the source of the fixture project delivers. */
export async function writeRows(folder: string, list: readonly Record<string, JsonValue>[]): Promise<void> {
  await mkdir(path.join(folder, 'input'), { recursive: true })
  await writeFile(path.join(folder, 'input', 'deals.json'), JSON.stringify(list))
}
