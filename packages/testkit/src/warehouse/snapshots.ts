import assert from 'node:assert/strict'
import { test } from 'node:test'
import { WarehouseWorld, type WarehouseFactory } from './world.ts'

/** Complete reads: replace, key sweep and full re-sync become visible only with their last load. */
export function snapshotContract(name: string, factory: WarehouseFactory): void {
  test(`${name}: a replace becomes visible only when it is complete`, async () => {
    await using world = await WarehouseWorld.create(factory)
    const settings = { disposition: 'replace' } as const
    const old = world.nextLoadId()
    await world.commit(
      await world.load({
        id: old,
        settings: { ...settings, snapshot: { id: old, complete: true } },
        rows: [row('a')],
      }),
    )
    const began = world.nextLoadId()
    const first = await world.commit(
      await world.load({
        id: began,
        settings: { ...settings, snapshot: { id: began, complete: false } },
        rows: [row('b')],
      }),
    )
    assert.equal(first.tables[0]?.isVisibleChange, false)
    assert.deepEqual(await world.rows('SELECT id FROM crm.deals'), [{ id: 'a' }])
    await world.reopen()
    await world.commit(
      await world.load({
        settings: { ...settings, snapshot: { id: began, complete: true } },
        rows: [row('c')],
      }),
    )
    assert.deepEqual(await world.rows('SELECT id FROM crm.deals ORDER BY id'), [{ id: 'b' }, { id: 'c' }])
  })

  test(`${name}: a snapshot begun anew forgets the unfinished one`, async () => {
    await using world = await WarehouseWorld.create(factory)
    const settings = { disposition: 'replace' } as const
    const abandoned = world.nextLoadId()
    await world.commit(
      await world.load({
        id: abandoned,
        settings: { ...settings, snapshot: { id: abandoned, complete: false } },
        rows: [row('x')],
      }),
    )
    const began = world.nextLoadId()
    await world.commit(
      await world.load({
        id: began,
        settings: { ...settings, snapshot: { id: began, complete: true } },
        rows: [row('y')],
      }),
    )
    assert.deepEqual(await world.rows('SELECT id FROM crm.deals'), [{ id: 'y' }])
  })

  test(`${name}: a key sweep removes the keys that the complete read did not have, and nothing newer`, async () => {
    await using world = await WarehouseWorld.create(factory)
    const settings = {
      disposition: 'merge',
      primaryKey: ['id'],
      order: 'updated',
      deletes: 'key sweep',
    } as const
    await world.commit(await world.load({ settings, rows: [row('a'), row('b'), row('c')] }))
    const began = world.nextLoadId()
    await world.commit(
      await world.load({
        id: began,
        settings: { ...settings, snapshot: { id: began, complete: false } },
        rows: [row('a')],
      }),
    )
    await world.commit(await world.load({ settings, rows: [row('new')] }))
    const last = await world.commit(
      await world.load({
        settings: { ...settings, snapshot: { id: began, complete: true } },
        rows: [row('b')],
      }),
    )
    assert.equal(last.tables[0]?.swept, 1)
    assert.deepEqual(await world.rows('SELECT id FROM crm.deals ORDER BY id'), [
      { id: 'a' },
      { id: 'b' },
      { id: 'new' },
    ])
  })

  test(`${name}: a full re-sync replaces the table by key`, async () => {
    await using world = await WarehouseWorld.create(factory)
    const settings = {
      disposition: 'merge',
      primaryKey: ['id'],
      order: 'updated',
      deletes: 'full re-sync',
    } as const
    await world.commit(await world.load({ settings, rows: [row('a'), row('b')] }))
    const began = world.nextLoadId()
    const last = await world.commit(
      await world.load({
        id: began,
        settings: { ...settings, snapshot: { id: began, complete: true } },
        rows: [row('b', 1), row('b', 2), row('c')],
      }),
    )
    assert.equal(last.tables[0]?.swept, 1)
    assert.deepEqual(await world.rows('SELECT id, updated FROM crm.deals ORDER BY id'), [
      { id: 'b', updated: '2' },
      { id: 'c', updated: '1' },
    ])
  })

  test(`${name}: a full re-sync keeps what other loads brought since it began`, async () => {
    await using world = await WarehouseWorld.create(factory)
    const settings = {
      disposition: 'merge',
      primaryKey: ['id'],
      order: 'updated',
      deletes: 'full re-sync',
    } as const
    const beside = { ...settings, deletes: 'none' } as const
    await world.commit(await world.load({ settings, rows: [row('a'), row('b'), row('c')] }))
    const began = world.nextLoadId()
    const part = { ...settings, snapshot: { id: began, complete: false } }
    await world.commit(await world.load({ id: began, settings: part, rows: [row('b'), row('c')] }))
    await world.commit(await world.load({ settings: beside, rows: [row('b', 5), row('new')] }))
    await world.commit(
      await world.load({ settings: beside, rows: [{ ...row('c', 7), _caudal_operation: 'delete' }] }),
    )
    await world.commit(
      await world.load({
        settings: { ...settings, snapshot: { id: began, complete: true } },
        rows: [row('d')],
      }),
    )
    assert.deepEqual(await world.rows('SELECT id, updated FROM crm.deals ORDER BY id'), [
      { id: 'b', updated: '5' },
      { id: 'd', updated: '1' },
      { id: 'new', updated: '1' },
    ])
  })
}

function row(id: string, updated = 1): Record<string, string | number> {
  return { id, amount: '1.00', updated }
}
