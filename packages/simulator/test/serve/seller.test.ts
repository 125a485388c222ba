import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Change, SERVED_STREAMS, totals } from '@caudal/simulator'
import { getJson, now, readAll, type Row, serve } from './client.ts'

const start = Date.parse(now)

describe('the seller', () => {
  it('does the same at the same tick, by the clock that it is given', async () => {
    const sold = async (seed: number): Promise<Change[]> => (await serve({ seed })).tick(50)
    assert.deepEqual(await sold(7), await sold(7))
    assert.notDeepEqual(await sold(7), await sold(8))
    const later = (await serve({ clock: () => start + 3_600_000 })).tick(50)
    assert.equal(later.length, (await sold(7)).length)
    assert.ok(later.every((change) => change.row.updated_at >= '2026-06-30T13:00:00'))
  })

  it('moves updated_at, each later than the one before, and what it did is what is served', async () => {
    const server = await serve()
    await readAll(server, '/v1/deals?limit=1000')
    const changes = server.tick(200)
    const times = changes.map((change) => change.row.updated_at)
    assert.deepEqual(times, [...new Set(times)].toSorted())
    for (const name of SERVED_STREAMS) {
      const last = new Map(
        changes.filter((change) => change.stream === name).map((one) => [one.row.id, one.row]),
      )
      const expected = [...last.values()].toSorted((one, two) => one.updated_at.localeCompare(two.updated_at))
      assert.deepEqual(
        await readAll(server, `/v1/${name}?updated_since=2026-06-30T12:00:00.001Z&limit=20`),
        expected,
        name,
      )
      const all = await readAll(server, `/v1/${name}?limit=1000`)
      for (const row of last.values())
        assert.deepEqual(
          all.find((one) => one.id === row.id),
          row,
        )
      const { count } = await getJson<{ count: number }>(server, `/v1/${name}/count`)
      assert.equal(count, all.length)
      assert.equal(new Set(all.map((row) => row.id)).size, all.length)
      const everything = await readAll(server, `/v1/${name}?updated_since=2000-01-01&limit=300`)
      assert.deepEqual(new Set(everything.map((row) => row.id)), new Set(all.map((row) => row.id)))
      assert.equal(everything.length, all.length)
      const recent = await getJson<{ count: number }>(server, `/v1/${name}/count?updated_since=2026-01-01`)
      assert.equal(recent.count, everything.filter((row) => row.updated_at >= '2026-01-01').length)
    }
  })

  it('sells: leads come and convert, e-mails are answered, deals are won and lost', async () => {
    const changes = (await serve()).tick(400)
    const happened = (test: (change: Change) => boolean): boolean => changes.some(test)
    assert.ok(happened((one) => one.stream === 'leads' && one.operation === 'created'))
    assert.ok(happened((one) => one.stream === 'leads' && one.row.status === 'converted'))
    assert.ok(happened((one) => one.stream === 'leads' && one.row.status === 'disqualified'))
    assert.ok(happened((one) => one.stream === 'deals' && one.operation === 'created'))
    assert.ok(happened((one) => one.stream === 'emails' && one.row.answered_at !== null))
    const won = changes.filter((one) => one.stream === 'deals' && one.row.is_won)
    assert.ok(won.length > 15, `${won.length} deals won in 400 ticks`)
  })

  it('keeps references and the order of time', async () => {
    const server = await serve({ records: 2000 })
    server.tick(300)
    const tables = new Map<string, Map<number, Row>>()
    for (const name of SERVED_STREAMS) {
      tables.set(name, new Map((await readAll(server, `/v1/${name}?limit=1000`)).map((row) => [row.id, row])))
    }
    const has = (name: string, id: unknown): boolean =>
      id === null || tables.get(name)?.has(id as number) === true
    const references = {
      account_id: 'accounts',
      person_id: 'people',
      lead_id: 'leads',
      deal_id: 'deals',
      sdr_id: 'sdrs',
      closer_id: 'sdrs',
      in_reply_to: 'emails',
    }
    for (const [name, rows] of tables) {
      for (const row of rows.values()) {
        for (const [field, target] of Object.entries(references)) {
          assert.ok(has(target, row[field] ?? null), `${name} ${row.id}: no ${target} ${String(row[field])}`)
        }
        const steps = ['created_at', 'contacted_at', 'mql_at', 'sql_at', 'converted_at', 'updated_at']
        const times = steps.map((step) => row[step]).filter((time) => typeof time === 'string')
        assert.deepEqual(times, times.toSorted(), `${name} ${row.id}`)
      }
    }
    const openStages = [...(tables.get('deal_stages')?.values() ?? [])].filter(
      (stage) => stage['exited_at'] === null,
    )
    assert.deepEqual(
      openStages
        .map((stage) => JSON.stringify([stage['deal_id'], stage['stage'], stage['amount']]))
        .toSorted(),
      [...(tables.get('deals')?.values() ?? [])]
        .map((deal) => JSON.stringify([deal.id, deal['stage'], deal['amount']]))
        .toSorted(),
    )
  })

  it('totals follow it', async () => {
    const server = await serve()
    assert.deepEqual(server.totals(), totals({ seed: 7, records: 5000, now }))
    const before = server.totals()
    const changes = server.tick(100)
    const won = changes.filter((one) => one.stream === 'deals' && one.row.is_won)
    assert.equal(server.totals().wonDeals, before.wonDeals + won.length)
    assert.deepEqual(await (await fetch(`${server.url}/_control/totals`)).json(), server.totals())
  })

  it('sells by a timer until it is stopped', async () => {
    const server = await serve()
    const before = server.totals().leads
    server.sell({ everyMs: 1, seed: 99 })
    while (server.totals().leads === before) await new Promise((resolve) => setTimeout(resolve, 2))
    server.sell({ everyMs: 0 })
    const { count } = await getJson<{ count: number }>(server, '/v1/leads/count')
    assert.ok(count > before)
    assert.throws(() => server.sell({ everyMs: -1 }), RangeError)
    const ticked = await fetch(`${server.url}/_control/tick?count=3`, { method: 'POST' })
    assert.ok(((await ticked.json()) as Change[]).length >= 3)
  })
})
