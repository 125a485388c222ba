import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { openWarehouse } from '@caudal/duckdb'
import { prepareBookkeeping, type BookkeepingStep } from '../src/bookkeeping.ts'
import { Database } from '../src/database.ts'
import { rows } from '../src/rows.ts'

const addNote: BookkeepingStep = [`ALTER TABLE _caudal.models ADD COLUMN note VARCHAR`]
const broken: BookkeepingStep = ['CREATE TABLE _caudal.half (id INTEGER)', 'SELECT * FROM nowhere']
const signal = AbortSignal.timeout(60_000)

/** A folder with a warehouse of format 1 and one row. */
async function oldWarehouse(context: TestContext): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'caudal-bookkeeping-'))
  context.after(() => rmSync(folder, { recursive: true, force: true }))
  const warehouse = await openWarehouse({ path: 'acme.duckdb' }, { projectPath: folder })
  await warehouse.build({ schema: '_caudal_build', name: 'kept' }, 'SELECT 42 AS n', {}, signal)
  await warehouse.close()
  return folder
}

/** Opens the file as a release with more steps does. */
async function upgrade(folder: string, steps: readonly BookkeepingStep[]): Promise<void> {
  const database = await Database.open({ path: 'acme.duckdb' }, folder)
  try {
    await prepareBookkeeping(database.writer, database.path, steps)
  } finally {
    database.close()
  }
}

async function read(folder: string, file: string, sql: string): Promise<unknown> {
  const database = await Database.open({ path: file }, folder)
  try {
    return await rows(database.writer, sql)
  } finally {
    database.close()
  }
}

const notes = `SELECT count(*) AS n FROM duckdb_columns() WHERE table_name = 'models' AND column_name = 'note'`

test('an older format is brought forward, with a copy of the file from before', async (context) => {
  const folder = await oldWarehouse(context)
  await upgrade(folder, [addNote])
  assert.deepEqual(await read(folder, 'acme.duckdb', notes), [{ n: '1' }])
  assert.deepEqual(await read(folder, 'acme.duckdb', 'SELECT n FROM _caudal_build.kept'), [{ n: 42 }])
  assert.deepEqual(await read(folder, 'acme.duckdb.format-1.backup', notes), [{ n: '0' }])
  assert.deepEqual(await read(folder, 'acme.duckdb.format-1.backup', 'SELECT n FROM _caudal_build.kept'), [
    { n: 42 },
  ])
  await upgrade(folder, [addNote])
  assert.equal(readdirSync(folder).filter((name) => name.endsWith('.backup')).length, 1, 'no second copy')
})

test('a step that fails rolls back those before it, and all can be tried again', async (context) => {
  const folder = await oldWarehouse(context)
  await assert.rejects(upgrade(folder, [addNote, broken]), {
    code: 'CAUDAL_WAREHOUSE_MIGRATION',
    message: /from format 1 to 3: .*nowhere.*rolled back; a copy from before lies in .*\.format-1\.backup/,
  })
  assert.deepEqual(await read(folder, 'acme.duckdb', notes), [{ n: '0' }])
  await upgrade(folder, [addNote])
  assert.deepEqual(await read(folder, 'acme.duckdb', notes), [{ n: '1' }])
})

test('older code refuses a newer format, names the mend and changes nothing', async (context) => {
  const folder = await oldWarehouse(context)
  await upgrade(folder, [addNote])
  await assert.rejects(openWarehouse({ path: 'acme.duckdb' }, { projectPath: folder }), {
    code: 'CAUDAL_WAREHOUSE_NEWER',
    message: /format 2; this one knows 1\)\. Nothing was changed/,
    hint: /npm install caudal@latest.*acme\.duckdb\.format-1\.backup/,
  })
  assert.deepEqual(await read(folder, 'acme.duckdb', notes), [{ n: '1' }])
})
