import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Environment } from '../../../src/config/settings.ts'
import { canary } from '../canary.ts'
import { testOn } from '../fixtures.ts'
import { leakSearch } from '../leak-search.ts'
import type { TestSandbox } from '../sandbox.ts'
import type { RawServer } from '../stdio/raw-server.ts'
import { type ToolCall, unattendedSettings } from '../tool-calls.ts'
import { cutEchoes, type Echo, echoes } from './echoes.ts'
import { tokenOf } from './fixtures.ts'

// Servers with each kind of login, and answers that contain the secret of that login.

export const hiddenSecret = canary('hidden')
const proxy = canary('proxy')
/** As unusual as a header may be. */
const inHeader = canary('header').replace('ü', '~')

interface LoginPlace {
  readonly sandbox: TestSandbox
  readonly folder: string
  /** A token that the sandbox accepts. */
  readonly token: string
}

/** A kind of login: its secret, its settings, and the route of its login. */
export interface Login {
  readonly name: string
  readonly secret: (place: LoginPlace) => string
  readonly settings: (place: LoginPlace) => Environment
  readonly route: string
}

/** Settings of a server on a sandbox, for searches for secrets; effects are sent without a question. */
export const settingsAt = (
  { sandbox, folder }: Omit<LoginPlace, 'token'>,
  extra: Environment,
): Environment => ({
  QUALYS_GATEWAY_URL: sandbox.gatewayUrl,
  QUALYS_API_URL: sandbox.apiUrl,
  QUALYS_MAX_WAIT_SECONDS: '0',
  QUALYS_CONCURRENCY: '16',
  ...unattendedSettings,
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
    secret: () => hiddenSecret,
    settings: (place) => settingsAt(place, { QUALYS_USERNAME: 'operator', QUALYS_PASSWORD: hiddenSecret }),
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

/** The parts of the secrets of a login in a text. */
export const searchFor = (login: Login, place: LoginPlace): ((text: string) => string[]) =>
  leakSearch([login.secret(place), place.token, proxy])

/** A fault under which the login succeeds, whatever the secret is. */
export const loggedIn = (route: string, token: string) => ({ route, kind: 'reply', status: 201, body: token })

/** Answers with the secret of a login, whole and truncated. */
export function secretAnswers(login: Login, place: LoginPlace): readonly Echo[] {
  return [...echoes(login.secret(place)), ...cutEchoes(login.secret(place))]
}

/**
 * Makes these calls in both forms under each of these answers. Returns which answers leaked a secret, and in how
 * many replies a secret was removed.
 */
export async function callUnder(
  server: RawServer,
  login: Login,
  place: LoginPlace,
  calls: readonly ToolCall[],
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
        if (line.includes('[masked-by-qualys-mcp]')) redacted++
        return search(line).length > 0 ? [`${tool} as ${form}`] : []
      }),
    )
    const leaking = (await Promise.all(replies)).flat()
    if (leaking.length > 0) found[label] = `${leaking.length} of ${replies.length}, e.g. ${leaking[0]}`
  }
  return { found, redacted }
}

/** A `test` with a sandbox, a folder and a token. */
export const test = testOn({ jobs: 100 }).extend<{ readonly place: LoginPlace }>({
  place: async ({ sandbox }, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'qualys-logins-'))
    await use({ sandbox, folder, token: await tokenOf(sandbox) })
    rmSync(folder, { recursive: true })
  },
})
