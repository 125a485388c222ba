import { DuckDBInstance } from '@duckdb/node-api'
import assert from 'node:assert/strict'
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { caudal, edit } from './cli-project.ts'

const root = path.join(import.meta.dirname, '..', '..', '..')

/** The project of the types with a source of files, so that its columns are found and not declared; its types are generated. */
async function ofFiles(t: TestContext): Promise<string> {
  const folder = await begin(t)
  await writeFile(
    path.join(folder, 'sources', 'crm.ts'),
    "import { files } from 'caudal'\n\nexport const crm = files({ streams: { deals: { path: 'input/deals.csv', primaryKey: ['id'] } } })\n",
  )
  await writeDeals(folder, 'amount')
  return generate(folder)
}

/** The same with declared columns over records that say otherwise. */
async function ofRecords(t: TestContext): Promise<string> {
  const folder = await begin(t)
  await edit(
    folder,
    'sources/crm.ts',
    "  settings: { token: env('CAUDAL_TEST_TOKEN_THAT_IS_NOT_SET') },\n",
    '',
  )
  await edit(
    folder,
    'sources/crm.ts',
    'yield []',
    "yield JSON.parse(await (await import('node:fs/promises')).readFile('input/deals.json', 'utf8'))",
  )
  await writeRecords(folder, 'amount')
  return generate(folder)
}

async function begin(t: TestContext): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'caudal-drift-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  await cp(path.join(import.meta.dirname, 'fixtures', 'types'), folder, { recursive: true })
  await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'))
  await mkdir(path.join(folder, 'input'))
  return folder
}

async function generate(folder: string): Promise<string> {
  const { code, stdout, stderr } = await caudal(folder, 'typegen')
  assert.equal(code, 0, stdout + stderr)
  return folder
}

async function writeDeals(folder: string, amount: string): Promise<void> {
  const rows = 'a,10.50,won,2026-01-31T10:00:00Z\nb,3.25,lost,2026-01-31T11:00:00Z\n'
  await writeFile(path.join(folder, 'input', 'deals.csv'), `id,${amount},stage,closed\n${rows}`)
}

async function writeRecords(folder: string, amount: string): Promise<void> {
  const record = (index: number): object => ({
    id: `d${index}`,
    [amount]: '1.50',
    stage: 'won',
    note: '',
    closed: '2026-01-31T10:00:00Z',
  })
  const records = Array.from({ length: 120 }, (_, index) => record(index))
  await writeFile(path.join(folder, 'input', 'deals.json'), JSON.stringify(records))
}

test('a column that a source renames fails verify --live with the tile; offline nothing is wrong yet', async (t) => {
  const folder = await ofFiles(t)
  assert.equal((await caudal(folder, 'verify', '--live')).code, 0)
  await writeDeals(folder, 'total')
  assert.equal((await caudal(folder, 'verify')).code, 0)
  const live = await caudal(folder, 'verify', '--live')
  assert.equal(live.code, 1)
  assert.match(
    live.stderr,
    /crm\.deals is not as recorded: it no longer has `amount`\. It has `total`, not recorded\. It breaks tile sales › Revenue/,
  )
  const json = JSON.parse((await caudal(folder, 'verify', '--live', '--json')).stdout) as {
    problems: { code: string }[]
    notes: string[]
  }
  assert.deepEqual(
    json.problems.map(({ code }) => code),
    ['CAUDAL_SCHEMA_DRIFT'],
  )
  assert.deepEqual(json.notes, ['crm.deals has new columns: total'])
})

test('a run that meets a renamed column loads, and warns with the tile', async (t) => {
  const folder = await ofFiles(t)
  assert.equal((await caudal(folder, 'run')).code, 0)
  await writeDeals(folder, 'total')
  const run = await caudal(folder, 'run')
  assert.match(
    run.stdout + run.stderr,
    /crm\.deals is not as recorded: it no longer has `amount`.*tile sales › Revenue/,
  )
})

test('a declared column that no record has is told with the tile, by verify --live and by the run', async (t) => {
  const folder = await ofRecords(t)
  assert.doesNotMatch((await caudal(folder, 'verify', '--live')).stdout, /none of the records/)
  await writeRecords(folder, 'total')
  const said =
    /crm\.deals: none of the records that were read has `amount`; renamed, or empty\? It has `total`, not recorded\. It breaks tile sales › Revenue/
  const live = await caudal(folder, 'verify', '--live')
  assert.equal(live.code, 0, 'it may be empty')
  assert.match(live.stdout, said)
  const run = await caudal(folder, 'run')
  assert.equal(run.code, 0, run.stderr)
  assert.match(run.stdout, said)
})

test('a declared column that must have a value and that no record has fails verify --live', async (t) => {
  const folder = await ofRecords(t)
  const records = path.join(folder, 'input', 'deals.json')
  await writeFile(records, (await readFile(records, 'utf8')).replaceAll('"id"', '"key"'))
  const live = await caudal(folder, 'verify', '--live')
  assert.equal(live.code, 1)
  assert.match(live.stderr, /it no longer has `id`\. It has `key`, not recorded/)
})

/** What the tool does that loads a table of its own. */
async function load(folder: string, ...statements: string[]): Promise<void> {
  await mkdir(path.join(folder, 'data'), { recursive: true })
  const instance = await DuckDBInstance.create(path.join(folder, 'data', 'types.duckdb'))
  const connection = await instance.connect()
  for (const sql of statements) await connection.run(sql)
  connection.closeSync()
  instance.closeSync()
}

test('a table that others load and that lost a column, changed a type or is gone fails verify --live', async (t) => {
  const folder = await ofRecords(t)
  await writeFile(
    path.join(folder, 'sources', 'fivetran.ts'),
    "import { integer, table, text } from 'caudal'\n\nexport const accounts = table('fivetran.accounts', { columns: { id: integer(), name: text() } })\n",
  )
  await generate(folder)
  const live = async (): Promise<string> => {
    const { code, stderr } = await caudal(folder, 'verify', '--live')
    assert.equal(code, stderr.includes('CAUDAL_') ? 1 : 0, stderr)
    return stderr
  }
  assert.match(await live(), /fivetran\.accounts: the warehouse has no such table[^]*CAUDAL_TABLE_MISSING/)
  await load(
    folder,
    'create schema fivetran',
    "create table fivetran.accounts as select 1 as id, 'Acme' as name, now() as synced_at",
  )
  assert.doesNotMatch(await live(), /fivetran/)
  await load(folder, 'alter table fivetran.accounts rename column name to label')
  assert.match(
    await live(),
    /fivetran\.accounts is not as recorded: it no longer has `name`\. It has .*`label`/,
  )
  await load(
    folder,
    'alter table fivetran.accounts rename column label to name',
    "alter table fivetran.accounts alter column id type varchar using 'a'",
  )
  assert.match(await live(), /fivetran\.accounts is not as recorded: `id` was integer and is text/)
})
