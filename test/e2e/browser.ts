import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { findChromium } from '../../tools/provision.ts'

const chromiumPath = findChromium()

/** Why the browser tests cannot run; `false`: they can. `npm test` installs Chromium where it may. */
export const skipped: string | false =
  chromiumPath === undefined ? 'no Chromium on this machine (Debian: apt-get install chromium)' : false

/** Starts a Chromium that speaks to nobody but the page. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    ...(chromiumPath === undefined ? {} : { executablePath: chromiumPath }),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  })
}

/**
 * A page, with everything that its browser complained about: refused scripts and styles, failed
 * requests, thrown errors, and calls to anybody but the server.
 */
export interface WatchedPage {
  readonly page: Page
  readonly complaints: readonly string[]
}

/** Opens a page in a fresh profile: English, a time zone of its own, unless said otherwise. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    locale: 'en-GB',
    timezoneId: 'America/Bogota',
    acceptDownloads: true,
    ...options,
  })
  context.setDefaultTimeout(10_000)
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('request', (request) => {
    if (!/^(http:\/\/127\.0\.0\.1:|data:|blob:)/.test(request.url()))
      complaints.push(`It called ${request.url()}`)
  })
  return { page, complaints }
}
