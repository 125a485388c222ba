import assert from 'node:assert/strict'
import { fileURLToPath } from 'node:url'
import { after, before, describe, test } from 'node:test'
import { createLogger, serve, type RunningServer } from '@caudal/server'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { findBarriers } from './accessibility.ts'
import { launchBrowser, openPage, skipped } from './browser.ts'
import { FakeOwner } from './fake-owner/owner.ts'

const consoleFolder = fileURLToPath(new URL('../../packages/console/dist', import.meta.url))
const pages = [
  '/dashboards/sales',
  '/graph?node=marts.sdr_revenue',
  '/runs/:failed',
  '/settings',
  '/',
  '/dashboards/sales?table=revenue_line&f.team=North',
  '/dashboards/sales?drill=won&metric=won',
  '/runs',
  '/nowhere',
]
/** How a page is looked at, and at how many pages where time is short. */
const looks: Readonly<Record<string, { readonly look: BrowserContextOptions; readonly short: number }>> = {
  light: { look: {}, short: 4 },
  dark: { look: { colorScheme: 'dark' }, short: 2 },
  'phone, Spanish': {
    look: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, locale: 'es-ES' },
    short: 3,
  },
}

describe('every page of the console', { skip: skipped }, () => {
  const open = new AsyncDisposableStack()
  const owner = open.adopt(new FakeOwner(), (closing) => closing.runs.close())
  let browser: Browser
  let server: RunningServer
  before(async () => {
    browser = open.use(await launchBrowser())
    server = open.adopt(await serveFake(owner), (closing) => closing.close())
  })
  after(() => open.disposeAsync())

  async function load(address: string, look: BrowserContextOptions = {}): Promise<Page> {
    const { page } = await openPage(browser, look)
    await page.goto(`${server.url ?? ''}${address}`)
    await settled(page)
    return page
  }

  for (const [name, { look, short }] of Object.entries(looks)) {
    test(`has no barrier: ${name}`, async () => {
      const failed = (await owner.runs.list(60)).find((run) => run.state === 'failed')
      const page = await load('/', look)
      const found: string[] = []
      for (const address of process.env['CAUDAL_FULL'] === '1' ? pages : pages.slice(0, short)) {
        await page.goto(`${server.url ?? ''}${address.replace(':failed', failed?.id ?? '')}`)
        await settled(page)
        for (const barrier of await findBarriers(page)) found.push(`${address}: ${barrier}`)
        const wider = await page.evaluate(
          'document.documentElement.scrollWidth - document.documentElement.clientWidth',
        )
        if (Number(wider) > 0) found.push(`${address}: ${String(wider)} pixels wider than the screen`)
      }
      assert.deepEqual(found, [])
    })
  }

  test('a run that failed begins with its first error in plain words', async () => {
    const failed = (await owner.runs.list(60)).find((run) => run.state === 'failed')
    const page = await load(`/runs/${failed?.id ?? ''}`)
    const alert = page.getByRole('alert').first()
    assert.match(await alert.innerText(), /First error\s+14 rows of marts\.sdr_revenue have no monto/)
    const stage = page.getByRole('listitem').first()
    const [alertBox, stageBox] = [await alert.boundingBox(), await stage.boundingBox()]
    assert.ok((alertBox?.y ?? Infinity) < (stageBox?.y ?? 0), 'the error stands above the stages')
  })

  test('a tile without an answer says why, and gets one when it is tried again', async () => {
    const page = await load('/dashboards/odd')
    const broken = page.getByRole('region', { name: 'Broken', exact: true })
    assert.match(await broken.innerText(), /reads the column amount_eur of marts\.leads/)
    owner.isMended = true
    await broken.getByRole('button', { name: 'Try again' }).click()
    await broken.locator('.number-value').waitFor()
    const nothing = page.getByRole('region', { name: 'Nothing to draw' })
    assert.match(await nothing.innerText(), /Nothing in this view/)
  })

  test('errors are said in the language of the page, and as they were reported for whoever asks', async () => {
    const failed = (await owner.runs.list(60)).find((run) => run.state === 'failed')
    const { page } = await openPage(browser, { locale: 'es-ES' })
    await page.goto(`${server.url ?? ''}/runs/${failed?.id ?? ''}`)
    const alert = page.getByRole('alert').first()
    assert.match(await alert.innerText(), /Primer error\s+marts\.sdr_revenue: hay comprobaciones con fallos/)
    const reported = alert.getByText(/14 rows of marts\.sdr_revenue/)
    assert.equal(await reported.isVisible(), false)
    await alert.getByText('Texto original (en inglés)').click()
    await reported.waitFor()
    await page.goto(`${server.url ?? ''}/runs/nope`)
    await page.getByText('La ejecución nope no está en el historial.').waitFor()
    await page.goto(`${server.url ?? ''}/dashboards/sales?range=last-30-dayz`)
    await page.getByText('La dirección pide range=last-30-dayz').waitFor()
    await page.goto(`${server.url ?? ''}/dashboards/sales?tz=Marte/Olimpo`)
    await page.getByText('Marte/Olimpo').first().waitFor()
    assert.equal(await page.locator('.error-state p[lang]').first().getAttribute('lang'), 'es')
  })

  test('what was shown stays visible while another view is on its way', async () => {
    const page = await load('/dashboards/sales')
    const revenue = page.getByRole('region', { name: 'Revenue', exact: true })
    const shown = await revenue.locator('.number-value').innerText()
    const gate = Promise.withResolvers<undefined>()
    await page.route('**/tiles/**', async (route) => {
      await gate.promise
      await route.continue()
    })
    await page.getByRole('button', { name: 'Team All' }).click()
    await page.getByRole('dialog').getByRole('option', { name: 'North' }).click()
    await page.locator('section.tile[data-old=true]').first().waitFor()
    assert.equal(await revenue.locator('.number-value').innerText(), shown)
    gate.resolve(undefined)
    await page.locator('section.tile[data-old=true]').first().waitFor({ state: 'detached' })
    assert.notEqual(await revenue.locator('.number-value').innerText(), shown)
  })

  test('a page that loads says so to the ear at once, and to the eye by grey shapes', async () => {
    const { page } = await openPage(browser)
    const gate = Promise.withResolvers<undefined>()
    await page.route('**/api/v1/dashboards/**', async (route) => {
      await gate.promise
      await route.continue()
    })
    await page.goto(`${server.url ?? ''}/dashboards/sales`)
    await page.getByRole('status').filter({ hasText: 'Loading…' }).waitFor({ state: 'attached' })
    assert.ok((await page.locator('.skeleton').count()) > 0)
    gate.resolve(undefined)
    await page.getByRole('region', { name: 'Revenue', exact: true }).locator('.number-value').waitFor()
    assert.equal(await page.getByText('Loading…').count(), 0)
  })

  test('a link that cannot be read says what is wrong with it', async () => {
    const page = await load('/dashboards/sales?range=last-30-dayz')
    const alert = page.getByRole('alert')
    assert.match(await alert.innerText(), /range=last-30-dayz.*Did you mean last-30-days\?/)
    await page.getByRole('button', { name: 'Open with the usual view' }).click()
    await page.getByRole('region', { name: 'Revenue', exact: true }).waitFor()
  })

  test('the page of an address that leads nowhere is live like any other', async () => {
    const { page } = await openPage(browser)
    for (const address of ['/nowhere', '/dashboards/nope', '/dashboards/sales?range=last-30-dayz']) {
      await page.goto(`${server.url ?? ''}${address}`)
      await page.locator('.live-badge[data-live=live]').waitFor({ timeout: 5000 })
    }
  })

  test('language, numbers and time zone are set apart from each other', async () => {
    const page = await load('/settings')
    await page.getByRole('button', { name: /Language/ }).click()
    await page.getByRole('option', { name: 'Español' }).click()
    await page.getByRole('heading', { name: 'Ajustes' }).waitFor()
    await page.getByRole('button', { name: /Números/ }).click()
    await page.getByRole('option', { name: /alemán/ }).click()
    await page.getByText('1.234.567,89', { exact: true }).first().waitFor()
    await page.goto(`${server.url ?? ''}/dashboards/sales`)
    await page.getByRole('heading', { name: 'Ventas' }).waitFor()
    const revenue = page.getByRole('region', { name: 'Ingresos', exact: true }).locator('.number-value')
    assert.match(await revenue.innerText(), /^\d\.\d{3}\.\d{3}\s€$/)
  })
})

