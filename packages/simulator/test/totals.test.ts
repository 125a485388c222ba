import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createCompany, totals, totalsOf, type DealRow, type EmailRow, type LeadRow } from '@caudal/simulator'

const options = { seed: 7, records: 20_000, now: '2026-06-30T12:00:00Z' }

describe('totals', () => {
  const truth = totals(options)
  const deals = [...createCompany(options).read('deals')]

  it('count every deal, and add up to the whole', () => {
    assert.equal(truth.deals, deals.length)
    assert.equal(truth.wonDeals, deals.filter((deal) => deal.is_won).length)
    for (const key of [
      'leads',
      'convertedLeads',
      'emailsSent',
      'emailsAnswered',
      'deals',
      'wonDeals',
    ] as const) {
      const sum = Object.values(truth.bySdr).reduce((total, sdr) => total + sdr[key], 0)
      assert.equal(sum, truth[key], key)
    }
  })

  it('add money exactly, by currency and SDR', () => {
    for (const [id, sdr] of Object.entries(truth.bySdr)) {
      for (const currency of ['EUR', 'USD']) {
        const cents = deals
          .filter((deal) => deal.is_won && deal.currency === currency && String(deal.sdr_id ?? 'none') === id)
          .reduce((sum, deal) => sum + BigInt((deal.amount as string).replace('.', '')), 0n)
        assert.equal(
          sdr.wonAmount[currency] ?? '0.00',
          `${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`,
        )
      }
    }
  })

  it('of hand-written rows are those counted by hand', () => {
    const deal = (sdr_id: number | null, amount: string | null, is_won: boolean): DealRow =>
      ({ sdr_id, amount, is_won, currency: 'EUR' }) as DealRow
    const email = (direction: 'outbound' | 'inbound', answered_at: string | null): EmailRow =>
      ({ sdr_id: 19, direction, answered_at }) as EmailRow
    const result = totalsOf({
      leads: [
        { sdr_id: 19, converted_at: '2026-01-01' } as LeadRow,
        { sdr_id: null, converted_at: null } as LeadRow,
      ],
      deals: [
        deal(19, '0.10', true),
        deal(19, '0.20', true),
        deal(19, '9.99', false),
        deal(null, '5.05', true),
      ],
      emails: [email('outbound', null), email('outbound', '2026-01-01'), email('inbound', null)],
    })
    assert.deepEqual(result.bySdr['19'], {
      leads: 1,
      convertedLeads: 1,
      emailsSent: 2,
      emailsAnswered: 1,
      deals: 3,
      wonDeals: 2,
      wonAmount: { EUR: '0.30' },
    })
    assert.deepEqual(result.bySdr['none']?.wonAmount, { EUR: '5.05' })
    assert.deepEqual(result.wonAmount, { EUR: '5.35' })
  })
})
