import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { JsonValue } from '@caudal/spec'
import type { PaginateOptions } from '../../src/index.ts'
import { sendJson, startApi } from '../support/api.ts'
import { openSource, read } from '../support/source.ts'

interface Item {
  readonly id: string
  readonly updated: string
  readonly version: number
}

/** A step of a history: while the `page`th page of a read is served, records change; the read stops after some batches. */
const step = fc.record({
  stopsAfter: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
  secondsBefore: fc.integer({ min: 0, max: 5 }),
  changes: fc.array(
    fc.record({
      atPage: fc.integer({ min: 1, max: 4 }),
      id: fc.integer({ min: 0, max: 12 }),
      secondsLate: fc.integer({ min: 0, max: 4 }),
    }),
    { maxLength: 6 },
  ),
})

const limit = 3
const ways: readonly PaginateOptions[] = [
  { kind: 'keyset', field: 'id', param: 'after', limit },
  { kind: 'offset', limit, readAhead: 1 },
]

/** A server with a clock of its own, whose lists are sorted by id. */
class History {
  readonly items = new Map<string, Item>()
  #nowMs = Date.UTC(2026, 5, 1)
  #version = 0

  pass(seconds: number): void {
    this.#nowMs += seconds * 1000
  }

  /** A record is new or changed; lists show its change as `secondsLate` ago. */
  change(index: number, secondsLate: number): void {
    const id = `r${String(index).padStart(2, '0')}`
    const before = this.items.get(id)?.updated ?? ''
    const late = new Date(this.#nowMs - secondsLate * 1000).toISOString()
    const updated = late < before ? before : late
    this.items.set(id, { id, updated, version: ++this.#version })
  }

  answer(query: Readonly<Record<string, string>>): { data: Item[]; date: string } {
    const since = query['since'] ?? ''
    const found = [...this.items.values()]
      .filter(({ id, updated }) => updated >= since && id > (query['after'] ?? ''))
      .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    const from = Number(query['offset'] ?? 0)
    return { data: found.slice(from, from + limit), date: new Date(this.#nowMs).toUTCString() }
  }
}

for (const paginate of ways) {
  test(`by ${paginate.kind}: whatever changes while reads run, stop and go on, the table ends as the source is`, async (t) => {
    let history = new History()
    let served = 0
    let changes: readonly { atPage: number; id: number; secondsLate: number }[] = []
    const api = await startApi(t, ({ query }, response) => {
      const { data, date } = history.answer(query)
      served += 1
      history.pass(1)
      for (const change of changes)
        if (change.atPage === served) history.change(change.id, change.secondsLate)
      return sendJson(response, data, 200, { date })
    })
    const source = await openSource(t, {
      baseUrl: api.url,
      streams: {
        items: {
          path: 'items',
          primaryKey: 'id',
          paginate,
          cursor: { field: 'updated', param: 'since', lagSeconds: 5 },
        },
      },
    })
    const runs = process.env['CAUDAL_FULL'] === '1' ? 500 : 40
    const seed = Number(process.env['CAUDAL_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
    t.diagnostic(`seed ${seed}, ${runs} histories`)
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
        history = new History()
        const table = new Map<string, Item>()
        let position: JsonValue | undefined
        const readOnce = async (batches?: number): Promise<number> => {
          served = 0
          const found = await read(source, 'items', {
            position,
            ...(batches === undefined ? {} : { batches }),
          })
          assert.equal(found.failure, undefined)
          for (const item of found.records as unknown as Item[]) {
            const known = table.get(item.id)
            if (known === undefined || item.updated >= known.updated) table.set(item.id, item)
          }
          position = found.position ?? position
          return found.records.length
        }
        for (const { stopsAfter, secondsBefore, changes: next } of steps) {
          history.pass(secondsBefore)
          changes = next
          await readOnce(stopsAfter)
        }
        changes = []
        history.pass(10)
        await readOnce()
        await readOnce()
        assert.equal(await readOnce(), 0, 'reading comes to rest')
        assert.deepEqual(
          [...table.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1)),
          [...history.items.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1)),
        )
      }),
      { numRuns: runs, seed },
    )
  })
}
