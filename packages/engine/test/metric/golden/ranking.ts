import assert from 'node:assert/strict'
import { amountSum, count, wonCount, type Deal } from '../deals.ts'
import { onEngines } from '../on-engines.ts'

const view = { range: { from: '2026-03-01', to: '2026-03-31' }, now: '2026-04-15T00:00:00Z' } as const
const deals: Deal[] = [
  ['2026-03-01T10:00:00Z', '100', true, 'ana'],
  ['2026-03-02T10:00:00Z', '50', false, 'ana'],
  ['2026-03-02T10:00:00Z', '90', true, 'luis'],
  ['2026-03-03T10:00:00Z', '30', true, 'mar'],
  ['2026-03-03T10:00:00Z', '20', false, 'noa'],
  ['2026-03-03T10:00:00Z', '5', false, 'noa'],
  ['2026-03-04T10:00:00Z', '70', false, null],
  ['2026-02-04T10:00:00Z', '7', true, 'ana'],
  ['2026-02-04T10:00:00Z', '8', true, 'left'],
]

onEngines('ranking', (test) => {
  test('the first N stand alone; "other" is the sum of the rest, and its ratio a sum over a sum', async (book) => {
    await book.putDeals(deals)
    const amount = book.metric('amount', { value: amountSum })
    const rate = book.metric('rate', { value: { kind: 'ratio', numerator: wonCount, denominator: count } })
    const sellers = book.metric('sellers', {
      value: { kind: 'aggregate', function: 'count distinct', column: 'sdr_id' },
    })
    const metrics = [amount, rate, sellers]
    const board = await book.tile(
      'categories',
      { kind: 'leaderboard', metrics, by: 'sdr', top: 2 },
      { ...view, comparison: 'previous period' },
    )
    assert.deepEqual(board.rows, [
      { value: 'ana', values: ['150.00', '0.5', '1'], previous: ['7.00', '1', '1'] },
      { value: 'luis', values: ['90.00', '1', '1'], previous: ['0', null, '0'] },
      {
        value: null,
        isOther: true,
        values: ['125.00', '0.25', '2'],
        previous: ['8.00', '1', '1'],
      },
    ])
  })

  test('no value is a value of its own, and ties are ordered by name', async (book) => {
    await book.putDeals([
      ...deals,
      ['2026-03-05T10:00:00Z', '90', true, 'Zoe'],
      ['2026-03-05T10:00:00Z', '90', true, 'ábaco'],
    ])
    const amount = book.metric('amount', { value: amountSum })
    const bars = await book.tile('categories', { kind: 'bar', metric: amount, by: 'sdr' }, view)
    assert.deepEqual(
      bars.rows.map(({ value, values }) => `${value} ${values[0]}`),
      ['ana 150.00', 'Zoe 90.00', 'luis 90.00', 'ábaco 90.00', 'null 70.00', 'mar 30.00', 'noa 25.00'],
    )
    assert.ok(bars.rows.every((row) => row.isOther === undefined))
  })

  test('a metric of another table stands beside the first, also for those who have nothing of the first', async (book) => {
    await book.putDeals(deals)
    const mails = await book.put(
      'mails',
      `select 'ana' as sender, cast('2026-03-31' as date) as sent_on
       union all select 'zac', cast('2026-03-01' as date) union all select 'zac', cast('2026-04-01' as date)`,
    )
    const amount = book.metric('amount', { value: amountSum })
    const sent = book.metric('sent', {
      value: count,
      from: mails,
      time: 'sent_on',
      dimensions: [{ name: 'sdr', label: { en: 'SDR', es: 'SDR' }, column: 'sender' }],
    })
    const board = await book.tile(
      'categories',
      { kind: 'leaderboard', metrics: [amount, sent], by: 'sdr', top: 10 },
      view,
    )
    assert.deepEqual(
      board.rows.map(({ value, values }) => [value, ...values]),
      [
        ['ana', '150.00', '1'],
        ['luis', '90.00', '0'],
        [null, '70.00', '0'],
        ['mar', '30.00', '0'],
        ['noa', '25.00', '0'],
        ['zac', '0', '1'],
      ],
    )
    const funnel = await book.tile(
      'funnel',
      { kind: 'funnel', steps: [sent, amount] },
      { ...view, comparison: 'previous period' },
    )
    assert.deepEqual(
      funnel.steps.map(({ metric, value, previous }) => [metric, value, previous]),
      [
        ['sent', '2', '0'],
        ['amount', '365.00', '15.00'],
      ],
    )
  })

  test('a line split by a dimension has one series per value and one for the rest', async (book) => {
    await book.putDeals(deals)
    const amount = book.metric('amount', { value: amountSum })
    const series = await book.tile(
      'series',
      { kind: 'line', metrics: [amount], by: 'sdr', top: 1 },
      { ...view, range: { from: '2026-03-01', to: '2026-03-03' }, grain: 'day' },
    )
    assert.deepEqual(
      series.series.map(({ value, isOther }) => [value, isOther ?? false]),
      [
        ['ana', false],
        [null, true],
      ],
    )
    assert.deepEqual(
      series.points.map(({ values }) => values),
      [
        ['100.00', '0'],
        ['50.00', '90.00'],
        ['0', '55.00'],
      ],
    )
  })

  test('a table shows the first rows and says that there are more', async (book) => {
    await book.putDeals(deals)
    const dimensions = [
      { name: 'sdr', label: { en: 'SDR', es: 'SDR' }, column: 'sdr_id' },
      { name: 'won', label: { en: 'Won', es: 'Ganada' }, column: 'is_won' },
    ]
    const amount = book.metric('amount', { value: amountSum, dimensions })
    const table = await book.tile(
      'table',
      { kind: 'table', metrics: [amount], by: ['sdr', 'won'], top: 3 },
      view,
    )
    assert.deepEqual(table.rows, [
      ['ana', 'true', '100.00'],
      ['luis', 'true', '90.00'],
      [null, 'false', '70.00'],
    ])
    assert.equal(table.isCut, true)
    const whole = await book.tile(
      'table',
      { kind: 'table', metrics: [amount], by: ['sdr', 'won'], top: 6 },
      view,
    )
    assert.equal(whole.rows.length, 6)
    assert.equal(whole.isCut, false)
  })
})
