import { DuckDBInstance } from '@duckdb/node-api'
import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { openOwner, projectFolder, rows, run } from './open-owner.ts'

const declaration = `import { table, text, timestamptz } from '@caudal/authoring'

export const accounts = table('fivetran.accounts', {
  columns: { id: text(), name: text(), synced_at: timestamptz() },
  freshness: { column: 'synced_at', maxMinutes: 60 },
  checks: [{ notNull: 'name' }],
})
`
const model = `/* ---
materialization: table
--- */
select id, name from fivetran.accounts
`

/** A project that reads a table which another loader has put into the warehouse. */
async function project(t: TestContext, syncedAt: string): Promise<string> {
  const folder = await projectFolder(t)
  for (const name of ['input', 'data']) await mkdir(path.join(folder, name), { recursive: true })
  await writeFile(path.join(folder, 'input', 'deals.json'), '[]')
  await writeFile(path.join(folder, 'sources', 'fivetran.ts'), declaration)
  await writeFile(path.join(folder, 'models', 'marts', 'accounts.sql'), model)
  await load(
    folder,
    `create table fivetran.accounts as select '1' as id, 'Acme' as name, ${syncedAt} as synced_at`,
  )
  return folder
}

/** What the other loader does, while Caudal is not running. */
async function load(folder: string, sql: string): Promise<void> {
  const instance = await DuckDBInstance.create(path.join(folder, 'data', 'acme.duckdb'))
  const connection = await instance.connect()
  await connection.run('create schema if not exists fivetran')
  await connection.run(sql)
  connection.closeSync()
  instance.closeSync()
}

test('a table that others load is read and checked', async (t) => {
  const owner = await openOwner(await project(t, 'now()'))
  t.after(() => owner.close())
  const { state, stages } = await run(owner)
  assert.equal(state, 'succeeded', JSON.stringify(stages.map((stage) => stage.error)))
  assert.deepEqual(await rows(owner, 'select name from marts.accounts'), [['Acme']])
  const checked = stages.find(({ stage }) => stage.kind === 'check')
  assert.deepEqual(
    checked?.checks.map(({ check, isPassed }) => [check, isPassed]),
    [
      ['fivetran.accounts: name not null', true],
      ['fivetran.accounts: synced_at at most 60 minutes old', true],
    ],
  )
})

test('a table that came late is a warning that names its newest row, and its rows are used', async (t) => {
  const owner = await openOwner(await project(t, "timestamptz '2026-01-02 03:04:05+00'"))
  t.after(() => owner.close())
  const { state, stages } = await run(owner)
  assert.equal(state, 'succeeded')
  const late = stages.flatMap((stage) => stage.checks).find(({ isPassed }) => !isPassed)
  assert.equal(late?.severity, 'warn')
  assert.match(late?.message ?? '', /The newest synced_at is 2026-01-02T03:04:05Z: more than 60 minutes ago/)
  assert.deepEqual(await rows(owner, 'select name from marts.accounts'), [['Acme']])
})

test('a full run and a removed declaration leave the table alone', async (t) => {
  const folder = await project(t, 'now()')
  const owner = await openOwner(folder)
  await run(owner, true)
  await writeFile(path.join(folder, 'sources', 'fivetran.ts'), 'export {}\n')
  await writeFile(path.join(folder, 'models', 'marts', 'accounts.sql'), 'select 1 as id\n')
  await owner.reload()
  const after = await run(owner)
  t.after(() => owner.close())
  assert.equal(after.state, 'succeeded')
  assert.deepEqual(await rows(owner, 'select name from fivetran.accounts'), [['Acme']])
})
