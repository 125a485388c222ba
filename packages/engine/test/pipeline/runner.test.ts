import { openWarehouse } from '@caudal/duckdb'
import { openLog } from '@caudal/segment-log'
import { CaudalError, supportsFlush, type FlushingWarehouse, type Log } from '@caudal/spec'
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { z } from 'zod'
import { WriterLane } from '../../src/load/lane.ts'
import { LoadClock } from '../../src/load/load-id.ts'
import type { Destination } from '../../src/pipeline/flush/destination.ts'
import { PipelineRunner } from '../../src/pipeline/run/runner.ts'
import { declare, into, operator } from './declaration.ts'

const Sale = z.object({ id: z.string(), price: z.string().nullable() })

const sales = declare(
  'sales',
  Sale,
  [
    operator('filter', '', (sale: z.infer<typeof Sale>) => sale.price !== null),
    into('sales.processed', 'filter 1'),
  ],
  [
    {
      name: 'sales.processed',
      key: ['id'],
      columns: [
        { name: 'id', type: { kind: 'text' }, nullable: false },
        { name: 'price', type: { kind: 'decimal', precision: 18, scale: 2 } },
      ],
    },
  ],
)

/** A log and a warehouse of their own, and a pipeline between them. */
class World implements AsyncDisposable {
  readonly log: Log
  readonly warehouse: FlushingWarehouse
  readonly notices: CaudalError[] = []
  readonly #folder: string
  readonly #clock = new LoadClock()
  readonly #lane = new WriterLane()
  readonly #committed: (() => void)[] = []
  flushes = 0

  private constructor(folder: string, log: Log, warehouse: FlushingWarehouse) {
    this.#folder = folder
    this.log = log
    this.warehouse = warehouse
  }

