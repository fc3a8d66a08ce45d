import type { Browser } from 'playwright-core'
import { test as plain } from 'vitest'
import { launchChromium } from './chromium.ts'
import { openProfile, type Profile, type View } from './profile.ts'

/** The fixtures of a test in a browser. */
export interface BrowserFixtures {
  /** One for all tests of a file. */
  readonly browser: Browser
  /** Opens a new profile, which ends with the test. */
  readonly open: (options?: { readonly view?: View; readonly javaScript?: boolean }) => Promise<Profile>
}

/** A `test` in Chromium. It fails where there is none: nothing else shows that people can approve. */
export const browserTest = plain.extend<BrowserFixtures>({
  browser: [
    // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern which fixtures are needed
    async ({}, use) => {
      const browser = await launchChromium()
      await use(browser)
      await browser.close()
    },
    { scope: 'file' },
  ],
  open: async ({ browser }, use) => {
    const profiles: Profile[] = []
    await use(async (options) => {
      const profile = await openProfile(browser, options)
      profiles.push(profile)
      return profile
    })
    await Promise.all(profiles.map(({ context }) => context.close()))
  },
})
