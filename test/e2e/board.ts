import type { Locator, Page } from 'playwright-core'

/** A tile of a board by its title. */
export function tile(page: Page, title: string): Locator {
  return page.locator('section.tile').filter({ has: page.getByRole('heading', { name: title, exact: true }) })
}

/** The value of a number tile. */
export function number(page: Page, title: string): Locator {
  return tile(page, title).locator('.number-value')
}

/** The value with all its digits. */
export async function exact(value: Locator): Promise<string> {
  return (
    (await value
      .locator('[title]')
      .getAttribute('title', { timeout: 500 })
      .catch(() => null)) ?? value.innerText()
  )
}

/** An amount of euros as a British board writes it. */
export function money(text: string | null | undefined): string {
  const format = new Intl.NumberFormat('en-GB', { style: 'currency', currency: 'EUR' })
  return format.format((text ?? 'NaN') as Intl.StringNumericLiteral)
}