  static async create(): Promise<World> {
    const folder = await mkdtemp(path.join(tmpdir(), 'caudal-runner-'))
    const log = await openLog({ path: 'log' }, { projectPath: folder, access: 'write' })
    await log.declareTopic('sales', 3)
    const warehouse = await openWarehouse({ path: 'acme.duckdb' }, { projectPath: folder })
    assert.ok(supportsFlush(warehouse))
    return new World(folder, log, warehouse)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.log.close()
    await this.warehouse.close()
    await rm(this.#folder, { recursive: true, force: true })
  }

  destination(): Destination {
    return {
      positions: (name) => this.warehouse.state.positions(name),
      nextLoadId: async () => this.#clock.next(),
      flush: async (load, signal) => {
        const outcome = await this.#lane.run('stream', () => this.warehouse.flush(load, signal))
        this.flushes += 1
        for (const wake of this.#committed.splice(0)) wake()
        return outcome
      },
    }
  }

  runner(destination: Destination = this.destination(), eventsMax = 50): PipelineRunner {
    return new PipelineRunner({
      declaration: sales,
      log: this.log,
      destination,
      run: 'live',
      limits: { intervalMs: 5, eventsMax },
      onNotice: (notice) => this.notices.push(notice),
    })
  }

  async send(from: number, count: number): Promise<void> {
    await this.log.append(
      'sales',
      Array.from({ length: count }, (_, index) => {
        const number = from + index
        const price = number % 5 === 0 ? null : `${number}.50`
        return {
          key: Buffer.from(`k${number}`),
          value: Buffer.from(JSON.stringify({ id: `s${number}`, price })),
        }
      }),
    )
  }

  /** Resolves when the table has so many rows. */
  async rows(count: number): Promise<void> {
    for (;;) {
      const next = new Promise<void>((resolve) => this.#committed.push(resolve))
      if ((await this.count()) >= count) return
      await next
    }
  }

  async count(): Promise<number> {
    const [row] = await this.query('SELECT count(*) AS n FROM sales.processed').catch(() => [{ n: 0 }])
    return Number(row?.['n'])
  }

  async query(sql: string): Promise<Record<string, unknown>[]> {
    const found: Record<string, unknown>[] = []
    for await (const chunk of this.warehouse.query(sql, {}, AbortSignal.timeout(30_000))) {
      for (let row = 0; row < chunk.rows; row++)
        found.push(
          Object.fromEntries(chunk.columns.map(({ name }, column) => [name, chunk.values[column]?.[row]])),
        )
    }
    return found
  }

  /** Sum over the ledger of what became of events. */
  async events(): Promise<Record<string, number>> {
    const entries = await this.warehouse.state.ledger(0, 10_000)
    const sum = { read: 0, taken: 0, filtered: 0, dead: 0 }
    for (const { events } of entries)
      for (const key of Object.keys(sum) as (keyof typeof sum)[]) sum[key] += events?.[key] ?? 0
    return sum
  }
}

/** The rows that the events `0 … count-1` make: those with a price. */
const withPrice = (count: number): number => count - Math.ceil(count / 5)

test('events become rows while they come, and all that was read is committed when it ends', async () => {
  await using world = await World.create()
  await world.send(0, 100)
  const stop = new AbortController()
  const running = world.runner().run(stop.signal)
  await world.rows(withPrice(100))
  await world.send(100, 400)
  await world.rows(withPrice(500))
  stop.abort()
  await running
  assert.equal(await world.count(), withPrice(500))
  assert.deepEqual(await world.events(), { read: 500, taken: withPrice(500), filtered: 100, dead: 0 })
  assert.ok(world.flushes > 2)
})

test('a pipeline goes on where it was, and reads nothing twice', async () => {
  await using world = await World.create()
  for (let round = 0; round < 4; round++) {
    await world.send(round * 60, 60)
    const stop = new AbortController()
    const running = world.runner().run(stop.signal)
    await world.rows(withPrice(round * 60 + 60))
    stop.abort()
    await running
  }
  assert.deepEqual(await world.events(), { read: 240, taken: withPrice(240), filtered: 48, dead: 0 })
  const positions = await world.warehouse.state.positions('sales')
  const offsets = positions.reduce((sum, { position }) => sum + (position as { offset: number }).offset, 0)
  assert.equal(offsets, 240)
})

test('two runners of one pipeline lose and double nothing: the later flush of each place is refused', async () => {
  await using world = await World.create()
  const stop = new AbortController()
  const running = [world.runner().run(stop.signal), world.runner(world.destination(), 20).run(stop.signal)]
  for (let from = 0; from < 2000; from += 100) await world.send(from, 100)
  await world.rows(withPrice(2000))
  stop.abort()
  await Promise.all(running)
  assert.equal(await world.count(), withPrice(2000))
  assert.deepEqual(await world.events(), { read: 2000, taken: withPrice(2000), filtered: 400, dead: 0 })
  assert.ok(world.notices.length > 0, 'one was refused at least once')
  assert.deepEqual(new Set(world.notices.map(({ code }) => code)), new Set(['CAUDAL_LOAD_POSITION_MOVED']))
})

test('an unreachable destination stops the reading, and each event still takes effect once', async () => {
  await using world = await World.create()
  const real = world.destination()
  let failures = 0
  const flaky: Destination = {
    ...real,
    flush: async (load, signal) => {
      failures += 1
      if (failures % 3 === 1)
        throw new CaudalError({ code: 'CAUDAL_TEST_UNREACHABLE', message: 'cut off', retryable: true })
      const outcome = await real.flush(load, signal)
      if (failures % 3 === 2)
        throw new CaudalError({
          code: 'CAUDAL_TEST_ANSWER_LOST',
          message: 'the answer was lost',
          retryable: true,
        })
      return outcome
    },
  }
  const stop = new AbortController()
  const running = world.runner(flaky).run(stop.signal)
  for (let from = 0; from < 300; from += 50) await world.send(from, 50)
  await world.rows(withPrice(300))
  stop.abort()
  await running
  assert.deepEqual(await world.events(), { read: 300, taken: withPrice(300), filtered: 60, dead: 0 })
  assert.equal(await world.count(), withPrice(300))
})

test('an error that will not pass ends the pipeline, and what was committed stays', async () => {
  await using world = await World.create()
  const real = world.destination()
  const refusing: Destination = {
    ...real,
    flush: async (load, signal) => {
      if (world.flushes === 2) throw new CaudalError({ code: 'CAUDAL_FLUSH_TABLE', message: 'another type' })
      return real.flush(load, signal)
    },
  }
  await world.send(0, 400)
  await assert.rejects(world.runner(refusing).run(AbortSignal.timeout(20_000)), {
    code: 'CAUDAL_FLUSH_TABLE',
  })
  const stop = new AbortController()
  const running = world.runner().run(stop.signal)
  await world.rows(withPrice(400))
  stop.abort()
  await running
  assert.deepEqual(await world.events(), { read: 400, taken: withPrice(400), filtered: 80, dead: 0 })
})
