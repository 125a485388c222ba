import type { Column } from '@caudal/spec'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hasCode } from './atomicity.ts'
import { WarehouseWorld, type WarehouseFactory } from './world.ts'

const columns: Column[] = [
  { name: 'id', type: { kind: 'integer' } },
  { name: 'day', type: { kind: 'date' } },
]

/** Good rows are loaded, bad ones are kept with line, column, reason and raw bytes; too many refuse the load. */
export function badInputContract(name: string, factory: WarehouseFactory): void {
  test(`${name}: bad CSV rows become dead letters, the good ones are loaded`, async () => {
    await using world = await WarehouseWorld.create(factory)
    const content = 'id,day\n1,2026-01-01\nx,2026-01-02\n3,soon\n4\n5,2026-01-05,extra\n6,2026-01-06\n'
    const outcome = await world.commit(
      await world.load({ columns, files: [{ format: 'csv', content, origin: 'deals.csv' }] }),
    )
    assert.equal(outcome.tables[0]?.counts.inserted, 2)
    assert.equal(outcome.tables[0]?.counts.deadLettered, 4)
    const letters = await world.warehouse.state.deadLetters({ source: 'crm', limit: 10 })
    assert.deepEqual(
      letters.map((letter) => [letter.origin, letter.line, letter.column, letter.raw]),
      [
        ['deals.csv', 3, 'id', 'x,2026-01-02'],
        ['deals.csv', 4, 'day', '3,soon'],
        ['deals.csv', 5, 'day', '4'],
        ['deals.csv', 6, undefined, '5,2026-01-05,extra'],
      ],
    )
  })

  test(`${name}: bad JSON lines become dead letters, the good ones are loaded`, async () => {
    await using world = await WarehouseWorld.create(factory)
    const content = '{"id":1,"day":"2026-01-01"}\n{"id":"x","day":"2026-01-02"}\n{broken\n[1]\n{"id":5}\n'
    const outcome = await world.commit(await world.load({ columns, files: [{ content, origin: 'page 7' }] }))
    assert.equal(outcome.tables[0]?.counts.inserted, 2)
    const letters = await world.warehouse.state.deadLetters({ limit: 10 })
    assert.deepEqual(
      letters.map((letter) => [letter.line, letter.column, letter.raw]),
      [
        [2, 'id', '{"id":"x","day":"2026-01-02"}'],
        [3, undefined, '{broken'],
        [4, undefined, '[1]'],
      ],
    )
  })

  test(`${name}: a load with too large a share of bad rows is refused with nothing changed`, async () => {
    await using world = await WarehouseWorld.create(factory)
    const lines = Array.from({ length: 100 }, (_, index) => `${index < 10 ? 'x' : index},2026-01-01\n`).join(
      '',
    )
    const load = await world.load({
      columns,
      files: [{ format: 'csv', content: `id,day\n${lines}` }],
      position: 1,
    })
    await assert.rejects(world.commit(load), hasCode('CAUDAL_LOAD_BAD_SHARE'))
    assert.deepEqual(await world.warehouse.state.positions('crm'), [])
    assert.deepEqual(await world.warehouse.state.deadLetters({ limit: 10 }), [])
    assert.deepEqual(await world.warehouse.introspect(), [])
  })

  test(`${name}: a row without its key becomes a dead letter`, async () => {
    await using world = await WarehouseWorld.create(factory)
    const settings = { disposition: 'merge', primaryKey: ['id'] } as const
    const outcome = await world.commit(
      await world.load({
        columns,
        settings,
        rows: [
          { id: 1, day: null },
          { id: null, day: '2026-01-01' },
        ],
      }),
    )
    assert.equal(outcome.tables[0]?.counts.deadLettered, 1)
    assert.equal((await world.warehouse.state.deadLetters({ limit: 10 }))[0]?.reason, 'the key has no value')
  })

  test(`${name}: a sampled column is widened, never to a double`, async () => {
    await using world = await WarehouseWorld.create(factory)
    const sampled = { isTyped: false }
    const content = 'id,day\n1,2026-01-01\n2.125,2026-01-02\n'
    const text = { decimalSeparator: '.' } as const
    const outcome = await world.commit(
      await world.load({ columns, settings: sampled, files: [{ format: 'csv', content, text }] }),
    )
    assert.deepEqual(outcome.tables[0]?.counts.inserted, 2)
    assert.deepEqual(await world.rows('SELECT id FROM crm.deals ORDER BY day'), [
      { id: '1.000' },
      { id: '2.125' },
    ])
    await world.commit(
      await world.load({
        columns,
        settings: sampled,
        files: [{ format: 'csv', content: 'id,day\nA-7,soon\n' }],
      }),
    )
    assert.deepEqual(await world.rows('SELECT id, day FROM crm.deals ORDER BY id'), [
      { id: '1.000', day: '2026-01-01' },
      { id: '2.125', day: '2026-01-02' },
      { id: 'A-7', day: 'soon' },
    ])
  })

  test(`${name}: a frozen contract refuses a new column and a value that does not fit`, async () => {
    await using world = await WarehouseWorld.create(factory)
    const frozen = { contract: { columns: 'freeze', types: 'freeze' } } as const
    await world.commit(await world.load({ columns, settings: frozen, rows: [{ id: 1, day: null }] }))
    await assert.rejects(
      world
        .load({ columns, settings: frozen, rows: [{ id: 2, day: null, color: 'red' }] })
        .then((load) => world.commit(load)),
      hasCode('CAUDAL_LOAD_SCHEMA_FROZEN'),
    )
    await assert.rejects(
      world
        .load({ columns, settings: frozen, rows: [{ id: 'x', day: null }] })
        .then((load) => world.commit(load)),
      hasCode('CAUDAL_LOAD_SCHEMA_FROZEN'),
    )
    assert.deepEqual(await world.rows('SELECT count(*) AS n FROM crm.deals'), [{ n: '1' }])
  })

  test(`${name}: columns in another order, missing and new ones are mapped by name`, async () => {
    await using world = await WarehouseWorld.create(factory)
    const settings = {}
    await world.commit(
      await world.load({ columns, settings, files: [{ format: 'csv', content: 'day,ID\n2026-01-01,1\n' }] }),
    )
    await world.commit(
      await world.load({ columns, settings, files: [{ format: 'csv', content: 'id,color\n2,red\n' }] }),
    )
    assert.deepEqual(await world.rows('SELECT id, day, _caudal_extra FROM crm.deals ORDER BY id'), [
      { id: '1', day: '2026-01-01', _caudal_extra: null },
      { id: '2', day: null, _caudal_extra: '{"color":"red"}' },
    ])
  })

  test(`${name}: a file that is not what it says is refused and named`, async () => {
    await using world = await WarehouseWorld.create(factory)
    const load = await world.load({
      columns,
      files: [{ format: 'parquet', content: 'not parquet', origin: 'deals.parquet' }],
    })
    await assert.rejects(world.commit(load), hasCode('CAUDAL_LOAD_UNREADABLE'))
  })
}
