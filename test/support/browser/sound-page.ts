import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { accessibilityFaults } from './accessibility.ts'
import { type View, views } from './profile.ts'

/** By how many pixels the page is wider than the window. */
const overflowOf = (page: Page): Promise<number> =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')

/** Each theme once, wide and as narrow as a page has to be readable. */
const looks: Readonly<Record<string, View>> = {
  'light and wide': views.light,
  // 320: WCAG 2.2, 1.4.10.
  'dark and narrow': { theme: 'dark', width: 320 },
}

/** What is wrong with a page, a line each: rules of WCAG, and what is cut off at the side. */
async function faultsOf(page: Page): Promise<readonly string[]> {
  const faults: string[] = []
  for (const [name, { theme, width }] of Object.entries(looks)) {
    await page.emulateMedia({ colorScheme: theme })
    await page.setViewportSize({ width, height: 800 })
    const overflow = await overflowOf(page)
    if (overflow > 0) faults.push(`${name}: ${overflow} pixels are cut off`)
    for (const fault of await accessibilityFaults(page)) faults.push(`${name}: ${fault}`)
  }
  return faults
}

/** Nothing is wrong with the page in either theme, wide and narrow. */
export const expectSound = async (page: Page): Promise<void> => expect(await faultsOf(page)).toEqual([])
