import assert from 'node:assert/strict'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { runCaudal, type KillAt } from './caudal.ts'
import { lakeMarks, landingOf, type Landing } from './landing.ts'
import { Random, seedOf } from './random.ts'
import { inWarehouse, rowsOf, warehouseOf } from './warehouse-file.ts'

/*
 * The guarantee that `caudal plan` prints for each adapter: a run that reads from it is killed while it stages and commits, and the run after
 * that must leave every row once.
 */

interface Row {
  readonly id: number
  readonly note: string
  readonly updated: number
}

/** What an adapter reads, and what its tables must hold. */
interface Supply {
  readonly source: string
  readonly environment: Readonly<Record<string, string>>
  /** Makes something new to be read. */
  change(random: Random): Promise<void>
  /** Table → rows, in any order. */
  expected(): Readonly<Record<string, readonly Row[]>>
}

const isFull = process.env['CAUDAL_FULL'] === '1'
const kills = isFull ? 30 : Infinity
const budgetMs = isFull ? Infinity : 5_000

test('files: every row of every file is there once', (t) => campaign(t, filesOf))
test('rest: every record is there once per key', (t) => campaign(t, serverOf))
test('defineSource: every row is there once per key', (t) => campaign(t, documentOf))

async function campaign(
  t: TestContext,
  supplyOf: (t: TestContext, folder: string) => Promise<Supply>,
): Promise<void> {
  const random = new Random(seedOf())
  t.diagnostic(`seed ${random.seed} (CAUDAL_SEED=${random.seed} repeats the choices)`)
  const folder = await projectFolder(t)
  const supply = await supplyOf(t, folder)
  const run = ['run', '--select', `source:${supply.source}`]
  const landings: Record<Landing, number> = { before: 0, 'mid-load': 0, after: 0 }
  const began = performance.now()
  let killed = 0
  await supply.change(random)
  while (killed < kills && (killed === 0 || performance.now() - began < budgetMs)) {
    await supply.change(random)
    const before = await lakeMarks(folder)
    const { signal } = await runCaudal(folder, run, pointOf(random), supply.environment)
    if (signal === 'SIGKILL') {
      killed++
      landings[await landingOf(folder, before)]++
    }
    const { code, output } = await runCaudal(folder, run, undefined, supply.environment)
    assert.equal(code, 0, output)
    await assertRows(folder, supply)
  }
  t.diagnostic(`${killed} kills landed ${JSON.stringify(landings)}`)
  assert.ok(
    killed < 6 || landings['mid-load'] * 3 >= killed,
    'a third lands between the first staged byte and the commit',
  )
}

/** Staged bytes, or the write-ahead log of the warehouse, which commits write. */
function pointOf(random: Random): KillAt {
  const afterMs = random.pick([0, 0, 1, 3])
  return random.below(2) === 0
    ? { kind: 'change', folder: 'data/lake/.tmp', matching: /./, nth: random.below(8), afterMs }
    : { kind: 'change', folder: 'data', matching: /\.wal$/, nth: random.below(6), afterMs }
}

async function assertRows(folder: string, supply: Supply): Promise<void> {
  await inWarehouse(warehouseOf(folder), async (warehouse) => {
    for (const [table, rows] of Object.entries(supply.expected())) {
      const found = await rowsOf(warehouse, `SELECT id, note, updated FROM ${table}`)
      const read = found.map((row) => `${String(row['id'])} ${String(row['note'])} ${String(row['updated'])}`)
      const wanted = rows.map(({ id, note, updated }) => `${id} ${note} ${updated}`)
      assert.deepEqual(read.toSorted(), wanted.toSorted())
    }
  })
}

async function projectFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'caudal-crash-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  await cp(path.join(import.meta.dirname, 'fixtures', 'adapters'), folder, { recursive: true })
  await symlink(path.join(import.meta.dirname, '..', '..', 'node_modules'), path.join(folder, 'node_modules'))
  for (const one of ['data/lake/.tmp', 'input/orders', 'input/visits'])
    await mkdir(path.join(folder, one), { recursive: true })
  await writeFile(path.join(folder, 'input', 'deals.json'), '[]')
  return folder
}

/** A new file of each stream, and now and then an earlier one with other rows. */
async function filesOf(_t: TestContext, folder: string): Promise<Supply> {
  const files = new Map<string, readonly Row[]>()
  let clock = 0
  return {
    source: 'disk',
    environment: { CRASH_API_URL: 'http://127.0.0.1:9' },
    change: async (random) => {
      const number = random.below(3) === 0 ? random.below(files.size + 1) : files.size
      for (const stream of ['orders', 'visits'] as const) {
        const rows = Array.from({ length: 50 + random.below(200) }, (_, id) => newRow(id, ++clock))
        const name = `input/${stream}/${number}.${stream === 'orders' ? 'csv' : 'ndjson'}`
        files.set(name, rows)
        await writeFile(path.join(folder, name), stream === 'orders' ? csv(rows) : ndjson(rows))
      }
    },
    expected: () => ({
      'disk.orders': [...files].flatMap(([name, rows]) => (name.endsWith('.csv') ? rows : [])),
      'disk.visits': [...files].flatMap(([name, rows]) => (name.endsWith('.ndjson') ? rows : [])),
    }),
  }
}

/** An API whose records are added and changed. */
async function serverOf(t: TestContext): Promise<Supply> {
  const records = new Records()
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '/', 'http://localhost')
    const from = Number(searchParams.get('after') ?? 0)
    const all = records.since(Number(searchParams.get('since') ?? 0))
    const next = from + 40 < all.length ? String(from + 40) : null
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ data: all.slice(from, from + 40), next }))
  })
  await listen(server)
  t.after(() => server.close())
  const { port } = server.address() as AddressInfo
  return {
    source: 'api',
    environment: { CRASH_API_URL: `http://127.0.0.1:${port}` },
    change: async (random) => records.change(random),
    expected: () => ({ 'api.leads': records.since(0) }),
  }
}

/** A document that the project's own code reads. */
async function documentOf(_t: TestContext, folder: string): Promise<Supply> {
  const records = new Records()
  return {
    source: 'own',
    environment: { CRASH_API_URL: 'http://127.0.0.1:9' },
    change: async (random) => {
      records.change(random)
      await writeFile(path.join(folder, 'input', 'deals.json'), JSON.stringify(records.since(0)))
    },
    expected: () => ({ 'own.deals': records.since(0) }),
  }
}

/** Records that are added and changed. */
class Records {
  readonly #rows = new Map<number, Row>()
  #clock = 0

  change(random: Random): void {
    for (let times = 0; times < 150; times++) {
      const id = random.below(2) === 0 ? this.#rows.size : random.below(this.#rows.size + 1)
      this.#rows.set(id, newRow(id, ++this.#clock))
    }
  }

  since(updated: number): readonly Row[] {
    return [...this.#rows.values()]
      .filter((row) => row.updated >= updated)
      .toSorted((a, b) => a.updated - b.updated)
  }
}

function newRow(id: number, updated: number): Row {
  return { id, note: `note ${updated}`, updated }
}

function csv(rows: readonly Row[]): string {
  return `id,note,updated\n${rows.map(({ id, note, updated }) => `${id},${note},${updated}\n`).join('')}`
}

function ndjson(rows: readonly Row[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('')
}

async function listen(server: Server): Promise<void> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
}
