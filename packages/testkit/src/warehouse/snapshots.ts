import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TableOutcome } from '@caudal/spec'
import { WarehouseWorld, type LoadFacts, type WarehouseFactory } from './world.ts'

const replacing = { disposition: 'replace' } as const
const merging = { disposition: 'merge', primaryKey: ['id'], order: 'updated' } as const
const sweeping = { ...merging, deletes: 'key sweep' } as const
const resyncing = { ...merging, deletes: 'full re-sync' } as const

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
    await new CompleteRead(world, replacing).last({ rows: [row('a')] })
    const read = new CompleteRead(world, replacing)
    const first = await read.part({ rows: [row('b')] })
    assert.equal(first.isVisibleChange, false)
    assert.deepEqual(await world.rows('SELECT id FROM crm.deals'), [{ id: 'a' }])
    await world.reopen()
    await read.last({ rows: [row('c')] })
    assert.deepEqual(await world.rows('SELECT id FROM crm.deals ORDER BY id'), [{ id: 'b' }, { id: 'c' }])
  })

  test(`${name}: a snapshot begun anew forgets the unfinished one`, async () => {
    await using world = await WarehouseWorld.create(factory)
    await new CompleteRead(world, replacing).part({ rows: [row('x')] })
    await new CompleteRead(world, replacing).last({ rows: [row('y')] })
    assert.deepEqual(await world.rows('SELECT id FROM crm.deals'), [{ id: 'y' }])
  })

  test(`${name}: a key sweep removes the keys that the complete read did not have, and nothing newer`, async () => {
    await using world = await WarehouseWorld.create(factory)
    await world.commit(await world.load({ settings: sweeping, rows: [row('a'), row('b'), row('c')] }))
    const read = new CompleteRead(world, sweeping)
    await read.part({ rows: [row('a')] })
    await world.commit(await world.load({ settings: sweeping, rows: [row('new')] }))
    const last = await read.last({ rows: [row('b')] })
    assert.equal(last.swept, 1)
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
      const read = new CompleteRead(world, sweeping)
      await read.part({ files: [{ format, content: misfit }] })
      const last = await read.last({ files: [{ format, content: good }] })
      assert.equal(last.swept, 1)
      assert.equal(last.sweepWithheld, undefined)
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
        const withheld = await new CompleteRead(world, sweeping).last({
          files: [
            { format, content: good },
            { format, content },
          ],
        })
        assert.equal(withheld.swept, 0)
        assert.equal(withheld.sweepWithheld, 2)
        assert.deepEqual(await world.rows('SELECT id, updated FROM crm.deals ORDER BY id'), [
          { id: 'a', updated: '2' },
          { id: 'b', updated: '1' },
          { id: 'c', updated: '1' },
        ])
        const mended = await new CompleteRead(world, sweeping).last({ files: [{ format, content: good }] })
        assert.equal(mended.swept, 2)
        assert.equal(mended.sweepWithheld, undefined)
      })
    }
  }

  test(`${name}: a complete read of nothing, of which no column is known, makes no table and stops nothing`, async () => {
    for (const settings of [
      { disposition: 'replace' },
      { disposition: 'merge', primaryKey: ['id'], deletes: 'key sweep' },
      { disposition: 'history', primaryKey: ['id'], deletes: 'key sweep' },
      { disposition: 'append' },
    ] as const) {
      await using world = await WarehouseWorld.create(factory)
      const nothing = world.nextLoadId()
      await world.commit(
        await world.load({
          id: nothing,
          columns: [],
          settings: { ...settings, snapshot: { id: nothing, complete: true } },
        }),
      )
      const began = world.nextLoadId()
      await world.commit(
        await world.load({
          id: began,
          settings: { ...settings, snapshot: { id: began, complete: true } },
          rows: [row('a')],
        }),
      )
      assert.deepEqual(await world.rows('SELECT id FROM crm.deals'), [{ id: 'a' }], settings.disposition)
    }
  })

  test(`${name}: a key sweep of a history ends the versions of what is gone, and it may come back`, async () => {
    await using world = await WarehouseWorld.create(factory)
    const settings = { disposition: 'history', primaryKey: ['id'], deletes: 'key sweep' } as const
    const read = async (...ids: string[]): Promise<number | undefined> => {
      const id = world.nextLoadId()
      const rows = ids.map((deal) => row(deal))
      const load = await world.load({ id, settings: { ...settings, snapshot: { id, complete: true } }, rows })
      return (await world.commit(load)).tables[0]?.swept
    }
    const versions = (): Promise<unknown[]> =>
      world.rows(
        'SELECT id, _caudal_valid_to IS NULL AS current FROM crm.deals ORDER BY id, _caudal_valid_from',
      )
    await read('a', 'b')
    assert.equal(await read('a'), 1)
    const gone = [
      { id: 'a', current: true },
      { id: 'b', current: false },
    ]
    assert.deepEqual(await versions(), gone)
    assert.equal(await read('a'), 0)
    assert.deepEqual(await versions(), gone)
    assert.equal(await read('a', 'b'), 0)
    assert.deepEqual(await versions(), [...gone, { id: 'b', current: true }])
  })

  test(`${name}: a full re-sync replaces the table by key`, async () => {
    await using world = await WarehouseWorld.create(factory)
    await world.commit(await world.load({ settings: resyncing, rows: [row('a'), row('b')] }))
    const last = await new CompleteRead(world, resyncing).last({ rows: [row('b', 1), row('b', 2), row('c')] })
    assert.equal(last.swept, 1)
    assert.deepEqual(await world.rows('SELECT id, updated FROM crm.deals ORDER BY id'), [
      { id: 'b', updated: '2' },
      { id: 'c', updated: '1' },
    ])
  })

  test(`${name}: a full re-sync keeps what other loads brought since it began`, async () => {
    await using world = await WarehouseWorld.create(factory)
    const beside = { ...merging, deletes: 'none' } as const
    await world.commit(await world.load({ settings: resyncing, rows: [row('a'), row('b'), row('c')] }))
    const read = new CompleteRead(world, resyncing)
    await read.part({ rows: [row('b'), row('c')] })
    await world.commit(await world.load({ settings: beside, rows: [row('b', 5), row('new')] }))
    await world.commit(
      await world.load({ settings: beside, rows: [{ ...row('c', 7), _caudal_operation: 'delete' }] }),
    )
    await read.last({ rows: [row('d')] })
    assert.deepEqual(await world.rows('SELECT id, updated FROM crm.deals ORDER BY id'), [
      { id: 'b', updated: '5' },
      { id: 'd', updated: '1' },
      { id: 'new', updated: '1' },
    ])
  })
}

