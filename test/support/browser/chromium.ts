import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

/** Where Debian's package puts it. */
const debianPath = '/usr/bin/chromium'

/** The path of the browser. An error says in one sentence how to install it. */
export function chromiumPath(env: NodeJS.ProcessEnv = process.env): string {
  const path = env['CHROMIUM_PATH'] ?? debianPath
  if (existsSync(path)) return path
  throw new Error(
    `There is no Chromium at ${path}: run "sudo apt-get install chromium fonts-dejavu-core", or set CHROMIUM_PATH to the path of a Chromium or Chrome.`,
  )
}

/** A name that somebody else has lead to this machine, as DNS rebinding does. */
export const reboundName = 'rebound.example'

const ownNames = ['localhost', '127.0.0.1', '::1']

/** Which names lead where: the first rule that fits holds. */
const nameRules = [
  ...ownNames.map((name) => `EXCLUDE ${name}`),
  `MAP ${reboundName} 127.0.0.1`,
  'MAP * ~NOTFOUND',
]

/** A Chromium without a window, for which there is no machine but this one. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath(),
    // Chromium's sandbox refuses to start as root.
    chromiumSandbox: process.getuid?.() !== 0,
    args: [`--host-resolver-rules=${nameRules.join(', ')}`],
  })
}
