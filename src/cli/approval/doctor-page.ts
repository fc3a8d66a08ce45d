import type { Settings } from '../../config/settings.ts'
import { passkeysPath, stateDirOf } from '../../config/state-dir.ts'
import { SetupError } from '../../shared/errors.ts'
import { counted } from '../../shared/format.ts'
import { silentLog } from '../../shared/log.ts'
import type { CommandContext } from '../context.ts'
import { localPageFor } from '../setup/local-page.ts'

/** The addresses on which a browser may look for `localhost`. */
const addresses = ['[::1]', '127.0.0.1'] as const

/** A code that no call has. */
const noCode = 'AAAA-AAAA'

/** True if the page answers at an address as a browser asks for it. */
async function answersAt(address: string, port: number): Promise<boolean> {
  const { request } = await import('node:http')
  const host = address.replace(/^\[|\]$/g, '')
  return new Promise((resolve) => {
    const headers = { host: `localhost:${port}`, 'sec-fetch-mode': 'navigate' }
    const sent = request({ host, port, path: `/approve/${noCode}`, headers, timeout: 5_000 }, (response) => {
      response.resume()
      resolve(response.statusCode === 404)
    })
    sent.on('timeout', () => sent.destroy())
    sent.on('error', () => resolve(false))
    sent.end()
  })
}

/** How many passkeys count, and who may change that. */
async function passkeysText(settings: Settings): Promise<string> {
  const { openPasskeys } = await import('../../tools/effects/approval/page/passkeys/passkeys.ts')
  const passkeys = openPasskeys({ path: passkeysPath(settings), stateDir: stateDirOf(settings) })
  const keys = passkeys.list()
  const people = new Set(keys.map(({ person }) => person)).size
  const count =
    keys.length === 0
      ? 'no passkey'
      : `${counted(keys.length, 'passkey')} of ${people === 1 ? '1 person' : `${people} people`}`
  return `${count}${passkeys.mayWrite() ? ', in a file that this user may change' : ''}`
}

/** Opens the page once, and says whether a browser of this machine reaches it. Throws a SetupError that says why not. */
export async function pageText(context: CommandContext, settings: Settings): Promise<string> {
  // What waits is left alone: the page of the server that asked serves it.
  const page = localPageFor(context, { settings, log: silentLog })
  const address = new URL((await page.start())(noCode))
  const port = Number(address.port)
  const reached: string[] = []
  for (const one of addresses) if (await answersAt(one, port)) reached.push(one)
  if (reached.length === 0)
    throw new SetupError(
      `The approval page was opened at ${address.origin}, but does not answer there.`,
      'A firewall or a security program of this machine may close its ports: allow connections to loopback.',
    )
  const opening = (await page.hasBrowser())
    ? 'the program opens it by itself'
    : settings.openBrowser === 'never'
      ? 'a person opens the link, since QUALYS_OPEN_BROWSER is never'
      : 'a person opens the link, since this machine has no screen'
  return `${address.origin} answers on ${reached.join(' and ')}; ${opening}; ${await passkeysText(settings)}`
}
