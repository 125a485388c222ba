import type { Column, ColumnType, JsonValue } from '@caudal/spec'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { WarehouseWorld, type WarehouseFactory } from './world.ts'

/** A value that must survive from source to query: as it is staged, and as a query gives it back. */
export interface HardValue {
  readonly what: string
  readonly type: ColumnType
  readonly staged: JsonValue
  readonly queried: JsonValue
}

/** The table of values that loaders are known to damage. */
export const hardValues: readonly HardValue[] = [
  {
    what: 'integer above 2^53',
    type: { kind: 'integer' },
    staged: '9007199254740993',
    queried: '9007199254740993',
  },
  {
    what: 'largest 64-bit integer',
    type: { kind: 'integer' },
    staged: '9223372036854775807',
    queried: '9223372036854775807',
  },
  {
    what: '2^63',
    type: { kind: 'decimal', precision: 38, scale: 0 },
    staged: '9223372036854775808',
    queried: '9223372036854775808',
  },
  {
    what: 'decimal with 12 digits after the point',
    type: { kind: 'decimal', precision: 38, scale: 12 },
    staged: '0.123456789012',
    queried: '0.123456789012',
  },
  {
    what: 'decimal with 38 digits',
    type: { kind: 'decimal', precision: 38, scale: 10 },
    staged: '1234567890123456789012345678.0123456789',
    queried: '1234567890123456789012345678.0123456789',
  },
  { what: 'money', type: { kind: 'decimal', precision: 18, scale: 2 }, staged: '0.10', queried: '0.10' },
  { what: 'not a number', type: { kind: 'double' }, staged: 'NaN', queried: 'NaN' },
  { what: 'infinity', type: { kind: 'double' }, staged: '-Infinity', queried: '-Infinity' },
  { what: 'empty text', type: { kind: 'text' }, staged: '', queried: '' },
  { what: 'no text', type: { kind: 'text' }, staged: null, queried: null },
  {
    what: 'accents, emoji, quotes and newlines',
    type: { kind: 'text' },
    staged: 'Ñandú "q" 🚀\n\t\'',
    queried: 'Ñandú "q" 🚀\n\t\'',
  },
  {
    what: 'instant with an offset',
    type: { kind: 'timestamptz' },
    staged: '2026-03-29T02:30:00+02:00',
    queried: '2026-03-29T00:30:00Z',
  },
  {
    what: 'instant with microseconds',
    type: { kind: 'timestamptz' },
    staged: '2026-03-29T00:30:00.123456Z',
    queried: '2026-03-29T00:30:00.123456Z',
  },
  {
    what: 'time without zone',
    type: { kind: 'timestamp' },
    staged: '2026-03-29T02:30:00',
    queried: '2026-03-29T02:30:00',
  },
  { what: 'date before 1970', type: { kind: 'date' }, staged: '1899-12-31', queried: '1899-12-31' },
  { what: 'time of day', type: { kind: 'time' }, staged: '23:59:59', queried: '23:59:59' },
  { what: 'boolean', type: { kind: 'boolean' }, staged: false, queried: false },
  {
    what: 'nested JSON',
    type: { kind: 'json' },
    staged: { b: [1, { c: null }], a: 'x' },
    queried: '{"b":[1,{"c":null}],"a":"x"}',
  },
  { what: 'bytes', type: { kind: 'bytes' }, staged: 'AP8Q', queried: 'AP8Q' },
]

/** Every hard value survives unchanged, in rows and through merge. */
export function valuesContract(name: string, factory: WarehouseFactory): void {
  test(`${name}: hard values survive unchanged`, async () => {
    await using world = await WarehouseWorld.create(factory)
    const columns: Column[] = hardValues.map((value, index) => ({ name: `v${index}`, type: value.type }))
    const row = Object.fromEntries(hardValues.map((value, index) => [`v${index}`, value.staged]))
    const settings = { disposition: 'merge', primaryKey: ['v0'] } as const
    await world.commit(await world.load({ columns, settings, rows: [row] }))
    await world.commit(await world.load({ columns, settings, rows: [row] }))
    const [found] = await world.rows('SELECT * FROM crm.deals')
    for (const [index, value] of hardValues.entries())
      assert.deepEqual(found?.[`v${index}`], value.queried, value.what)
  })

  test(`${name}: fields that the schema does not name are kept`, async () => {
    await using world = await WarehouseWorld.create(factory)
    await world.commit(
      await world.load({
        rows: [
          { id: 'a', amount: '1', updated: 1, color: 'red', 'Odd "name"': { x: 1, y: null }, none: null },
          { id: 'b', amount: '1', updated: 1 },
        ],
      }),
    )
    const rows = await world.rows('SELECT id, _caudal_extra FROM crm.deals ORDER BY id')
    assert.deepEqual(JSON.parse(String(rows[0]?.['_caudal_extra'])), {
      color: 'red',
      'Odd "name"': { x: 1, y: null },
    })
    assert.equal(rows[1]?.['_caudal_extra'], null)
  })

  test(`${name}: NULL and the empty text differ in a CSV file`, async () => {
    await using world = await WarehouseWorld.create(factory)
    const columns: Column[] = [
      { name: 'id', type: { kind: 'integer' } },
      { name: 'note', type: { kind: 'text' } },
    ]
    await world.commit(
      await world.load({ columns, files: [{ format: 'csv', content: 'id,note\n1,\n2,""\n3,"a ""b"""\n' }] }),
    )
    assert.deepEqual(await world.rows('SELECT id, note FROM crm.deals ORDER BY id'), [
      { id: '1', note: null },
      { id: '2', note: '' },
      { id: '3', note: 'a "b"' },
    ])
  })
}
