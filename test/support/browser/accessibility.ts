import axe from 'axe-core'
import type { Page } from 'playwright-core'

/** The rules of WCAG 2.2 at levels A and AA. */
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

const options = JSON.stringify({ runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] })

/** What axe finds wrong on a page as it is now: one line for each element. */
export async function accessibilityFaults(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source)
  const { violations, passes } = await page.evaluate<axe.AxeResults>(`axe.run(document, ${options})`)
  if (passes.length === 0) throw new Error('axe has checked nothing.')
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target }) => `${id}: ${help} (${target.join(' ')})`),
  )
}
