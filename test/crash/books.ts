import type { Warehouse } from '@caudal/spec'
import assert from 'node:assert/strict'
import { readFile, readdir } from 'node:fs/promises'
import path from 'node:path'
import { rowsOf } from './warehouse-file.ts'
import type { World } from './world.ts'

/** Queries that give what a table of the shop must hold, in the words of its source. */
const tables = {
  events: 'SELECT id::INTEGER AS id, happened, note FROM shop.events',
  deals: 'SELECT id, amount, stage, updated FROM shop.deals',
  accounts: 'SELECT id, name FROM shop.accounts',
  contacts: 'SELECT id, email FROM shop.contacts',
  products: 'SELECT sku, price FROM shop.products',
  prices: 'SELECT sku, price FROM shop.prices',
  teams: 'SELECT id, team, since FROM shop.teams',
} as const

/** The rows of every raw table, in one order. */
export async function contents(warehouse: Warehouse): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {}
  for (const [table, sql] of Object.entries(tables)) found[table] = sorted(await rowsOf(warehouse, sql))
  return found
}

function sorted(rows: readonly Readonly<Record<string, unknown>>[]): string[] {
  return rows.map((row) => Object.values(row).map(String).join('|')).toSorted()
}

/** Every table holds what its source holds: no row is missing, none is there twice. */
export async function assertEqualsSource(warehouse: Warehouse, world: World): Promise<void> {
  const expected = Object.entries(world.streams()).map(([name, rows]) => [name, sorted(rows)] as const)
  assert.deepEqual(await contents(warehouse), Object.fromEntries(expected))
  await assertHistory(warehouse)
}

/** Versions of a key follow each other without a gap, and one of them is the present one. */
async function assertHistory(warehouse: Warehouse): Promise<void> {
  const broken = await rowsOf(
    warehouse,
    `SELECT * FROM (SELECT id, _caudal_valid_from, _caudal_valid_to,
        lead(_caudal_valid_from) OVER (PARTITION BY id ORDER BY _caudal_valid_from) AS next_from FROM shop.teams)
      WHERE _caudal_valid_to IS DISTINCT FROM next_from`,
  )
  assert.deepEqual(broken, [])
}

/** Models agree with the tables that they are built from. */
export async function assertModels(warehouse: Warehouse): Promise<void> {
  assert.deepEqual(
    await rowsOf(warehouse, 'SELECT * FROM marts.pipeline ORDER BY ALL'),
    await rowsOf(
      warehouse,
      'SELECT stage, count(*) AS deals, sum(amount) AS amount FROM shop.deals GROUP BY stage ORDER BY ALL',
    ),
  )
  assert.deepEqual(
    await rowsOf(warehouse, 'SELECT * FROM marts.daily_events ORDER BY ALL'),
    await rowsOf(warehouse, 'SELECT id, happened FROM shop.events ORDER BY ALL'),
  )
}

/** Ledger, positions, lake and rows tell the same story. */
export async function assertBooks(warehouse: Warehouse, folder: string): Promise<void> {
  const entries = await rowsOf(warehouse, 'SELECT sequence FROM _caudal.ledger ORDER BY sequence')
  assert.deepEqual(
    entries.map((row) => Number(row['sequence'])),
    entries.map((_, index) => index + 1),
    'the ledger counts without a gap',
  )
  const loads = await rowsOf(
    warehouse,
    `SELECT l.load, t.stream, t.extracted, t.inserted + t.updated + t.unchanged + t.superseded + t.deleted + t.dead_lettered + t.filtered + t.late AS placed
      FROM _caudal.loads l JOIN _caudal.ledger_tables t USING (sequence) ORDER BY l.load`,
  )
  const staged = await stagedRows(folder)
  for (const { load, extracted, placed } of loads) {
    assert.equal(extracted, placed, `load ${String(load)} is balanced`)
    assert.equal(
      Number(extracted),
      staged.get(String(load)),
      `load ${String(load)} took the rows that were staged, all of them`,
    )
  }
  await assertPositions(
    warehouse,
    loads.map((row) => [String(row['stream']), String(row['load'])] as const),
  )
  await assertProvenance(warehouse)
}

async function assertPositions(
  warehouse: Warehouse,
  loads: readonly (readonly [stream: string, load: string])[],
): Promise<void> {
  for (const { stream, version, load } of await warehouse.state.positions('shop')) {
    const own = loads.filter(([name]) => name === stream).map(([, id]) => id)
    assert.equal(version, own.length, `${stream}: the position moved once with each load`)
    assert.equal(load, own.at(-1), `${stream}: the position is that of the last load`)
  }
}

/** No row is of a load that is not in the ledger, and nothing private is left behind. */
async function assertProvenance(warehouse: Warehouse): Promise<void> {
  for (const table of Object.keys(tables)) {
    const strays = await rowsOf(
      warehouse,
      `SELECT count(*) AS n FROM shop.${table} WHERE _caudal_load::VARCHAR NOT IN (SELECT load FROM _caudal.loads)`,
    )
    assert.equal(strays[0]?.['n'], '0', `${table}: rows of loads that are not in the ledger`)
  }
  const left = await rowsOf(
    warehouse,
    `SELECT table_schema || '.' || table_name AS name FROM information_schema.tables
      WHERE table_schema = '_caudal_build' OR table_name LIKE '\\_caudal\\_next\\_%' ESCAPE '\\'`,
  )
  assert.deepEqual(left, [], 'private tables are left behind')
}

/** Rows of each complete load of the lake. */
async function stagedRows(folder: string): Promise<Map<string, number>> {
  const staged = new Map<string, number>()
  const lake = path.join(folder, 'data', 'lake')
  for (const entry of await readdir(lake, { recursive: true, withFileTypes: true })) {
    if (entry.name !== 'load.json') continue
    const manifest = JSON.parse(await readFile(path.join(entry.parentPath, entry.name), 'utf8')) as {
      id: string
      files: { rows: number }[]
    }
    staged.set(
      manifest.id,
      manifest.files.reduce((sum, file) => sum + file.rows, 0),
    )
  }
  return staged
}
