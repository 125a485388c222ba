import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { createCompany, PAGING_STYLES, type PagingStyle } from '@caudal/simulator'
import { get, getJson, now, type Page, type Row, serve } from './client.ts'

const server = await serve({ records: 2000 })
const deals = [...createCompany({ seed: 7, records: 2000, now }).read('deals')]

/** A client of each style, as a reader of the documentation would write it. */
const READERS: Record<PagingStyle, (size: number, query: string) => Promise<Row[]>> = {
  async cursor(size, query) {
    const rows: Row[] = []
    let after = ''
    for (;;) {
      const page = await getJson(server, `/paging/cursor/deals?limit=${size}${after}${query}`)
      rows.push(...page.data)
      if (page.paging === undefined) return rows
      after = `&after=${page.paging.next.after}`
    }
  },
  async page(size, query) {
    const rows: Row[] = []
    for (let number = 1; ; number++) {
      const page = await getJson(server, `/paging/page/deals?page=${number}&per_page=${size}${query}`)
      rows.push(...page.data)
      if (number >= (page['pages'] as number)) return rows
    }
  },
  async offset(size, query) {
    const rows: Row[] = []
    for (;;) {
      const page = await getJson(server, `/paging/offset/deals?offset=${rows.length}&limit=${size}${query}`)
      rows.push(...page.data)
      if (rows.length >= (page['total'] as number)) return rows
    }
  },
  async link(size, query) {
    const rows: Row[] = []
    let path: string | undefined = `/paging/link/deals?limit=${size}${query}`
    while (path !== undefined) {
      const response: Response = await get(server, path)
      rows.push(...((await response.json()) as Row[]))
      path = /^<(.*)>; rel="next"$/.exec(response.headers.get('link') ?? '')?.[1]
    }
    return rows
  },
  async next(size, query) {
    const rows: Row[] = []
    let path: string | null = `/paging/next/deals?limit=${size}${query}`
    while (path !== null) {
      const page: Page = await getJson(server, path)
      rows.push(...page.data)
      path = page['next'] as string | null
    }
    return rows
  },
  async keyset(size) {
    const rows: Row[] = []
    for (;;) {
      const page = await getJson(
        server,
        `/paging/keyset/deals?limit=${size}&after_id=${rows.at(-1)?.id ?? 0}`,
      )
      rows.push(...page.data)
      if (page['has_more'] === false) return rows
    }
  },
}

describe('paging', () => {
  for (const style of PAGING_STYLES) {
    it(`by ${style} gives every record once, whatever the size`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: deals.length + 1 }), async (size) => {
          assert.deepEqual(await READERS[style](size, ''), deals)
        }),
        { numRuns: 8 },
      )
    })

    it(`by ${style} gives the same after the seller has been at it`, async () => {
      const sold = await serve({ records: 2000 })
      sold.tick(40)
      const { data } = await getJson(sold, '/v1/deals?limit=1000')
      assert.ok(data.length > deals.length)
      assert.deepEqual(
        data.map((row) => row.id),
        data.map((row) => row.id).toSorted((one, two) => one - two),
      )
    })
  }

  it('with updated_since is in order of update in every style but keyset', async () => {
    const since = deals.map((deal) => deal.updated_at).toSorted()[20] as string
    const expected = deals
      .filter((deal) => deal.updated_at >= since)
      .toSorted((one, two) => one.updated_at.localeCompare(two.updated_at) || one.id - two.id)
    for (const style of PAGING_STYLES.filter((one) => one !== 'keyset')) {
      assert.deepEqual(await READERS[style](9, `&updated_since=${since}`), expected, style)
    }
  })

  it('in an unknown style or of an unknown stream is 404', async () => {
    assert.equal((await get(server, '/paging/scroll/deals')).status, 404)
    assert.equal((await get(server, '/paging/page/unicorns')).status, 404)
    assert.equal((await get(server, '/paging/page/deals/214')).status, 404)
  })
})
