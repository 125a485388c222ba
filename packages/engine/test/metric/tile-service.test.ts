import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type {
  ColumnChunk,
  DashboardNode,
  JsonValue,
  Manifest,
  TileNode,
  ViewState,
  Warehouse,
} from '@caudal/spec'
import { createTileService, joinChecks, tilesRead, type TileService } from '@caudal/engine'
import { amountSum, count, DealBook } from './deals.ts'
import { openDuckdb } from './engines.ts'

const engine = await openDuckdb()
after(() => engine.close())

const label = { en: 'x', es: 'x' }
const owner = { id: 'owner', rules: {} }
const view: ViewState = {
  range: { from: '2026-03-01', to: '2026-03-31' },
  comparison: 'none',
  filters: {},
  timeZone: 'UTC',
}
let books = 0

/** A service over a real warehouse, of which the test counts the queries and may hold them back. */
class Bench {
  readonly book = new DealBook(engine, `service_${++books}`)
  readonly queries: string[] = []
  readonly aborted: boolean[] = []
  versions: Record<string, number> = {}
  now = new Date('2026-04-10T00:00:00Z')
  gate: Promise<void> = Promise.resolve()
  readonly tiles: TileService
  readonly manifest: Manifest

  constructor() {
    const { schema } = this.book
    const tile = (node: Partial<TileNode>): TileNode => ({ title: label, width: 4, ...node }) as TileNode
    const dashboard: DashboardNode = {
      name: 'sales',
      title: label,
      filters: ['sdr'],
      range: 'this month',
      comparison: 'none',
      rows: [
        [
          tile({ id: 'amount', kind: 'number', metric: 'amount' }),
          tile({ id: 'same', kind: 'number', metric: 'amount' }),
          tile({ id: 'board', kind: 'leaderboard', metrics: ['amount'], by: 'sdr', top: 1 }),
          tile({ id: 'broken', kind: 'number', metric: 'broken' }),
        ],
      ],
      place: 'dashboards/sales.ts:1',
    }
    const model = { file: '', sql: '', tags: [], columnDescriptions: {}, fingerprint: '' }
    this.manifest = {
      metrics: this.book.metrics,
      dashboards: [dashboard],
      models: [
        { ...model, name: `${schema}.deals`, materialization: 'view', references: [`${schema}.staged`] },
        { ...model, name: `${schema}.staged`, materialization: 'view', references: ['crm.deals'] },
        { ...model, name: `${schema}.other`, materialization: 'table', references: ['crm.other'] },
      ],
      timeZone: 'UTC',
      locale: 'es-ES',
      currency: 'EUR',
    } satisfies Partial<Manifest> as unknown as Manifest
    this.tiles = createTileService({
      manifest: () => this.manifest,
      warehouse: {
        capabilities: { dialect: 'duckdb', protocol: 'transaction', isShared: false },
        introspect: () => engine.relations(),
        query: (sql, parameters, signal) => this.#query(sql, parameters, signal),
      } satisfies Pick<Warehouse, 'query' | 'introspect' | 'capabilities'>,
      versions: () => this.versions,
      now: () => this.now,
    })
  }

  async open(): Promise<this> {
    await this.book.putDeals([
      ['2026-03-01T10:00:00Z', '1', true, 'ana'],
      ['2026-03-02T10:00:00Z', '10', true, 'luis'],
      ['2026-03-03T10:00:00Z', '100', true, 'luis'],
    ])
    this.book.metric('amount', { value: amountSum })
    this.book.metric('broken', { value: count, from: `${this.book.schema}.nowhere` })
    this.versions = { 'crm.deals': 7, 'crm.other': 9, [`${this.book.schema}.deals`]: 3 }
    return this
  }

  async value(tile: string, signal = new AbortController().signal): Promise<JsonValue> {
    const answer = await this.tiles.answer('sales', tile, view, owner, signal)
    assert.equal(answer.state, 'ready')
    return answer.state === 'ready' && answer.data.kind === 'number' ? answer.data.value : null
  }

