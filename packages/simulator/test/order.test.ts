import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createCompany, type DealStageRow, STREAM_NAMES, type TeamRow } from '@caudal/simulator'

const now = '2026-06-30T12:00:00.000Z'
const company = createCompany({ seed: 3, records: 150_000, now })

function assertAscending(what: string, ...times: (string | null)[]): void {
  const happened = times.filter((time) => time !== null)
  assert.deepEqual(happened, happened.toSorted(), what)
}

function groupBy<Row>(rows: Iterable<Row>, key: (row: Row) => number): Map<number, Row[]> {
  return Map.groupBy(rows, key)
}

describe('the order of time', () => {
  it('nothing has happened after now, and no record was updated before it was created', () => {
    for (const name of STREAM_NAMES) {
      for (const row of company.read(name)) {
        const { created_at, updated_at, occurred_at } = row as unknown as Record<string, unknown>
        assertAscending(
          `${name} ${row.id}`,
          (created_at ?? null) as string,
          (updated_at ?? occurred_at) as string,
          now,
        )
      }
    }
  })

  it('leads pass their steps in order, after their account and person were known', () => {
    const accounts = new Map([...company.read('accounts')].map((row) => [row.id, row.created_at]))
    const people = new Map([...company.read('people')].map((row) => [row.id, row.created_at]))
    for (const lead of company.read('leads')) {
      const { created_at, contacted_at, mql_at, sql_at, converted_at, disqualified_at } = lead
      const known = [accounts.get(lead.account_id) as string, people.get(lead.person_id) as string]
      assertAscending(`lead ${lead.id}`, ...known, created_at, contacted_at, mql_at, sql_at, converted_at)
      assertAscending(`lead ${lead.id}`, created_at, contacted_at, mql_at, sql_at, disqualified_at)
      assert.ok(converted_at === null || disqualified_at === null)
    }
  })

  it('deals begin when their lead converts, pass their stages in order, and end with the last one', () => {
    const leads = new Map([...company.read('leads')].map((lead) => [lead.id, lead]))
    const stages = groupBy<DealStageRow>(company.read('deal_stages'), (stage) => stage.deal_id)
    for (const deal of company.read('deals')) {
      const history = stages.get(deal.id) as DealStageRow[]
      const last = history.at(-1) as DealStageRow
      if (deal.lead_id !== null) assert.equal(leads.get(deal.lead_id)?.converted_at, deal.created_at)
      assert.equal(history[0]?.entered_at, deal.created_at)
      assert.deepEqual(
        history.map((stage) => stage.ordinal),
        history.map((_, index) => index + 1),
      )
      assert.deepEqual(
        history.map((stage) => stage.exited_at),
        [...history.slice(1).map((one) => one.entered_at), null],
      )
      assertAscending(`deal ${deal.id}`, ...history.map((stage) => stage.entered_at))
      assert.equal(last.stage, deal.stage)
      assert.equal(last.amount, deal.amount)
      assert.equal(deal.is_closed, deal.stage.startsWith('closed'))
      assert.equal(deal.is_won, deal.stage === 'closed_won')
      assert.equal(deal.closed_at, deal.is_closed ? last.entered_at : null)
    }
  })

  it('messages are opened and answered after they were sent, and answers are sent when they arrive', () => {
    const emails = new Map([...company.read('emails')].map((email) => [email.id, email]))
    for (const email of emails.values()) {
      assertAscending(`email ${email.id}`, email.sent_at, email.opened_at, email.updated_at)
      assertAscending(`email ${email.id}`, email.sent_at, email.answered_at)
      if (email.status === 'bounced') assert.equal(email.opened_at ?? email.answered_at, null)
      if (email.direction === 'inbound') {
        assert.equal(emails.get(email.in_reply_to as number)?.answered_at, email.sent_at)
      }
    }
  })

  it('every stay in a team follows the one before, and nobody writes, calls or gets leads outside of one', () => {
    const stays = groupBy<TeamRow>(company.read('teams'), (team) => team.sdr_id)
    for (const list of stays.values()) {
      assert.deepEqual(
        list.slice(0, -1).map((one) => one.valid_to),
        list.slice(1).map((one) => one.valid_from),
      )
    }
    const isEmployed = (sdrId: number, time: string): boolean =>
      (stays.get(sdrId) as TeamRow[]).some(
        (stay) =>
          stay.valid_from <= time.slice(0, 10) &&
          (stay.valid_to === null || time.slice(0, 10) < stay.valid_to),
      )
    for (const lead of company.read('leads')) {
      const moments = [lead.created_at, lead.contacted_at ?? lead.created_at]
      assert.ok(
        lead.sdr_id === null || moments.every((time) => isEmployed(lead.sdr_id as number, time)),
        `lead ${lead.id}`,
      )
    }
    for (const email of company.read('emails')) {
      assert.ok(email.direction === 'inbound' || isEmployed(email.sdr_id, email.sent_at), `email ${email.id}`)
    }
    for (const activity of company.read('activities')) {
      assert.ok(isEmployed(activity.sdr_id, activity.created_at), `activity ${activity.id}`)
    }
  })
})
