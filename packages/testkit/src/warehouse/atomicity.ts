import { CaudalError, isBalanced } from '@caudal/spec'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { WarehouseWorld, type WarehouseFactory } from './world.ts'

/** A load takes effect whole, once, and only from the position and generation it was prepared for. */
export function atomicityContract(name: string, factory: WarehouseFactory): void {
  test(`${name}: a load appends its rows and moves its position`, async () => {
    await using world = await WarehouseWorld.create(factory)
    const load = await world.load({ rows: [{ id: 'a', amount: '1.50', updated: 1 }], position: { page: 1 } })
    const outcome = await world.commit(load)
    assert.equal(outcome.sequence, 1)
    assert.equal(outcome.wasApplied, false)
    assert.deepEqual(await world.rows('SELECT id, amount FROM crm.deals'), [{ id: 'a', amount: '1.50' }])
    const [position] = await world.warehouse.state.positions('crm')
    assert.deepEqual(position?.position, { page: 1 })
    assert.equal(position?.version, 1)
    assert.ok(isBalanced(outcome.tables[0]?.counts ?? assert.fail('no outcome')))
  })

  test(`${name}: applying a load twice changes nothing, also after reopening`, async () => {
    await using world = await WarehouseWorld.create(factory)
    const load = await world.load({ rows: [{ id: 'a', amount: '1', updated: 1 }], position: 1 })
    const first = await world.commit(load)
    await world.reopen()
    const second = await world.commit(load)
    assert.equal(second.wasApplied, true)
    assert.equal(second.sequence, first.sequence)
    assert.deepEqual(second.tables, first.tables)
    assert.deepEqual(await world.rows('SELECT count(*) AS n FROM crm.deals'), [{ n: '1' }])
  })

  test(`${name}: another load under the id of one that was applied is refused, not taken for it`, async () => {
    await using world = await WarehouseWorld.create(factory)
    const first = await world.load({ rows: [{ id: 'a', amount: '1', updated: 1 }] })
    await world.commit(first)
    const other = await world.load({
      id: first.id,
      table: 'leads',
      rows: [{ id: 'x', amount: '1', updated: 1 }],
    })
    await assert.rejects(world.commit(other), hasCode('CAUDAL_LOAD_ID_TAKEN'))
    await assert.rejects(world.commit({ ...first, source: 'mail' }), hasCode('CAUDAL_LOAD_ID_TAKEN'))
  })

  test(`${name}: a load whose position has moved is refused and leaves no trace`, async () => {
    await using world = await WarehouseWorld.create(factory)
    await world.commit(await world.load({ rows: [{ id: 'a', amount: '1', updated: 1 }], position: 1 }))
    const late = await world.load({
      rows: [{ id: 'b', amount: '2', updated: 2 }],
      position: 2,
      expectedVersion: 0,
    })
    await assert.rejects(world.commit(late), hasCode('CAUDAL_LOAD_POSITION_MOVED'))
    assert.deepEqual(await world.rows('SELECT id FROM crm.deals'), [{ id: 'a' }])
    assert.equal((await world.warehouse.state.ledger(0, 10)).length, 1)
  })

  test(`${name}: a load prepared for an older generation is refused`, async () => {
    await using world = await WarehouseWorld.create(factory)
    const load = await world.load({ rows: [{ id: 'a', amount: '1', updated: 1 }] })
    await world.commitAsIs(load)
    const stale = await world.load({ rows: [{ id: 'b', amount: '1', updated: 1 }] })
    await assert.rejects(world.commitAsIs(stale), hasCode('CAUDAL_LOAD_GENERATION'))
    assert.deepEqual(await world.rows('SELECT id FROM crm.deals'), [{ id: 'a' }])
  })

  test(`${name}: a load without rows moves the position (a reset), so that what was prepared before is refused`, async () => {
    await using world = await WarehouseWorld.create(factory)
    await world.commit(await world.load({ rows: [{ id: 'a', amount: '1', updated: 1 }], position: 1 }))
    await world.commit(await world.load({ position: null, expectedVersion: 1 }))
    const prepared = await world.load({
      rows: [{ id: 'b', amount: '2', updated: 2 }],
      position: 2,
      expectedVersion: 1,
    })
    await assert.rejects(world.commit(prepared), hasCode('CAUDAL_LOAD_POSITION_MOVED'))
  })

  test(`${name}: the ledger tells the tables of each commit in order, and versions follow it`, async () => {
    await using world = await WarehouseWorld.create(factory)
    await world.commit(await world.load({ rows: [{ id: 'a', amount: '1', updated: 1 }] }))
    await world.commit(await world.load({ table: 'leads', rows: [{ id: 'x', amount: '1', updated: 1 }] }))
    const ledger = await world.warehouse.state.ledger(1, 10)
    assert.deepEqual(
      ledger.map((entry) => [entry.sequence, entry.tables]),
      [[2, [{ schema: 'crm', name: 'leads' }]]],
    )
    assert.deepEqual(await world.warehouse.state.versions(), { 'crm.deals': 1, 'crm.leads': 2 })
  })
}

/** Matches a CaudalError by code. */
export function hasCode(code: string): (error: unknown) => boolean {
  return (error) => {
    assert.ok(CaudalError.isInstance(error), `not a CaudalError: ${String(error)}`)
    assert.equal(error.code, code, error.message)
    return true
  }
}
