import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import { createCompany, STREAM_NAMES, type Company } from '@caudal/simulator'

const now = '2026-06-30T12:00:00Z'
const sized = (records: number, seed = 7): Company => createCompany({ seed, records, now })

describe('the same seed, size and date', () => {
  const digestOf = (company: Company): string => {
    const hash = createHash('sha256')
    for (const name of STREAM_NAMES) for (const row of company.read(name)) hash.update(JSON.stringify(row))
    return hash.digest('hex')
  }

  it('give the same company, on every machine', () => {
    assert.equal(digestOf(sized(20_000)), GOLDEN)
  })

  it('another seed gives another', () => {
    assert.notEqual(digestOf(sized(1000, 7)), digestOf(sized(1000, 8)))
    assert.notEqual(digestOf(sized(1000, 7)), digestOf(sized(1000, 7 + 2 ** 32)))
  })
})

const GOLDEN = '97e6f9ee734b44d09a245b0b5ca4536d77cfce188170b73dde02e4dc4b5f0679'

describe('the size', () => {
  for (const records of [20_000, 100_000, 400_000]) {
    it(`of a company of ${records} records is that, to within 4 %`, () => {
      const company = sized(records)
      let rows = 0
      for (const name of STREAM_NAMES) for (const _ of company.read(name)) rows++
      assert.ok(Math.abs(rows / records - 1) < 0.04, `${rows} rows`)
    })
  }

  it('out of range is refused', () => {
    assert.throws(() => sized(999), /records 999: not a whole number between 1000 and 10000000/)
    assert.throws(() => sized(10_000_001), RangeError)
    assert.throws(() => sized(1000, -1), /seed -1/)
    assert.throws(() => createCompany({ seed: 1, records: 1000, now: 'soon' }), /now soon: not a date/)
  })
})

for (const seed of [1, 7, 2026]) {
  describe(`references in company ${seed}`, () => {
    const company = sized(30_000, seed)
    const byId = <Row extends { id: number }>(rows: Iterable<Row>): Map<number, Row> => {
      const map = new Map<number, Row>()
      for (const row of rows) {
        assert.ok(!map.has(row.id), `id ${row.id} twice`)
        map.set(row.id, row)
      }
      return map
    }
    const sdrs = byId(company.read('sdrs'))
    const accounts = byId(company.read('accounts'))
    const people = byId(company.read('people'))
    const leads = byId(company.read('leads'))
    const deals = byId(company.read('deals'))
    const emails = byId(company.read('emails'))
    const existing = <Row>(rows: Map<number, Row>, id: number | null): Row | undefined => {
      if (id === null) return undefined
      const row = rows.get(id)
      assert.ok(row !== undefined, `nothing has id ${id}`)
      return row
    }

    it('people, leads and deals agree about their account, person and deal', () => {
      for (const person of people.values()) existing(accounts, person.account_id)
      for (const lead of leads.values()) {
        assert.equal(existing(people, lead.person_id)?.account_id, lead.account_id)
        existing(sdrs, lead.sdr_id)
        assert.equal(lead.status === 'converted', lead.deal_id !== null)
        if (lead.deal_id !== null) assert.equal(existing(deals, lead.deal_id)?.lead_id, lead.id)
      }
      for (const deal of deals.values()) {
        existing(accounts, deal.account_id)
        existing(sdrs, deal.closer_id)
        const lead = existing(leads, deal.lead_id)
        if (lead !== undefined) assert.equal(deal.sdr_id, lead.sdr_id)
        if (lead !== undefined) assert.equal(deal.person_id, lead.person_id)
      }
    })

    it('stages and notes belong to deals, team stays to SDRs', () => {
      for (const stage of byId(company.read('deal_stages')).values()) existing(deals, stage.deal_id)
      for (const note of byId(company.read('notes')).values()) existing(deals, note.deal_id)
      for (const team of byId(company.read('teams')).values()) existing(sdrs, team.sdr_id)
    })

    it('activities, e-mails, their events and product usage belong to people and leads', () => {
      for (const row of [...byId(company.read('activities')).values(), ...emails.values()]) {
        assert.equal(existing(leads, row.lead_id)?.person_id, row.person_id)
        existing(sdrs, row.sdr_id)
      }
      for (const row of byId(company.read('activities')).values()) existing(deals, row.deal_id)
      for (const email of emails.values()) {
        const answered = existing(emails, email.in_reply_to)
        if (answered !== undefined) assert.equal(answered.thread_id, email.thread_id)
      }
      for (const event of byId(company.read('email_events')).values()) existing(emails, event.email_id)
      for (const usage of byId(company.read('product_usage')).values()) {
        assert.equal(existing(people, usage.person_id)?.account_id, usage.account_id)
      }
    })

    it('the mail tool and the messages tell the same story', () => {
      const told = { sent: 0, bounce: 0, reply: 0, open: 0, click: 0 }
      for (const event of company.read('email_events')) told[event.type]++
      const outbound = [...emails.values()].filter((email) => email.direction === 'outbound')
      assert.equal(told.sent, outbound.length)
      assert.equal(told.bounce, outbound.filter((email) => email.status === 'bounced').length)
      assert.equal(told.reply, outbound.filter((email) => email.answered_at !== null).length)
      assert.equal(told.reply, emails.size - outbound.length)
    })
  })
}