describe('the console of an empty project', { skip: skipped }, () => {
  test('says on each page what is missing and how to begin', async () => {
    await using browser = await launchBrowser()
    await using open = new AsyncDisposableStack()
    const server = open.adopt(await serveFake(new FakeOwner({ isEmpty: true })), (closing) => closing.close())
    const { page, complaints } = await openPage(browser)
    for (const [address, words] of [
      ['/', /No dashboard yet.*dashboards\//s],
      ['/graph', /The project is empty.*sources\//s],
      ['/runs', /Nothing has run yet.*caudal run/s],
    ] as const) {
      await page.goto(`${server.url ?? ''}${address}`)
      const state = page.locator('.empty-state')
      await state.waitFor()
      assert.match(await state.innerText(), words)
    }
    assert.deepEqual(complaints, [])
  })

  test('shows the mistakes of its configuration first', async () => {
    await using browser = await launchBrowser()
    await using open = new AsyncDisposableStack()
    const problem = {
      code: 'CAUDAL_CONFIG_INVALID',
      message: 'caudal.config.ts:4: there is no setting `warehous`. Did you mean `warehouse`?',
      hint: 'Rename it.',
      retryable: false,
      context: {},
    }
    const owner = new FakeOwner({ isEmpty: true, problems: [problem] })
    const server = open.adopt(await serveFake(owner), (closing) => closing.close())
    const { page } = await openPage(browser)
    await page.goto(server.url ?? '')
    await page.getByRole('heading', { name: /The project has mistakes/ }).waitFor()
    assert.match(await page.getByRole('alert').innerText(), /caudal\.config\.ts:4.*Rename it\./s)
  })
})

/** Waits until nothing on the page is on its way. */
async function settled(page: Page): Promise<void> {
  await page.getByRole('heading').first().waitFor()
  await page.locator('[aria-busy=true], .skeleton').first().waitFor({ state: 'detached' })
}

async function serveFake(owner: FakeOwner): Promise<RunningServer> {
  return serve({ service: owner, port: 0, consoleFolder, log: createLogger({ level: 'silent' }) })
}
