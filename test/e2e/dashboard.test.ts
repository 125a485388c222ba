import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, describe, test } from 'node:test'
import type { Browser, Locator, Page } from 'playwright-core'
import { launchBrowser, openPage, skipped } from './browser.ts'
import { exact, money, number, tile } from './board.ts'
import { leadOf } from './leads.ts'
import { RunningProject } from './running-project.ts'

/** The browser's own: functions given to `evaluate` run there. */
declare const MutationObserver: new (onChange: () => void) => {
  observe(element: unknown, what: Readonly<Record<string, boolean>>): void
}

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

  async function load(query = ''): Promise<{ readonly page: Page; readonly complaints: readonly string[] }> {
    const opened = await openPage(browser)
    await opened.page.goto(`${project.url}/dashboards/sales${query}`)
    await number(opened.page, 'Revenue').waitFor()
    return opened
  }

  async function truth(where: string): Promise<Record<string, string | null>> {
    const [row = {}] = await project.desk.query(
      `SELECT sum(amount) FILTER (WHERE is_won) AS revenue, count(*) FILTER (WHERE is_won) AS won, count(*) AS leads
       FROM marts.leads WHERE ${where}`,
    )
    return row
  }

  test('tiles show the numbers that SQL gives, and the browser has nothing to complain about', async () => {
    const { page, complaints } = await load()
    const rows = await truth(inView)
    assert.equal(await exact(number(page, 'Revenue')), money(rows['revenue']))
    assert.equal(await number(page, 'Deals won').innerText(), rows['won'])
    assert.equal(await number(page, 'Leads').innerText(), rows['leads'])
    const funnel = await tile(page, 'From lead to deal').getByRole('listbox').getAttribute('aria-label')
    assert.match(funnel ?? '', new RegExp(`From Leads ${rows['leads']} to Deals won ${rows['won']}`))
    const teams = await project.desk.query(
      `SELECT team, count(*) AS leads FROM marts.leads WHERE ${inView} GROUP BY team ORDER BY 2 DESC`,
    )
    const shown = await tile(page, 'Teams').getByRole('row').allInnerTexts()
    assert.deepEqual(
      shown.slice(1).map((row) => row.split('\t').slice(0, 2)),
      teams.map((row) => [row['team'], row['leads']]),
    )
    assert.deepEqual(complaints, [])
  })

  test('filters lie in the address, hold for every tile and survive a reload', async () => {
    const { page } = await load()
    await page.getByRole('button', { name: 'Team All' }).click()
    await page.getByRole('dialog').getByRole('option', { name: 'North' }).click()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Dates Last 90 days' }).click()
    await page.getByRole('option', { name: 'Last 30 days' }).click()
    const address = new URL(page.url()).searchParams
    assert.deepEqual([address.get('range'), address.getAll('f.team')], ['last-30-days', ['North']])
    await page.reload()
    const rows = await truth(`${inView.replace('90', '30')} AND team = 'North'`)
    await number(page, 'Leads').waitFor()
    assert.equal(await number(page, 'Leads').innerText(), rows['leads'])
    assert.equal(await exact(number(page, 'Revenue')), money(rows['revenue']))
    await page.getByRole('button', { name: 'Remove Team: North' }).click()
    assert.equal(new URL(page.url()).searchParams.has('f.team'), false)
  })

  test('a number opens the rows behind it, and they can be taken away as CSV', async () => {
    const { page } = await load()
    const won = await number(page, 'Deals won').innerText()
    await number(page, 'Deals won').click()
    const panel = page.getByRole('dialog')
    await panel.getByText(`${won} rows`).waitFor()
    assert.equal(await panel.getByRole('row').count(), Number(won) + 1)
    const lines = (await downloaded(page, panel.getByRole('link', { name: 'CSV of these rows' })))
      .trim()
      .split('\r\n')
    assert.match(lines[0] ?? '', /^id,sdr,team,channel,is_won/)
    assert.equal(lines.length, Number(won) + 1)
    await page.goBack()
    await panel.waitFor({ state: 'detached' })
  })

  test('what a tile shows can be taken away as CSV', async () => {
    const { page } = await load('?f.team=South')
    await page.getByRole('button', { name: 'Actions for Leads by channel' }).click()
    const csv = await downloaded(page, page.getByRole('menuitem', { name: 'Download CSV' }))
    const rows = await project.desk.query(
      `SELECT channel, count(*) AS leads FROM marts.leads WHERE ${inView} AND team = 'South' GROUP BY channel ORDER BY 2 DESC`,
    )
    const numbers = csv
      .trim()
      .split('\r\n')
      .slice(1)
      .map((line) => line.split(',')[1])
    assert.deepEqual(
      numbers,
      rows.map((row) => row['leads']),
    )
  })

  test('the keyboard walks a chart, opens a value and shows the chart as a table', async () => {
    const { page } = await load()
    const chart = tile(page, 'Revenue over time').getByRole('listbox')
    await chart.focus()
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('ArrowLeft')
    const option = chart.getByRole('option')
    assert.match(await option.innerText(), /^Week of .*: Revenue €/)
    assert.equal(await chart.getAttribute('aria-activedescendant'), await option.getAttribute('id'))
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: /Rows behind Revenue over time · Week of/ }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Show as table: Revenue over time' }).press('Enter')
    const heads = await tile(page, 'Revenue over time').getByRole('columnheader').allInnerTexts()
    assert.deepEqual(heads, ['Date', 'Revenue', 'Revenue, previous'])
  })

  test('a new row reaches the tile by push: no reload, and the old value stays until then', async () => {
    const { page } = await load()
    const leads = number(page, 'Leads')
    const count = Number(await leads.innerText())
    await page.evaluate(() => Object.assign(globalThis, { isSamePage: true }))
    const seen = watchTexts(leads)
    await project.deliver(leadOf(project.leads.length + 1, 0))
    await project.desk.run()
    await leads.getByText(String(count + 1), { exact: true }).waitFor()
    assert.deepEqual(await seen(), [String(count + 1)], 'the tile never stood empty')
    assert.equal(await page.evaluate(() => 'isSamePage' in globalThis), true)
  })

  test('a page that lost its server goes on when it is back, with what came meanwhile', async () => {
    const { page } = await load()
    const leads = number(page, 'Leads')
    const count = Number(await leads.innerText())
    await page.evaluate(() => Object.assign(globalThis, { isSamePage: true }))
    await project.stop()
    await page.getByText('Reconnecting…').waitFor()
    assert.equal(await leads.innerText(), String(count), 'what was known stays visible')
    await project.deliver(leadOf(project.leads.length + 1, 1))
    await project.serve()
    await project.desk.run()
    await page.getByText('Live', { exact: true }).waitFor({ timeout: 20_000 })
    await leads.getByText(String(count + 1), { exact: true }).waitFor()
    assert.equal(await page.evaluate(() => 'isSamePage' in globalThis), true)
  })

  test('a check that fails keeps the old numbers, and graph and run say which rows are wrong', async () => {
    const { page } = await load()
    const count = await number(page, 'Leads').innerText()
    const broken = leadOf(project.leads.length + 1, 0, { stage: 'won', amount: '-5.00' })
    await project.deliver(broken)
    await assert.rejects(project.desk.run())
    await page.goto(`${project.url}/graph?node=marts.leads`)
    const panel = page.getByRole('region', { name: 'marts.leads' })
    await panel.getByText('Failing checks').waitFor()
    await panel.locator('summary').click()
    assert.match(await panel.getByRole('table').innerText(), new RegExp(`\\b${broken.id}\\b.*-5\\.00`, 's'))
    await page.getByRole('navigation').getByRole('link', { name: 'Runs' }).click()
    await page.getByRole('row').filter({ hasText: 'Failed' }).first().getByRole('link').click()
    await page.getByRole('heading', { name: 'First error' }).waitFor()
    assert.match(await page.getByRole('alert').first().innerText(), /marts\.leads/)
    await page.goto(`${project.url}/dashboards/sales`)
    assert.equal(await number(page, 'Leads').innerText(), count)
  })
})

async function downloaded(page: Page, link: Locator): Promise<string> {
  const waiting = page.waitForEvent('download')
  await link.click()
  return readFile(await (await waiting).path(), 'utf8')
}

/** Records every text that the element shows from now on. @returns what gives them. */
function watchTexts(of: Locator): () => Promise<readonly string[]> {
  const watching = of.evaluateHandle((element) => {
    const texts: string[] = []
    new MutationObserver(() => {
      const text = element.textContent
      if (texts.at(-1) !== text) texts.push(text)
    }).observe(element, { childList: true, subtree: true, characterData: true })
    return texts
  })
  return async () => (await watching).jsonValue()
}
