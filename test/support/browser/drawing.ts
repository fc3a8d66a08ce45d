import { launchChromium } from './chromium.ts'
import { openProfile, takePicture, views } from './profile.ts'

/** A page as files: what a server would answer, by path. */
export interface PageFiles {
  /** The address that the browser believes in; nothing listens there. */
  readonly origin: string
  /** The path of the page itself. */
  readonly path: string
  readonly files: Readonly<Record<string, { readonly type: string; readonly body: string }>>
}

/** Draws a page in each view. An error names what the page asks for besides its files, and errors of its scripts. */
export async function drawPage({ origin, path, files }: PageFiles): Promise<ReadonlyMap<string, Buffer>> {
  const browser = await launchChromium()
  try {
    const pictures = new Map<string, Buffer>()
    for (const [name, view] of Object.entries(views)) {
      const { page, context, traffic } = await openProfile(browser, { view })
      await context.route('**/*', async (route) => {
        const file = files[route.request().url().replace(origin, '')]
        await (file ? route.fulfill({ contentType: file.type, body: file.body }) : route.abort())
      })
      await page.goto(`${origin}${path}`)
      pictures.set(name, await takePicture(page))
      if (traffic.errors.length > 0) throw new Error(`The page has errors: ${traffic.errors.join('; ')}`)
    }
    return pictures
  } finally {
    await browser.close()
  }
}
