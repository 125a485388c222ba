import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { copyExample, type ProjectFolder } from '../../tools/demo/example-folder.ts'
import { startBoard, type Board } from '../../tools/demo/start-board.ts'
import { findBarriers } from './accessibility.ts'
import { number, tile } from './board.ts'
import { launchBrowser, openPage, skipped } from './browser.ts'
import { OwnerDesk } from './owner-desk.ts'

const won = `is_won AND (closed_at AT TIME ZONE 'Europe/Madrid')::DATE > (CURRENT_TIMESTAMP AT TIME ZONE 'Europe/Madrid')::DATE - 90`

describe('the board of the reference project', { skip: skipped }, () => {
  const open = new AsyncDisposableStack()
  const ending = new AbortController()
  let browser: Browser
  let folder: ProjectFolder
  let board: Board
  let desk: OwnerDesk
  before(async () => {
    browser = open.use(await launchBrowser())
    folder = open.use(await copyExample('test'))
    board = open.use(
      await startBoard({ folder: folder.path, records: 4_000, sellEveryMs: 3_600_000 }, ending.signal),
    )
    desk = open.use(await OwnerDesk.open(board.url, folder.path, 'data/sales.duckdb'))
  })
  after(() => open.disposeAsync())

  async function load(
    address: string,
  ): Promise<{ readonly page: Page; readonly complaints: readonly string[] }> {
    const opened = await openPage(browser)
    await opened.page.goto(new URL(address, board.url).href)
    return opened
  }

  async function dealsWon(): Promise<Record<string, string | null>> {
    const [row = {}] = await desk.query(
      `SELECT count(*) AS deals, round(sum(amount_eur), 0) AS revenue FROM marts.deals WHERE ${won}`,
    )
    return row
  }

  test('shows the numbers that SQL gives', async () => {
    const { page, complaints } = await load('/dashboards/sales')
    await number(page, 'Revenue').waitFor()
    const truth = await dealsWon()
    assert.equal(await number(page, 'Deals won').innerText(), truth['deals'])
    assert.equal((await number(page, 'Revenue').innerText()).replaceAll(/\D/g, ''), truth['revenue'])
    const [seller] = await desk.query(
      `SELECT s.sdr FROM marts.ventas_sdr v JOIN marts.sdrs s ON s.id = v.id_sdr
       WHERE v.fecha > (CURRENT_TIMESTAMP AT TIME ZONE 'Europe/Madrid')::DATE - 90
       GROUP BY s.sdr ORDER BY sum(v.monto) DESC LIMIT 1`,
    )
    const bars = await tile(page, 'Revenue per SDR').getByRole('listbox').getAttribute('aria-label')
    assert.ok(bars?.includes(`first ${seller?.['sdr'] ?? '?'} with`), bars ?? '')
    assert.deepEqual(complaints, [])
    assert.deepEqual(await findBarriers(page), [])
  })

  test('a tile whose metric lacks a filtered dimension says that it counts everything', async () => {
    const { page } = await load('/dashboards/sales?f.country=ES')
    await number(page, 'Revenue').waitFor()
    const tiles = page.locator('section.tile').filter({ hasText: 'Not filtered by Country' })
    assert.deepEqual(await tiles.getByRole('heading').allInnerTexts(), ['Active accounts'])
  })

  test('a deal that is won in the CRM reaches the tile by itself', async () => {
    const { page } = await load('/dashboards/sales')
    const deals = number(page, 'Deals won')
    const count = Number(await deals.innerText())
    await page.evaluate(() => Object.assign(globalThis, { isSamePage: true }))
    const sold = sellUntilWon(board)
    await deals.getByText(String(count + sold), { exact: true }).waitFor({ timeout: 30_000 })
    assert.equal((await dealsWon())['deals'], String(count + sold))
    assert.equal(await page.evaluate(() => 'isSamePage' in globalThis), true)
  })

  test('the way from a dashboard to its sources is in the graph, each node with its freshness', async () => {
    const { page, complaints } = await load('/graph')
    await page.getByRole('searchbox', { name: 'Find a node' }).fill('marts.deals')
    await page.getByRole('row', { name: /^marts\.deals, Up to date/ }).click()
    const panel = page.getByRole('region', { name: 'marts.deals' })
    assert.match(await panel.innerText(), /Changed .*\d+ rows/s)
    await panel.getByRole('button', { name: 'staging.deals' }).click()
    await page
      .getByRole('region', { name: 'staging.deals' })
      .getByRole('button', { name: 'crm.deals' })
      .click()
    await page
      .getByRole('region', { name: 'crm.deals' })
      .getByRole('button', { name: 'crm', exact: true })
      .waitFor()
    assert.deepEqual(complaints, [])
  })

  test('runs are listed, and one tells where its records went', async () => {
    const { page, complaints } = await load('/runs')
    const first = page.getByRole('row').filter({ hasText: /^Succeeded\s*dev/ })
    await first.getByRole('link').click()
    await page.getByText('Succeeded').first().waitFor()
    const crm = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'Read crm' }) })
    assert.match(await crm.innerText(), /Read\s+[\d.]+/)
    assert.deepEqual(complaints, [])
  })
})

/** Lets things happen in the company until a deal is won. @returns how many were. */
function sellUntilWon(board: Board): number {
  for (let step = 0; step < 500; step++) {
    const changes = board.company.tick()
    const sold = new Set(
      changes.flatMap(({ stream, row }) =>
        stream === 'deals' && row.stage === 'closed_won' ? [row.id] : [],
      ),
    )
    if (sold.size > 0) return sold.size
  }
  throw new Error('Nobody won a deal')
}
