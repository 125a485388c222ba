import {
  addCounts,
  isBalanced,
  noCounts,
  type JsonValue,
  type LoadCounts,
  type TableLoad,
} from '@caudal/spec'
import fc from 'fast-check'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { WarehouseWorld, type WarehouseFactory } from './world.ts'

type Record_ = Record<string, JsonValue>

/** By key the newest wins, whatever the order and repetition of loads. */
export function mergingContract(name: string, factory: WarehouseFactory): void {
  test(`${name}: merge counts every record once`, async () => {
    await using world = await WarehouseWorld.create(factory)
    const settings = { disposition: 'merge', primaryKey: ['id'], order: 'updated' } as const
    await world.commit(
      await world.load({ settings, rows: [deal('a', '1', 1), deal('b', '2', 1), deal('a', '1.5', 2)] }),
    )
    const outcome = await world.commit(
      await world.load({
        settings,
        rows: [deal('a', '9', 1), deal('b', '2', 1), deal('b', '3', 2), deal('c', '4', 1)],
      }),
    )
    const counts = outcome.tables[0]?.counts
    assert.deepEqual(counts, { ...noCounts, extracted: 4, inserted: 1, updated: 1, superseded: 2 })
    assert.deepEqual(await world.rows('SELECT id, amount FROM crm.deals ORDER BY id'), [
      { id: 'a', amount: '1.50' },
      { id: 'b', amount: '3.00' },
      { id: 'c', amount: '4.00' },
    ])
  })

  test(`${name}: a late update does not revive a deleted key`, async () => {
    await using world = await WarehouseWorld.create(factory)
    const settings = { disposition: 'merge', primaryKey: ['id'], order: 'updated' } as const
    await world.commit(await world.load({ settings, rows: [deal('a', '1', 1)] }))
    await world.commit(
      await world.load({ settings, rows: [{ ...deal('a', null, 3), _caudal_operation: 'delete' }] }),
    )
    await world.commit(await world.load({ settings, rows: [deal('a', '2', 2)] }))
    assert.deepEqual(await world.rows('SELECT id FROM crm.deals'), [])
    await world.commit(await world.load({ settings, rows: [deal('a', '5', 4)] }))
    assert.deepEqual(await world.rows('SELECT id, amount FROM crm.deals'), [{ id: 'a', amount: '5.00' }])
  })

  test(`${name}: a record that was deleted in its own load outdoes an older one that came before it`, async () => {
    const settings = { disposition: 'merge', primaryKey: ['id'], order: 'updated' } as const
    const loads = [
      [deal('b', '1', 3), { ...deal('b', '1', null), _caudal_operation: 'delete' }],
      [deal('b', '1', null), deal('a', '1', null)],
    ]
    for (const order of [
      [0, 1],
      [1, 0],
    ]) {
      await using world = await WarehouseWorld.create(factory)
      for (const index of order) {
        const id = String(1_790_000_000_000_000 + index)
        await world.commit(await world.load({ id, settings, rows: loads[index] ?? [] }))
      }
      assert.deepEqual(await world.rows('SELECT id FROM crm.deals'), [{ id: 'a' }], `order ${order.join()}`)
    }
  })

  test(`${name}: with the soft flag deleted rows stay and say since when`, async () => {
    await using world = await WarehouseWorld.create(factory)
    const settings = {
      disposition: 'merge',
      primaryKey: ['id'],
      order: 'updated',
      deletes: 'soft flag',
    } as const
    await world.commit(await world.load({ settings, rows: [deal('a', '1', 1), deal('b', '1', 1)] }))
    await world.commit(
      await world.load({ settings, rows: [{ ...deal('a', null, 2), _caudal_operation: 'delete' }] }),
    )
    assert.deepEqual(
      await world.rows(
        'SELECT id, amount, _caudal_deleted_at IS NOT NULL AS gone FROM crm.deals ORDER BY id',
      ),
      [
        { id: 'a', amount: '1.00', gone: true },
        { id: 'b', amount: '1.00', gone: false },
      ],
    )
  })

  test(`${name}: with the soft flag a record that comes back as it was is there again`, async () => {
    await using world = await WarehouseWorld.create(factory)
    const settings = { disposition: 'merge', primaryKey: ['id'], deletes: 'soft flag' } as const
    await world.commit(await world.load({ settings, rows: [deal('a', '1', 1)] }))
    await world.commit(
      await world.load({ settings, rows: [{ ...deal('a', '1', 1), _caudal_operation: 'delete' }] }),
    )
    const back = await world.commit(await world.load({ settings, rows: [deal('a', '1', 1)] }))
    assert.equal(back.tables[0]?.counts.updated, 1)
    assert.equal(back.tables[0]?.isVisibleChange, true)
    assert.deepEqual(await world.rows('SELECT id, _caudal_deleted_at IS NOT NULL AS gone FROM crm.deals'), [
      { id: 'a', gone: false },
    ])
  })

  for (const deletes of ['none', 'soft flag'] as const) {
    test(`${name}: any permutation and repetition of loads gives the same table (deletes: ${deletes})`, async () => {
      await permutations(
        factory,
        { disposition: 'merge', primaryKey: ['id'], order: 'updated', deletes },
        true,
      )
    })
  }

  test(`${name}: any permutation of loads gives the same history`, async () => {
    await permutations(factory, { disposition: 'history', primaryKey: ['id'], order: 'updated' }, true)
  })

  test(`${name}: a version that came again wins over what lay between, though that arrives last`, async () => {
    const settings = { disposition: 'history', primaryKey: ['id'], order: 'updated' } as const
    const loads = [deal('a', '2.00', 1), deal('a', '3.00', 1), deal('a', '2.00', 1)].map((row) => [row])
    const inOrder = await outcomeOf(factory, settings, loads, [0, 1, 2], false)
    assert.deepEqual(
      inOrder.map((row) => row['amount']),
      ['2.00'],
    )
    assert.deepEqual(await outcomeOf(factory, settings, loads, [0, 2, 1], false), inOrder)
  })

  test(`${name}: history without an order column follows the loads and skips what did not change`, async () => {
    await using world = await WarehouseWorld.create(factory)
    const settings = { disposition: 'history', primaryKey: ['id'] } as const
    const columns = [
      { name: 'id', type: { kind: 'text' } },
      { name: 'team', type: { kind: 'text' } },
    ] as const
    await world.commit(await world.load({ settings, columns, rows: [{ id: 'ana', team: 'north' }] }))
    await world.commit(await world.load({ settings, columns, rows: [{ id: 'ana', team: 'north' }] }))
    const moved = await world.commit(
      await world.load({ settings, columns, rows: [{ id: 'ana', team: 'south' }] }),
    )
    assert.equal(moved.tables[0]?.counts.inserted, 1)
    assert.deepEqual(
      await world.rows(
        'SELECT team, _caudal_valid_to IS NULL AS current FROM crm.deals ORDER BY _caudal_valid_from',
      ),
      [
        { team: 'north', current: false },
        { team: 'south', current: true },
      ],
    )
  })
}

