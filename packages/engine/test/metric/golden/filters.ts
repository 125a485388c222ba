import assert from 'node:assert/strict'
import { amountSum, count, type Deal, type DealBook } from '../deals.ts'
import { onEngines } from '../on-engines.ts'

const view = { range: { from: '2026-03-01', to: '2026-03-31' }, now: '2026-04-15T00:00:00Z' } as const
const label = { en: 'Team', es: 'Equipo' }
const deals: Deal[] = [
  ['2026-03-01T10:00:00Z', '1', true, 'ana'],
  ['2026-03-02T10:00:00Z', '10', true, 'luis'],
  ['2026-03-03T10:00:00Z', '100', false, null],
  ['2026-03-04T10:00:00Z', '1000', true, 'gone'],
  ['2026-03-05T10:00:00Z', '10000', null, "O'Hara $1 --"],
]

async function amountWithTeams(book: DealBook): Promise<string> {
  await book.putDeals(deals)
  const to = await book.put(
    'sdrs',
    `select 'ana' as id, 'red' as team, true as is_won, 3 as quota union all select 'luis', 'blue', false, 4
     union all select 'O''Hara $1 --', null, false, 3`,
  )
  return book.metric('amount', {
    value: { ...amountSum, where: 'amount < 20000 -- as it is in the CRM' },
    joins: [{ name: 'sdr', to, on: { sdr_id: 'id' } }],
    dimensions: [
      { name: 'sdr', label, column: 'sdr_id' },
      { name: 'team', label, column: 'sdr.team' },
      { name: 'quota', label, column: 'sdr.quota' },
      { name: 'won', label, column: 'is_won' },
    ],
  })
}

onEngines('filters, joins and rules', (test) => {
  test('filters take any of the values, "no value" among them, and all have to hold', async (book) => {
    const metric = await amountWithTeams(book)
    const total = async (filters: Record<string, (string | null)[]>): Promise<string | null> =>
      (await book.tile('number', { kind: 'number', metric }, { ...view, filters })).value
    assert.equal(await total({}), '11111.00')
    assert.equal(await total({ sdr: [] }), '11111.00')
    assert.equal(await total({ sdr: ['ana', 'luis'] }), '11.00')
    assert.equal(await total({ sdr: [null] }), '100.00')
    assert.equal(await total({ sdr: [null, 'ana'] }), '101.00')
    assert.equal(await total({ sdr: ["O'Hara $1 --"] }), '10000.00')
    assert.equal(await total({ sdr: ['nobody'] }), '0')
    assert.equal(await total({ won: ['true'] }), '1011.00')
    assert.equal(await total({ won: [null] }), '10000.00')
    assert.equal(await total({ team: ['red'] }), '1.00')
    assert.equal(await total({ team: [null] }), '11100.00')
    assert.equal(await total({ quota: ['3'] }), '10001.00')
    assert.equal(await total({ team: [null, 'blue'], sdr: ['luis', 'gone'] }), '1010.00')
    assert.equal(await total({ anotherMetricsDimension: ['x'] }), '11111.00')
  })

  test('rows without a partner keep counting, under "no value"', async (book) => {
    const metric = await amountWithTeams(book)
    const bars = await book.tile('categories', { kind: 'bar', metric, by: 'team' }, view)
    assert.deepEqual(
      bars.rows.map(({ value, values }) => [value, values[0]]),
      [
        [null, '11100.00'],
        ['blue', '10.00'],
        ['red', '1.00'],
      ],
    )
  })

  test('a viewer’s rules hold for every table that is read, joined ones too', async (book) => {
    const metric = await amountWithTeams(book)
    const rules = {
      [`${book.schema}.deals`]: "is_won or sdr_id = 'nobody'",
      [`${book.schema}.sdrs`]: "team <> 'blue'",
    }
    const seen = await book.tile('number', { kind: 'number', metric }, { ...view, rules })
    assert.equal(seen.value, '1011.00')
    const bars = await book.tile('categories', { kind: 'bar', metric, by: 'team' }, { ...view, rules })
    assert.deepEqual(
      bars.rows.map(({ value, values }) => [value, values[0]]),
      [
        [null, '1010.00'],
        ['red', '1.00'],
      ],
    )
    const tile = { kind: 'bar', metric, by: 'team' } as const
    assert.deepEqual(await book.ids(tile, { metric, at: { team: null } }, { ...view, rules }), ['2', '4'])
  })

  test('the rows behind a number are those that counted', async (book) => {
    await book.putDeals([
      ...deals,
      ['2026-03-01T23:30:00Z', null, true, 'ana'],
      ['2026-04-01T00:00:00Z', '1', true, 'ana'],
    ])
    const amount = book.metric('amount', { value: { ...amountSum, where: 'is_won' } })
    const rate = book.metric('rate', {
      value: {
        kind: 'ratio',
        numerator: { ...count, where: 'is_won' },
        denominator: { ...count, where: 'sdr_id is not null' },
      },
    })
    const number = { kind: 'number', metric: amount } as const
    assert.deepEqual(await book.ids(number, { metric: amount, at: {} }, view), ['1', '2', '4'])
    assert.deepEqual(await book.ids(number, { metric: rate, at: {} }, view), ['1', '2', '4', '5', '6'])
    const filters = { sdr: ['ana', 'luis'] }
    assert.deepEqual(await book.ids(number, { metric: amount, at: {} }, { ...view, filters }), ['1', '2'])

    const line = { kind: 'line', metrics: [rate], grain: 'day' } as const
    assert.deepEqual(await book.ids(line, { metric: rate, at: { time: '2026-03-02' } }, view), ['2', '6'])
    const board = { kind: 'leaderboard', metrics: [amount, rate], by: 'sdr', top: 1 } as const
    assert.deepEqual(await book.ids(board, { metric: rate, at: { sdr: 'ana' } }, view), ['1', '6'])
    const other = { metric: rate, at: {}, except: { sdr: ['ana', null] } }
    assert.deepEqual(await book.ids(board, other, view), ['2', '4', '5'])
  })
})
