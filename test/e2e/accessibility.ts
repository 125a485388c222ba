import axe from 'axe-core'
import type { Page } from 'playwright-core'

/** What axe finds on the page, each as one line: impact, rule, where. */
export async function findBarriers(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate<axe.AxeResults>('axe.run()')
  return violations.flatMap(({ id, impact, nodes }) =>
    nodes.map((node) => `${impact ?? 'minor'} ${id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`),
  )
}
