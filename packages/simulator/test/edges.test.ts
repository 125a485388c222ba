import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createCompany, type DealRow, type StreamName, type Rows } from '@caudal/simulator'

const company = createCompany({ seed: 11, records: 200_000, now: '2026-06-30T12:00:00Z' })
const deals = [...company.read('deals')]

function some<Name extends StreamName>(name: Name, test: (row: Rows[Name]) => boolean): boolean {
  return company.read(name).some(test)
}

const madrid = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Madrid', dateStyle: 'short' })

describe('data on the edge', () => {
  it('names hold quotes, newlines, commas, semicolons, accents and emoji', () => {
    for (const pattern of [/"/, /\n/, /,/, /;/, /é/i, /🚀/u, /日本/, /^ .* $/, /'/]) {
      assert.ok(
        some('accounts', (account) => pattern.test(account.name)),
        String(pattern),
      )
    }
    assert.ok(some('notes', (note) => note.text.includes('\r\n')))
    assert.ok(some('notes', (note) => note.text === ''))
  })

  it('null and the empty string both occur in phone, job title, industry and lost reason', () => {
    for (const value of [null, '']) {
      assert.ok(some('people', (person) => person.phone === value))
      assert.ok(some('people', (person) => person.job_title === value))
      assert.ok(some('accounts', (account) => account.industry === value))
      assert.ok(some('deals', (deal) => deal.is_closed && !deal.is_won && deal.lost_reason === ''))
    }
  })

  it('amounts are zero, unknown, and in two currencies', () => {
    assert.ok(deals.some((deal) => deal.amount === '0.00' && deal.is_won))
    assert.ok(deals.some((deal) => deal.amount === null))
    const dollars = deals.filter((deal) => deal.currency === 'USD').length / deals.length
    assert.ok(dollars > 0.08 && dollars < 0.25, `${dollars} in USD`)
    assert.ok(deals.every((deal) => deal.amount === null || /^\d+\.\d\d$/.test(deal.amount)))
  })

  it('deals close where UTC and Madrid disagree about the month, and in the hours of clock changes', () => {
    const closed = deals.filter((deal): deal is DealRow & { closed_at: string } => deal.closed_at !== null)
    const monthsDiffer = (time: string): boolean =>
      madrid.format(new Date(time)).slice(0, 7) !== time.slice(0, 7)
    assert.ok(closed.some((deal) => monthsDiffer(deal.closed_at)))
    assert.ok(closed.some((deal) => /T23:59:59/.test(deal.closed_at)))
    assert.ok(closed.some((deal) => /-01T00:00:00/.test(deal.closed_at)))
    assert.ok(closed.some((deal) => deal.closed_at.startsWith('2025-10-26T01')))
    assert.ok(closed.some((deal) => deal.closed_at.startsWith('2026-03-29T01')))
  })

  it('some deals have no SDR, some no closer, some still belong to somebody who left', () => {
    const left = new Set([...company.read('sdrs')].filter((sdr) => !sdr.is_active).map((sdr) => sdr.id))
    assert.ok(left.size > 0)
    assert.ok(deals.some((deal) => deal.sdr_id === null))
    assert.ok(deals.some((deal) => deal.closer_id === null))
    assert.ok(deals.some((deal) => !deal.is_closed && left.has(deal.closer_id as number)))
  })

  it('some SDRs became closers, some changed team', () => {
    const stays = Map.groupBy(company.read('teams'), (team) => team.sdr_id)
    const spread = (key: 'team' | 'role'): boolean =>
      [...stays.values()].some((list) => new Set(list.map((stay) => stay[key])).size > 1)
    assert.ok(spread('team') && spread('role'))
  })

  it('a clean-up gave many records the same updated_at', () => {
    const times = Map.groupBy(company.read('people'), (person) => person.updated_at)
    assert.ok(Math.max(...[...times.values()].map((list) => list.length)) > 1000)
  })

  it('opens by machines are flagged, and outnumber none', () => {
    const opened = [...company.read('email_events')].filter((event) => event.type === 'open')
    const share = opened.filter((event) => event.is_machine).length / opened.length
    assert.ok(share > 0.3 && share < 0.7, `${share} of the opens by machines`)
  })

  it('some deals step back a stage, some are reopened', () => {
    const paths = [...Map.groupBy(company.read('deal_stages'), (row) => row.deal_id).values()].map((list) =>
      list.map((row) => row.stage).join(' '),
    )
    assert.ok(paths.some((path) => path.includes('proposal demo')))
    assert.ok(paths.some((path) => path.includes('closed_lost negotiation')))
  })
})
