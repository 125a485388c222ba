import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createCompany } from '@caudal/simulator'

const company = createCompany({ seed: 5, records: 300_000, now: '2026-06-30T12:00:00Z' })
const leads = [...company.read('leads')].filter((lead) => lead.created_at < '2026-01-01')
const deals = [...company.read('deals')]

function share<Row>(rows: readonly Row[], test: (row: Row) => unknown): number {
  return rows.filter(test).length / rows.length
}

function assertNear(what: string, value: number, stated: number, tolerance: number): void {
  assert.ok(Math.abs(value - stated) <= tolerance, `${what}: ${value.toFixed(3)}, stated ${stated}`)
}

describe('the distributions that the README states', () => {
  it('leads, half a year and older', () => {
    const mqls = leads.filter((lead) => lead.mql_at !== null)
    const sqls = leads.filter((lead) => lead.sql_at !== null)
    assertNear('lead to MQL', mqls.length / leads.length, 0.48, 0.02)
    assertNear('MQL to SQL', sqls.length / mqls.length, 0.59, 0.03)
    assertNear(
      'SQL to deal',
      share(sqls, (lead) => lead.deal_id !== null),
      0.82,
      0.03,
    )
    assertNear(
      'without SDR',
      share(leads, (lead) => lead.sdr_id === null),
      0.03,
      0.01,
    )
    assertNear(
      'outbound',
      share(leads, (lead) => lead.source === 'outbound'),
      0.34,
      0.02,
    )
  })

  it('deals', () => {
    const closed = deals.filter((deal) => deal.is_closed)
    const won = closed.filter((deal) => deal.is_won)
    const days = won.map(
      (deal) => (Date.parse(deal.closed_at as string) - Date.parse(deal.created_at)) / 86_400_000,
    )
    const amounts = won.map((deal) => Number(deal.amount)).toSorted((one, two) => one - two)
    const median = (list: readonly number[]): number =>
      list.toSorted((one, two) => one - two)[list.length >> 1] as number
    assertNear('won of closed', won.length / closed.length, 0.33, 0.03)
    assertNear('median cycle in days', median(days), 50, 4)
    assertNear('median amount', median(amounts), 12_000, 2000)
    assertNear(
      'in USD',
      share(deals, (deal) => deal.currency === 'USD'),
      0.155,
      0.02,
    )
    assertNear(
      'without SDR',
      share(deals, (deal) => deal.sdr_id === null),
      0.13,
      0.03,
    )
    assertNear(
      'without closer',
      share(deals, (deal) => deal.closer_id === null),
      0.02,
      0.01,
    )
    assertNear(
      'free',
      share(deals, (deal) => deal.amount === '0.00'),
      0.01,
      0.006,
    )
  })

  it('delivered e-mails', () => {
    const sent = [...company.read('emails')].filter((email) => email.status === 'delivered')
    assertNear(
      'opened by people',
      share(sent, (email) => email.open_is_machine === false),
      0.4,
      0.02,
    )
    assertNear(
      'opened by machines only',
      share(sent, (email) => email.open_is_machine),
      0.2,
      0.02,
    )
    assertNear(
      'answered',
      share(sent, (email) => email.answered_at !== null),
      0.16,
      0.02,
    )
  })

  it('work is done in office hours: leads are contacted and messages sent Monday to Friday, 07:00 to 17:00 UTC', () => {
    for (const email of company.read('emails')) {
      const sent = new Date(email.sent_at)
      const isOffice = sent.getUTCDay() % 6 !== 0 && sent.getUTCHours() >= 7 && sent.getUTCHours() < 17
      assert.ok(isOffice || email.direction === 'inbound', email.sent_at)
    }
  })

  it('no SDR gets the leads of four', () => {
    const small = createCompany({ seed: 7, records: 20_000, now: '2026-06-30T12:00:00Z' })
    const perSdr = [...Map.groupBy(small.read('leads'), (lead) => lead.sdr_id).values()].map(
      (list) => list.length,
    )
    const mean = perSdr.reduce((sum, count) => sum + count, 0) / perSdr.length
    assert.ok(Math.max(...perSdr) < 3 * mean, perSdr.join(' '))
  })

  it('more accounts come at the end than at the start', () => {
    const accounts = [...company.read('accounts')]
    const from = (time: string, until: string): number =>
      accounts.filter((account) => account.created_at >= time && account.created_at < until).length
    assertNear('growth', from('2026-03-30', '2026-06-30') / from('2024-12-29', '2025-03-30'), 2.2, 0.4)
  })
})
