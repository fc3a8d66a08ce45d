import type { Browser, BrowserContext, Page } from 'playwright-core'
import { recordTraffic, type Traffic } from './traffic.ts'

/** How a page is looked at. */
export interface View {
  readonly theme: 'light' | 'dark'
  /** In CSS pixels. */
  readonly width: number
}

/** The views of which pictures are made. */
export const views = {
  light: { theme: 'light', width: 960 },
  dark: { theme: 'dark', width: 960 },
  narrow: { theme: 'light', width: 360 },
} as const satisfies Readonly<Record<string, View>>

/** A browser profile of its own: no cookie, no storage and no passkey is shared with another one. */
export interface Profile {
  readonly context: BrowserContext
  readonly page: Page
  readonly traffic: Traffic
}

/** Opens a profile with one empty page. What depends on the machine (time zone, language, pixels) is fixed. */
export async function openProfile(
  browser: Browser,
  { view = views.light, javaScript = true }: { readonly view?: View; readonly javaScript?: boolean } = {},
): Promise<Profile> {
  const context = await browser.newContext({
    colorScheme: view.theme,
    viewport: { width: view.width, height: 800 },
    deviceScaleFactor: 1,
    reducedMotion: 'reduce',
    locale: 'en-GB',
    timezoneId: 'UTC',
    javaScriptEnabled: javaScript,
  })
  const traffic = recordTraffic(context)
  return { context, page: await context.newPage(), traffic }
}

/** The whole page as a PNG. */
export function takePicture(page: Page): Promise<Buffer> {
  return page.screenshot({ fullPage: true, animations: 'disabled', caret: 'hide', scale: 'css' })
}
