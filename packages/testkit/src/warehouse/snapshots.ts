import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TableOutcome } from '@caudal/spec'
import { WarehouseWorld, type LoadFacts, type WarehouseFactory } from './world.ts'

const sweeping = {
  disposition: 'merge',
  primaryKey: ['id'],
  order: 'updated',
  deletes: 'key sweep',
} as const

/** Deal a as it is now, a record of b that does not fit, and records whose keys cannot be told. */
const written = [
  {
    format: 'ndjson',
    good: '{"id":"a","amount":"1.00","updated":2}\n',
    misfit: '{"id":"b","amount":"much","updated":2}\n',
    untold: [
      ['no key', '{"amount":"1.00","updated":2}\n'],
      ['a line that is no JSON', '{"id":"b","amou\n'],
    ],
  },
  {
    format: 'csv',
    good: 'id,amount,updated\na,1.00,2\n',
    misfit: 'id,amount,updated\nb,much,2\n',
    untold: [
      ['no key', 'id,amount,updated\n,1.00,2\n'],
      ['too few cells', 'id,amount,updated\nb,1.00\n'],
    ],
  },
] as const

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

  for (const { format, good, misfit } of written) {
    test(`${name}: a key sweep leaves the row whose new record became a dead letter (${format})`, async () => {
      await using world = await WarehouseWorld.create(factory)
      await world.commit(await world.load({ settings: sweeping, rows: [row('a'), row('b'), row('c')] }))
      const began = world.nextLoadId()
      const part = (complete: boolean): NonNullable<LoadFacts['settings']> => ({
        ...sweeping,
        snapshot: { id: began, complete },
      })
      await world.commit(
        await world.load({ id: began, settings: part(false), files: [{ format, content: misfit }] }),
      )
      const last = await world.commit(
        await world.load({ settings: part(true), files: [{ format, content: good }] }),
      )
      assert.equal(last.tables[0]?.swept, 1)
      assert.equal(last.tables[0].sweepWithheld, undefined)
      assert.deepEqual(await world.rows('SELECT id, updated FROM crm.deals ORDER BY id'), [
        { id: 'a', updated: '2' },
        { id: 'b', updated: '1' },
      ])
    })
  }

  for (const { format, good, untold } of written) {
    for (const [what, content] of untold) {
      test(`${name}: a key sweep is withheld when a dead letter has ${what} (${format})`, async () => {
        await using world = await WarehouseWorld.create(factory)
        await world.commit(await world.load({ settings: sweeping, rows: [row('a'), row('b'), row('c')] }))
        const sweep = async (files: LoadFacts['files'] = []): Promise<TableOutcome | undefined> => {
          const id = world.nextLoadId()
          const settings = { ...sweeping, snapshot: { id, complete: true } }
          return (await world.commit(await world.load({ id, settings, files }))).tables[0]
        }
        const withheld = await sweep([
          { format, content: good },
          { format, content },
        ])
        assert.equal(withheld?.swept, 0)
        assert.equal(withheld.sweepWithheld, 2)
        assert.deepEqual(await world.rows('SELECT id, updated FROM crm.deals ORDER BY id'), [
          { id: 'a', updated: '2' },
          { id: 'b', updated: '1' },
          { id: 'c', updated: '1' },
        ])
        const mended = await sweep([{ format, content: good }])
        assert.equal(mended?.swept, 2)
        assert.equal(mended.sweepWithheld, undefined)
      })
    }
  }

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
