import type { Column, Load } from '@caudal/spec'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { WarehouseWorld, type LoadFacts, type WarehouseFactory } from './world.ts'

const columns: Column[] = [
  { name: 'id', type: { kind: 'integer' } },
  { name: 'note', type: { kind: 'text' }, isUnseen: true },
]

/** What a partition brought gives way to its newer load; a placeholder type gives way to the first real one. */
export function partitionContract(name: string, factory: WarehouseFactory): void {
  test(`${name}: a newer load of a partition takes the place of the older one, others stay`, async () => {
    await using world = await WarehouseWorld.create(factory)
    await world.commit(await partitionLoad(world, 'a.csv', 0, 'id\n1\n2\n'))
    await world.commit(await partitionLoad(world, 'b.csv', 0, 'id\n3\n'))
    const outcome = await world.commit(await partitionLoad(world, 'a.csv', 1, 'id\n4\n'))
    assert.equal(outcome.tables[0]?.swept, 2)
    assert.equal(outcome.tables[0]?.counts.inserted, 1)
    assert.deepEqual(await world.rows('SELECT id FROM crm.deals ORDER BY id'), [{ id: '3' }, { id: '4' }])
  })

  test(`${name}: what an older load of the partition left as dead letters is discarded with it`, async () => {
    await using world = await WarehouseWorld.create(factory)
    await world.commit(await partitionLoad(world, 'a.csv', 0, 'id\n1\nx\n', { isTyped: true }))
    await world.commit(await partitionLoad(world, 'a.csv', 1, 'id\n1\n2\n', { isTyped: true }))
    const letters = await world.warehouse.state.deadLetters({ limit: 10 })
    assert.deepEqual(
      letters.map(({ raw, status }) => [raw, status]),
      [['x', 'discarded']],
    )
  })

  test(`${name}: a column without any value takes the type of its first values`, async () => {
    await using world = await WarehouseWorld.create(factory)
    await world.commit(await partitionLoad(world, 'a.csv', 0, 'id,note\n1,\n'))
    const dated: Column[] = [
      { name: 'id', type: { kind: 'integer' } },
      { name: 'note', type: { kind: 'date' } },
    ]
    await world.commit(await partitionLoad(world, 'b.csv', 0, 'id,note\n2,2026-01-01\n', {}, dated))
    await world.commit(await partitionLoad(world, 'c.csv', 0, 'id,note\n3,\n'))
    const found = await world.warehouse.introspect()
    const note = found[0]?.columns.find((column) => column.name === 'note')
    assert.deepEqual(note?.type, { kind: 'date' })
    assert.deepEqual(await world.rows('SELECT id, note FROM crm.deals ORDER BY id'), [
      { id: '1', note: null },
      { id: '2', note: '2026-01-01' },
      { id: '3', note: null },
    ])
  })
}

async function partitionLoad(
  world: WarehouseWorld,
  partition: string,
  expectedVersion: number,
  content: string,
  settings: LoadFacts['settings'] = {},
  declared: readonly Column[] = columns,
): Promise<Load> {
  const load = await world.load({
    columns: declared,
    settings: { isTyped: false, replacesPartition: true, ...settings },
    files: [{ format: 'csv', content, origin: partition }],
  })
  return { ...load, positions: [{ stream: 'deals', partition, expectedVersion, position: { partition } }] }
}