  async *#query(
    sql: string,
    parameters: Readonly<Record<string, JsonValue>>,
    signal: AbortSignal,
  ): AsyncIterable<ColumnChunk> {
    this.queries.push(sql)
    const index = this.aborted.push(false) - 1
    signal.addEventListener('abort', () => (this.aborted[index] = true))
    await this.gate
    signal.throwIfAborted()
    yield* await engine.query(sql, parameters)
  }
}

test('an answer is kept until a table that it reads changes, also behind views', async () => {
  const bench = await new Bench().open()
  assert.equal(await bench.value('amount'), '111.00')
  assert.equal(await bench.value('same'), '111.00')
  bench.versions = { ...bench.versions, 'crm.other': 10 }
  await bench.value('amount')
  assert.equal(bench.queries.length, 1)
  bench.versions = { ...bench.versions, 'crm.deals': 11 }
  const answer = await bench.tiles.answer('sales', 'amount', view, owner, new AbortController().signal)
  assert.equal(bench.queries.length, 2)
  assert.equal(answer.state === 'ready' && answer.sequence, 11)
  assert.equal(answer.state === 'ready' && answer.asOf, '2026-04-10T00:00:00.000Z')
})

test('viewers share an answer only when the same rules hold for them', async () => {
  const bench = await new Bench().open()
  const signal = new AbortController().signal
  const rules = { [`${bench.book.schema}.deals`]: "sdr_id = 'ana'" }
  const value = async (viewer: { id: string; rules: Record<string, string> }): Promise<unknown> => {
    const answer = await bench.tiles.answer('sales', 'amount', view, viewer, signal)
    return answer.state === 'ready' && answer.data.kind === 'number' && answer.data.value
  }
  assert.equal(await value(owner), '111.00')
  assert.equal(await value({ id: 'ana', rules }), '1.00')
  assert.equal(await value({ id: 'mar', rules: {} }), '111.00')
  assert.equal(bench.queries.length, 2)
  const values = await bench.tiles.values('sales', 'sdr', { id: 'ana', rules }, signal)
  assert.deepEqual(values, { dimension: 'sdr', values: ['ana'], isCut: false })
})

test('equal questions at the same time are one query, which ends when nobody waits any more', async () => {
  const bench = await new Bench().open()
  const { promise, resolve } = Promise.withResolvers<void>()
  bench.gate = promise
  const [leaving, staying] = [new AbortController(), new AbortController()]
  const first = bench.value('amount', leaving.signal)
  const second = bench.value('same', staying.signal)
  await until(() => bench.queries.length > 0)
  leaving.abort(new Error('the tab was closed'))
  await assert.rejects(first, /the tab was closed/)
  assert.deepEqual(bench.aborted, [false])
  resolve()
  assert.equal(await second, '111.00')
  assert.equal(bench.queries.length, 1)

  bench.versions = { 'crm.deals': 8 }
  const gate = Promise.withResolvers<void>()
  bench.gate = gate.promise
  const alone = new AbortController()
  const third = bench.value('amount', alone.signal)
  await until(() => bench.queries.length === 2)
  alone.abort(new Error('the tab was closed'))
  await assert.rejects(third, /the tab was closed/)
  assert.deepEqual(bench.aborted, [false, true])
  gate.resolve()
  assert.equal(await bench.value('amount'), '111.00')
})

test('a range that ends now moves with the clock, and a table that others load is read again after a minute', async () => {
  const bench = await new Bench().open()
  const moving: ViewState = { ...view, range: 'last 30 days' }
  const value = async (): Promise<unknown> => {
    const answer = await bench.tiles.answer('sales', 'amount', moving, owner, new AbortController().signal)
    return answer.state === 'ready' && answer.data.kind === 'number' && answer.data.value
  }
  bench.now = new Date('2026-03-31T12:00:00Z')
  assert.equal(await value(), '110.00')
  bench.now = new Date('2026-04-01T12:00:00Z')
  assert.equal(await value(), '100.00')

  bench.versions = {}
  await value()
  const asked = bench.queries.length
  bench.now = new Date('2026-04-01T12:00:30Z')
  await value()
  assert.equal(bench.queries.length, asked)
  bench.now = new Date('2026-04-01T12:01:30Z')
  await value()
  assert.equal(bench.queries.length, asked + 1)
})

