import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hasCode } from './atomicity.ts'
import { WarehouseWorld, type WarehouseFactory } from './world.ts'

const marts = { schema: 'marts', name: 'totals' }
const built = { schema: '_caudal_build', name: 'marts.totals' }

/** Models are built privately and put in place whole. */
export function publishingContract(name: string, factory: WarehouseFactory): void {
  test(`${name}: a built table is private until it is published, and a view over it goes on`, async () => {
    await using world = await WarehouseWorld.create(factory)
    const { warehouse } = world
    await warehouse.build(built, 'SELECT 1 AS n', {}, AbortSignal.timeout(10_000))
    assert.deepEqual(await warehouse.introspect(), [])
    await warehouse.publish({
      run: 'r',
      checks: [],
      models: [model('f1')],
      publications: [{ kind: 'table', table: marts, built }],
    })
    await warehouse.publish({
      run: 'r',
      checks: [],
      models: [],
      publications: [
        {
          kind: 'view',
          table: { schema: 'marts', name: 'doubled' },
          sql: 'SELECT n * 2 AS n2 FROM marts.totals',
        },
      ],
    })
    await warehouse.build(built, 'SELECT 5 AS n', {}, AbortSignal.timeout(10_000))
    assert.deepEqual(await world.rows('SELECT n2 FROM marts.doubled'), [{ n2: '2' }])
    await warehouse.publish({
      run: 'r',
      checks: [],
      models: [model('f2')],
      publications: [{ kind: 'table', table: marts, built }],
    })
    assert.deepEqual(await world.rows('SELECT n2 FROM marts.doubled'), [{ n2: '10' }])
    assert.deepEqual(await warehouse.state.models(), [model('f2')])
  })

  test(`${name}: a failing check leaves yesterday's table and its record`, async () => {
    await using world = await WarehouseWorld.create(factory)
    const { warehouse } = world
    await warehouse.build(built, 'SELECT 1 AS n', {}, AbortSignal.timeout(10_000))
    await warehouse.publish({
      run: 'r',
      checks: [],
      models: [model('f1')],
      publications: [{ kind: 'table', table: marts, built }],
    })
    await warehouse.build(built, 'SELECT NULL::INTEGER AS n', {}, AbortSignal.timeout(10_000))
    const checks = [{ name: 'n not null', sql: 'SELECT * FROM marts.totals WHERE n IS NULL' }]
    await assert.rejects(
      warehouse.publish({
        run: 'r',
        checks,
        models: [model('f2')],
        publications: [{ kind: 'table', table: marts, built }],
      }),
      hasCode('CAUDAL_CHECK_FAILED'),
    )
    assert.deepEqual(await world.rows('SELECT n FROM marts.totals'), [{ n: '1' }])
    assert.deepEqual(await warehouse.state.models(), [model('f1')])
  })

  test(`${name}: an interval is replaced half-open, and by key where one is given`, async () => {
    await using world = await WarehouseWorld.create(factory)
    const { warehouse } = world
    const interval = { column: 'happened', start: '2026-01-01T00:00:00Z', end: '2026-01-02T00:00:00Z' }
    const build = (values: string): Promise<number> =>
      warehouse.build(
        built,
        `SELECT * FROM (VALUES ${values}) v(id, happened)`,
        {},
        AbortSignal.timeout(10_000),
      )
    const merge = (key: string[]): Promise<number> =>
      warehouse.publish({
        run: 'r',
        checks: [],
        models: [],
        publications: [{ kind: 'merge', table: marts, built, key, interval }],
      })
    await build(`(1, TIMESTAMP '2026-01-01'), (2, TIMESTAMP '2026-01-01 23:59:59')`)
    await merge([])
    await build(`(3, TIMESTAMP '2026-01-02')`)
    await merge(['id'])
    await build(`(9, TIMESTAMP '2026-01-01 12:00:00')`)
    await merge([])
    assert.deepEqual(await world.rows('SELECT id FROM marts.totals ORDER BY id'), [{ id: '3' }, { id: '9' }])
  })

  test(`${name}: queries read, and nothing else`, async () => {
    await using world = await WarehouseWorld.create(factory)
    assert.deepEqual(
      await world.rows('SELECT $x AS x, 12345678901234567890::DECIMAL(38,2) AS d', { x: 'a' }),
      [{ x: 'a', d: '12345678901234567890.00' }],
    )
    for (const sql of ['CREATE TABLE t (a INTEGER)', 'SELECT 1; SELECT 2', 'DELETE FROM _caudal.ledger']) {
      await assert.rejects(world.rows(sql), hasCode('CAUDAL_QUERY_NOT_READ_ONLY'))
    }
    await assert.rejects(world.rows('SELECT nope FROM nowhere'), hasCode('CAUDAL_QUERY_FAILED'))
  })
}

function model(fingerprint: string): {
  model: string
  fingerprint: string
  materialization: string
  intervals: { start: string; end: string }[]
} {
  return { model: 'marts.totals', fingerprint, materialization: 'table', intervals: [] }
}
