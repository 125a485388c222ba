import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser, Locator, Page } from 'playwright-core'
import { launchBrowser, openPage, skipped } from './browser.ts'
import { leadOf } from './leads.ts'
import { RunningProject } from './running-project.ts'

const inView = `entered_on > (CURRENT_TIMESTAMP AT TIME ZONE 'Europe/Madrid')::DATE - 90`

describe('a dashboard in the browser', { skip: skipped }, () => {
  const open = new AsyncDisposableStack()
  let browser: Browser
  let project: RunningProject
  before(async () => {
    browser = open.use(await launchBrowser())
    project = open.use(await RunningProject.start())
  })
  after(() => open.disposeAsync())

  test('tiles show the numbers that SQL gives', async () => {
    const { page, complaints } = await openPage(browser)
    await page.goto(`${project.url}/dashboards/sales`)
    await number(page, 'Revenue').waitFor()
    const [truth] = await project.query(
      `SELECT sum(amount) FILTER (WHERE is_won) AS revenue, count(*) FILTER (WHERE is_won) AS won, count(*) AS leads
       FROM marts.leads WHERE ${inView}`,
    )
    assert.equal(await exact(number(page, 'Revenue')), money(truth?.['revenue']))
    assert.equal(await number(page, 'Deals won').textContent(), truth?.['won'])
    assert.equal(await number(page, 'Leads').textContent(), truth?.['leads'])
    assert.deepEqual(complaints, [])
  })

  test('a new row reaches the tile by push, without a reload', async () => {
    const { page } = await openPage(browser)
    await page.goto(`${project.url}/dashboards/sales`)
    const leads = number(page, 'Leads')
    const count = Number(await leads.textContent())
    await page.evaluate(() => Object.assign(globalThis, { isSamePage: true }))
    await project.load(leadOf(project.leads.length + 1, 0))
    await page
      .getByText(String(count + 1), { exact: true })
      .first()
      .waitFor()
    assert.equal(await leads.textContent(), String(count + 1))
    assert.equal(await page.evaluate(() => 'isSamePage' in globalThis), true)
  })
})

function number(page: Page, tile: string): Locator {
  return page.getByRole('region', { name: tile, exact: true }).locator('.number-value')
}

/** The value with all its digits. */
async function exact(value: Locator): Promise<string> {
  return (await value.getAttribute('title')) ?? (await value.textContent()) ?? ''
}

function money(text: string | null | undefined): string {
  const format = new Intl.NumberFormat('en-GB', { style: 'currency', currency: 'EUR' })
  return format.format((text ?? 'NaN') as Intl.StringNumericLiteral)
}