test('what cannot be answered says what is missing and how to mend it', async () => {
  const bench = await new Bench().open()
  const signal = new AbortController().signal
  const broken = await bench.tiles.answer('sales', 'broken', view, owner, signal)
  assert.equal(broken.state, 'error')
  assert.ok(broken.state === 'error')
  assert.equal(broken.error.code, 'CAUDAL_METRIC_TABLE')
  assert.match(
    broken.error.message,
    /metrics\/sales\.ts:1: the metric `broken` reads \S+\.nowhere, which the warehouse does not have/,
  )
  assert.match(broken.error.hint ?? '', /caudal run --select/)
  const zone = await bench.tiles.answer('sales', 'amount', { ...view, timeZone: 'Mars/Base' }, owner, signal)
  assert.equal(zone.state === 'error' && zone.error.code, 'CAUDAL_TIME_ZONE_INVALID')
  await assert.rejects(bench.tiles.answer('sales', 'amuont', view, owner, signal), /Did you mean `amount`/)
  assert.throws(() => bench.tiles.dashboard('sale'), { code: 'CAUDAL_DASHBOARD_UNKNOWN' })
  await assert.rejects(bench.tiles.values('sales', 'sdrs', owner, signal), /Did you mean `sdr`/)
})

test('the rows behind a cell come with their columns, cut where there are more', async () => {
  const bench = await new Bench().open()
  const signal = new AbortController().signal
  const cell = { metric: 'amount', at: { sdr: 'luis' } }
  const whole = await bench.tiles.rows('sales', 'board', view, cell, owner, 10, signal)
  assert.deepEqual(
    whole.columns.map(({ name }) => name),
    ['id', 'closed_at', 'closed_utc', 'closed_on', 'amount', 'is_won', 'sdr_id', 'seats'],
  )
  assert.deepEqual(
    whole.rows.map((row) => row[0]),
    ['3', '2'],
  )
  assert.equal(whole.isCut, false)
  const cut = await bench.tiles.rows('sales', 'board', view, cell, owner, 1, signal)
  assert.equal(cut.rows.length, 1)
  assert.equal(cut.isCut, true)
})

test('a dashboard names its dimensions, and a tile all tables that can make it stale', async () => {
  const bench = await new Bench().open()
  const { schema } = bench.book
  const answer = bench.tiles.dashboard('sales')
  assert.deepEqual(
    answer.dimensions.map(({ name }) => name),
    ['sdr'],
  )
  assert.deepEqual(answer.unreached, {})
  assert.equal(answer.locale, 'es-ES')
  assert.deepEqual(bench.tiles.reads('sales', 'amount'), [`${schema}.deals`, `${schema}.staged`, 'crm.deals'])
  const [metric] = bench.manifest.metrics
  assert.ok(metric !== undefined)
  const joined = { ...metric, joins: [{ name: 'o', to: `${schema}.other`, on: { sdr_id: 'id' } }] }
  const [first] = bench.manifest.dashboards[0]?.rows[0] ?? []
  assert.ok(first !== undefined)
  assert.deepEqual(tilesRead(first, { ...bench.manifest, metrics: [joined] }), [
    `${schema}.deals`,
    `${schema}.other`,
    `${schema}.staged`,
    'crm.deals',
  ])
  assert.deepEqual(joinChecks(joined), [
    {
      name: `${schema}.other: id unique`,
      table: `${schema}.other`,
      rule: { kind: 'unique', columns: ['id'] },
      severity: 'error',
      place: 'metrics/sales.ts:1',
    },
  ])
})

/** Lets the loop turn until something has happened. */
async function until(happened: () => boolean): Promise<void> {
  while (!happened()) await new Promise<void>((resolve) => setImmediate(resolve))
}