/** A complete read that arrives in several loads: the first one gives it its name. */
class CompleteRead {
  readonly #world: WarehouseWorld
  readonly #settings: NonNullable<LoadFacts['settings']>
  #began: string | undefined

  constructor(world: WarehouseWorld, settings: NonNullable<LoadFacts['settings']>) {
    this.#world = world
    this.#settings = settings
  }

  /** Commits a load after which more is to come. */
  part(facts: Pick<LoadFacts, 'rows' | 'files'>): Promise<TableOutcome> {
    return this.#commit(facts, false)
  }

  /** Commits the load with which the read is complete. */
  last(facts: Pick<LoadFacts, 'rows' | 'files'>): Promise<TableOutcome> {
    return this.#commit(facts, true)
  }

  async #commit(facts: Pick<LoadFacts, 'rows' | 'files'>, complete: boolean): Promise<TableOutcome> {
    const id = this.#world.nextLoadId()
    this.#began ??= id
    const settings = { ...this.#settings, snapshot: { id: this.#began, complete } }
    const { tables } = await this.#world.commit(await this.#world.load({ ...facts, id, settings }))
    assert.ok(tables[0] !== undefined, 'the outcome names the table')
    return tables[0]
  }
}

function row(id: string, updated = 1): Record<string, string | number> {
  return { id, amount: '1.00', updated }
}