function deal(id: string, amount: string | null, updated: number | null): Record_ {
  return { id, amount, updated }
}

const record = fc.record({
  id: fc.constantFrom('a', 'b', 'c'),
  amount: fc.constantFrom('1.00', '2.00', '3.00', null),
  updated: fc.option(fc.integer({ min: 1, max: 4 })),
  _caudal_operation: fc.constantFrom('upsert', 'upsert', 'upsert', 'delete'),
})

async function permutations(
  factory: WarehouseFactory,
  settings: Partial<TableLoad>,
  hasDeletes: boolean,
): Promise<void> {
  const full = process.env['CAUDAL_FULL'] === '1'
  const loads = fc.array(fc.array(record, { minLength: 1, maxLength: 4 }), { minLength: 2, maxLength: 4 })
  const shuffled = loads.chain((list) =>
    fc.tuple(
      fc.constant(list),
      fc.shuffledSubarray([...list.keys()], { minLength: list.length, maxLength: list.length }),
      fc.array(fc.nat({ max: list.length - 1 }), { maxLength: 2 }),
    ),
  )
  await fc.assert(
    fc.asyncProperty(shuffled, async ([list, order, repeats]) => {
      const inOrder = await outcomeOf(factory, settings, list, [...list.keys()], hasDeletes)
      const inOther = await outcomeOf(factory, settings, list, [...order, ...repeats], hasDeletes)
      assert.deepEqual(inOther, inOrder)
    }),
    { numRuns: full ? 150 : 12 },
  )
}

async function outcomeOf(
  factory: WarehouseFactory,
  settings: Partial<TableLoad>,
  list: readonly (readonly Record_[])[],
  order: readonly number[],
  hasDeletes: boolean,
): Promise<Record_[]> {
  await using world = await WarehouseWorld.create(factory)
  const applied = new Set<number>()
  let total: LoadCounts = noCounts
  for (const index of order) {
    const rows = list[index] ?? []
    const kept = hasDeletes
      ? rows.map((row) =>
          settings.disposition === 'history' && row['updated'] === null ? { ...row, updated: 1 } : row,
        )
      : rows
    const load = await world.load({ id: String(1_790_000_000_000_000 + index), settings, rows: kept })
    const outcome = await world.commit(load)
    if (applied.has(index)) assert.equal(outcome.wasApplied, true)
    else total = addCounts(total, outcome.tables[0]?.counts ?? noCounts)
    applied.add(index)
  }
  assert.equal(total.extracted, list.flat().length)
  assert.ok(isBalanced(total))
  const validity = settings.disposition === 'history' ? ', _caudal_valid_from, _caudal_valid_to' : ''
  const gone = settings.deletes === 'soft flag' ? ', _caudal_deleted_at IS NOT NULL AS gone' : ''
  return await world.rows(`SELECT id, amount, updated${validity}${gone} FROM crm.deals ORDER BY ALL`)
}
