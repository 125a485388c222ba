import { openWarehouse } from '@caudal/duckdb'
import { openLake } from '@caudal/files'
import type { Column, Warehouse } from '@caudal/spec'
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { Committer } from '../../packages/engine/src/load/committer.ts'
import { WriterLane } from '../../packages/engine/src/load/lane.ts'
import { LoadClock } from '../../packages/engine/src/load/load-id.ts'
import { Stager } from '../../packages/engine/src/load/stager.ts'
import { fullBudgetMs } from '../crash/attack.ts'
import { Random, seedOf } from '../crash/random.ts'
import { rowsOf } from '../crash/warehouse-file.ts'

const isFull = process.env['CAUDAL_FULL'] === '1'
const rounds = isFull ? 1_000 : 15
const signal = new AbortController().signal

const base: readonly Column[] = [
  { name: 'id', type: { kind: 'text' } },
  { name: 'version', type: { kind: 'integer' } },
]

/** One table into which everything is raced, and what it must hold in the end. */
class Arena {
  readonly warehouse: Warehouse
  readonly #committer: Committer
  readonly #lane = new WriterLane()
  readonly #lake: Awaited<ReturnType<typeof openLake>>
  readonly #clock = new LoadClock()
  readonly #versions = new Map<string, number>()
  #columns = base
  /** Key → the newest version that was loaded. */
  readonly expected = new Map<string, number>()
  version = 0
  published = 0

  private constructor(warehouse: Warehouse, lake: Awaited<ReturnType<typeof openLake>>) {
    this.warehouse = warehouse
    this.#lake = lake
    this.#committer = new Committer(warehouse, lake, this.#lane)
  }

  static async open(folder: string): Promise<Arena> {
    const context = { projectPath: folder }
    const warehouse = await openWarehouse({ path: 'race.duckdb', threads: 2 }, context)
    return new Arena(warehouse, await openLake({ path: 'lake' }, context))
  }

  /** Stages rows of a partition as one load and commits it; a re-sync replaces the table by them. */
  async load(
    partition: string,
    rows: readonly { id: string; version: number }[],
    isResync = false,
  ): Promise<void> {
    const stager = new Stager({
      lake: this.#lake,
      clock: this.#clock,
      source: 'crm',
      run: 'race',
      full: isResync,
      stream: {
        name: 'deals',
        columns: this.#columns,
        isTyped: true,
        primaryKey: ['id'],
        order: 'version',
        disposition: 'merge',
        deletes: isResync ? 'full re-sync' : 'none',
        contract: { columns: 'evolve', types: 'evolve' },
      },
      starts: new Map([
        [
          partition,
          { version: this.#versions.get(partition) ?? 0, envelope: { adapter: null, snapshot: null } },
        ],
      ]),
      handOver: async (load) => {
        this.#versions.set(partition, load.expectedVersion + 1)
        await this.#committer.commit(load, signal)
      },
    })
    const payload = { kind: 'rows', rows } as const
    await stager.take({
      stream: 'deals',
      partition,
      payload,
      position: this.version,
      ...(isResync ? { complete: true as const } : {}),
    })
    await stager.finish()
  }

  /** A column more: loads that were prepared before it are prepared again. */
  evolve(): void {
    const name = `extra_${this.#columns.length}`
    if (this.#columns.length < 60) this.#columns = [...this.#columns, { name, type: { kind: 'text' } }]
  }

  /** Builds a table from the raw one beside the lane and publishes it through the lane. */
  async publish(round: number): Promise<void> {
    const built = { schema: '_caudal_build', name: `copy_${round % 3}` }
    await this.warehouse.build(built, 'SELECT id, version FROM crm.deals', {}, signal)
    await this.#lane.run('publish', () =>
      this.warehouse.publish({
        run: 'race',
        checks: [],
        models: [],
        publications: [{ kind: 'table', table: { schema: 'marts', name: `copy_${round % 3}` }, built }],
      }),
    )
    this.published++
  }
}

/** A build may meet a column that is being added: the engine refuses it and nothing is published. Anything else is a defect. */
async function orRefused(work: Promise<void>): Promise<boolean> {
  try {
    await work
    return true
  } catch (error) {
    assert.match(String(error), /building _caudal_build/)
    return false
  }
}

test('publishing, evolving, merging and re-syncing one table at the same time loses nothing', async (t) => {
  const random = new Random(seedOf())
  t.diagnostic(`seed ${random.seed}`)
  const folder = await mkdtemp(path.join(tmpdir(), 'caudal-race-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const arena = await Arena.open(folder)
  t.after(() => arena.warehouse.close())
  await arena.load('a', [{ id: 'first', version: 0 }])
  arena.expected.set('first', 0)
  const began = performance.now()
  let refused = 0
  let round = 0
  for (; round < rounds && performance.now() - began < fullBudgetMs; round++) {
    const batch = (prefix: string): { id: string; version: number }[] =>
      Array.from({ length: 1 + random.below(4) }, () => ({
        id: `${prefix}${random.below(30)}`,
        version: ++arena.version,
      }))
    const merges = [batch('a'), batch('b'), batch('a')]
    const isResync = random.below(4) === 0
    const whole = [...arena.expected].map(([id, version]) => ({ id, version }))
    if (random.below(5) === 0) arena.evolve()
    const work = [
      ...(isResync ? [arena.load('sync', whole, true)] : []),
      arena.load('a', merges[0] ?? []),
      arena.load('b', merges[1] ?? []),
      arena.load('c', merges[2] ?? []),
    ]
    const publications = [orRefused(arena.publish(round))]
    await Promise.all(work)
    for (const { id, version } of merges.flat())
      arena.expected.set(id, Math.max(version, arena.expected.get(id) ?? 0))
    refused += (await Promise.all(publications)).filter((isDone) => !isDone).length
    const found = await rowsOf(arena.warehouse, 'SELECT id, version FROM crm.deals ORDER BY id')
    const wanted = [...arena.expected].map(([id, version]) => ({ id, version: String(version) }))
    assert.deepEqual(
      found,
      wanted.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
      `round ${round}`,
    )
  }
  const ledger = await rowsOf(
    arena.warehouse,
    'SELECT count(*) AS n, max(sequence) AS last FROM _caudal.ledger',
  )
  assert.equal(ledger[0]?.['n'], ledger[0]?.['last'])
  assert.ok(arena.published > 0)
  t.diagnostic(
    `${round} rounds, ${arena.published} publications, ${refused} builds refused beside a change of the table`,
  )
})
