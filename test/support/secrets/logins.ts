import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Environment } from '../../../src/config/settings.ts'
import { canary } from '../canary.ts'
import { type Call, everything } from '../every-call.ts'
import { testOn } from '../fixtures.ts'
import { leakSearch } from '../leak-search.ts'
import type { TestSandbox } from '../sandbox.ts'
import type { RawServer } from '../stdio/raw-server.ts'
import { cutEchoes, type Echo, echoes } from './echoes.ts'
import { tokenOf } from './holder.ts'

// Servers that log in in each of the ways there are, and answers that hold the secret of that way.

export const hidden = canary('hidden')
const proxy = canary('proxy')
/** As odd as a header may be. */
const inHeader = canary('header').replace('ü', '~')

interface Place {
  readonly sandbox: TestSandbox
  readonly folder: string
  /** A token that the sandbox takes. */
  readonly token: string
}

/** A way to log in: its secret, its settings, and the route of its login. */
export interface Login {
  readonly name: string
  readonly secret: (place: Place) => string
  readonly settings: (place: Place) => Environment
  readonly route: string
}

/** Settings of a server on a sandbox whose secrets are searched for; effects are sent as reads are. */
export const settingsAt = ({ sandbox, folder }: Omit<Place, 'token'>, extra: Environment): Environment => ({
  QUALYS_GATEWAY_URL: sandbox.gatewayUrl,
  QUALYS_API_URL: sandbox.apiUrl,
  QUALYS_MAX_WAIT_SECONDS: '0',
  QUALYS_CONCURRENCY: '16',
  ...everything,
  QUALYS_STATE_DIR: folder,
  HTTPS_PROXY: `http://operator:${encodeURIComponent(proxy)}@127.0.0.1:1`,
  ...extra,
})

function file(folder: string, name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text, { mode: 0o600 })
  return path
}

export const logins: readonly Login[] = [
  {
    name: 'a password',
    secret: () => hidden,
    settings: (place) => settingsAt(place, { QUALYS_USERNAME: 'operator', QUALYS_PASSWORD: hidden }),
    route: 'POST /auth',
  },
  {
    name: 'a client secret, which is sent in a header',
    secret: () => inHeader,
    settings: (place) =>
      settingsAt(place, {
        QUALYS_CLIENT_ID: 'operator',
        QUALYS_CLIENT_SECRET_FILE: file(place.folder, 'client', `${inHeader}\n`),
      }),
    route: 'POST /auth/oidc',
  },
  {
    name: 'a token file',
    secret: ({ token }) => token,
    settings: (place) => settingsAt(place, { QUALYS_TOKEN_FILE: file(place.folder, 'token', place.token) }),
    route: 'POST /auth',
  },
]

/** What of the secrets of a login is in a text. */
export const searchFor = (login: Login, place: Place): ((text: string) => string[]) =>
  leakSearch([login.secret(place), place.token, proxy])

/** A fault by which the login succeeds, whatever the secret is. */
export const loggedIn = (route: string, token: string) => ({ route, kind: 'reply', status: 201, body: token })

/** Answers that hold the secret of a login, whole and cut. */
export function secretAnswers(login: Login, place: Place): readonly Echo[] {
  return [...echoes(login.secret(place)), ...cutEchoes(login.secret(place))]
}

/**
 * Makes these calls in both forms under each of these answers. Says which answers came through, and in how many replies
 * a secret was taken out.
 */
export async function callUnder(
  server: RawServer,
  login: Login,
  place: Place,
  calls: readonly Call[],
  answers: readonly Echo[],
): Promise<{ readonly found: Record<string, string>; readonly redacted: number }> {
  const search = searchFor(login, place)
  const found: Record<string, string> = {}
  let redacted = 0
  for (const [label, fault] of answers) {
    await place.sandbox.control.faults([loggedIn(login.route, place.token), { ...fault, route: '*' }])
    const replies = calls.flatMap(([tool, args]) =>
      ['text', 'json'].map(async (form) => {
        const params = { name: tool, arguments: args, _meta: { 'qualys-mcp/reply': form } }
        const line = await server.line('tools/call', params)
        if (line.includes('[secret]')) redacted++
        return search(line).length > 0 ? [`${tool} as ${form}`] : []
      }),
    )
    const leaking = (await Promise.all(replies)).flat()
    if (leaking.length > 0) found[label] = `${leaking.length} of ${replies.length}, e.g. ${leaking[0]}`
  }
  return { found, redacted }
}

/** A `test` with a sandbox, a folder and a token. */
export const test = testOn({ jobs: 100 }).extend<{ readonly place: Place }>({
  place: async ({ sandbox }, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'qualys-logins-'))
    await use({ sandbox, folder, token: await tokenOf(sandbox) })
    rmSync(folder, { recursive: true })
  },
})
