import type { Column, TextFormat } from '@caudal/spec'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hasCode } from './atomicity.ts'
import { WarehouseWorld, type LoadFacts, type WarehouseFactory } from './world.ts'

const columns: Column[] = [
  { name: 'id', type: { kind: 'integer' } },
  { name: 'amount', type: { kind: 'decimal', precision: 18, scale: 2 } },
  { name: 'day', type: { kind: 'date' } },
  { name: 'seen', type: { kind: 'timestamp' } },
]

/** Numbers and dates as people write them; what would be read wrong is set aside instead. */
export function writtenContract(name: string, factory: WarehouseFactory): void {
  test(`${name}: decimal comma, points between thousands and day before month`, async () => {
    const text = {
      delimiter: ';',
      decimalSeparator: ',',
      thousandsSeparator: '.',
      dateFormat: '%d/%m/%Y',
      timestampFormat: '%d/%m/%Y %H:%M',
    } as const
    const content =
      'id;amount;day;seen\n1.000;1.234,56;31/12/2026;31/12/2026 23:59\n2;-0,5;01/02/2026;2026-02-01T10:00:00\n3;1.23,4;1/2/2026;1/2/2026 9:05\n4;12;31/02/2026;\n5;1;1/2/26;\n'
    const { rows, bad } = await load(factory, content, text)
    assert.deepEqual(rows, [
      { id: '2', amount: '-0.50', day: '2026-02-01', seen: '2026-02-01T10:00:00' },
      { id: '1000', amount: '1234.56', day: '2026-12-31', seen: '2026-12-31T23:59:00' },
    ])
    assert.deepEqual(bad, [
      [4, 'amount', 'cannot read "1.23,4" as decimal(18,2)'],
      [5, 'day', 'cannot read "31/02/2026" as date'],
      [6, 'day', 'cannot read "1/2/26" as date'],
    ])
  })

  test(`${name}: a column may be written in its own way, and spaces may part thousands`, async () => {
    const text = {
      delimiter: ';',
      columns: {
        amount: { decimalSeparator: ',', thousandsSeparator: ' ' },
        day: { dateFormat: '%m/%d/%Y' },
      },
    } as const
    const { rows, bad } = await load(
      factory,
      'id;amount;day;seen\n1;1\u00a0234,5;12/31/2026;\n2;3 4,5;;\n',
      text,
    )
    assert.deepEqual(rows, [{ id: '1', amount: '1234.50', day: '2026-12-31', seen: null }])
    assert.deepEqual(bad, [[3, 'amount', 'cannot read "3 4,5" as decimal(18,2)']])
  })

  test(`${name}: what a type would drop is no value of it: digits, a century, a time of day, an offset`, async () => {
    const lines = [
      '1,0.125,2026-01-01,',
      '2,1,12/05/26,',
      '3,1,2026-01-01T10:00:00,',
      '4,1,,2026-01-01T10:00:00+02:00',
      '5,1,,12/05/26 10:00',
      '6.5,1,,',
      '7,1,2026-1-5,2026-01-05 10:00',
    ]
    const { rows, bad } = await load(factory, `id,amount,day,seen\n${lines.join('\n')}\n`, {})
    assert.deepEqual(rows, [{ id: '7', amount: '1.00', day: '2026-01-05', seen: '2026-01-05T10:00:00' }])
    assert.deepEqual(
      bad.map(([line, column]) => [line, column]),
      [
        [2, 'amount'],
        [3, 'day'],
        [4, 'day'],
        [5, 'seen'],
        [6, 'seen'],
        [7, 'id'],
      ],
    )
  })

  test(`${name}: a sampled integer is not widened by numbers that can be read in two ways`, async () => {
    const sampled = { isTyped: false } as const
    await assert.rejects(
      load(factory, 'id,amount,day,seen\n7.125,1,,\n8,1,,\n', {}, sampled),
      (error: Error) => {
        assert.match(error.message, /column `id`: "7\.125" is 7\.125 .* or 7125/)
        return hasCode('CAUDAL_LOAD_AMBIGUOUS')(error)
      },
    )
    const { rows } = await load(factory, 'id,amount,day,seen\n7.125,1,,\n8.5,1,,\n', {}, sampled)
    assert.deepEqual(rows, [
      { id: '7.125', amount: '1.00', day: null, seen: null },
      { id: '8.500', amount: '1.00', day: null, seen: null },
    ])
  })
}

async function load(
  factory: WarehouseFactory,
  content: string,
  text: TextFormat,
  settings: LoadFacts['settings'] = {},
): Promise<{ rows: readonly unknown[]; bad: readonly (readonly [number, string | undefined, string])[] }> {
  await using world = await WarehouseWorld.create(factory)
  await world.commit(await world.load({ columns, settings, files: [{ format: 'csv', content, text }] }))
  const letters = await world.warehouse.state.deadLetters({ limit: 10 })
  return {
    rows: await world.rows('SELECT id, amount, day, seen FROM crm.deals ORDER BY id'),
    bad: letters.map(({ line, column, reason }) => [line, column, reason] as const),
  }
}
