import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Environment } from '../../../src/config/settings.ts'
import { type Assistant, assistantOn } from '../assistant.ts'
import { canary } from '../canary.ts'
import { type Call, callOfEachKind, everyCall, everything } from '../every-call.ts'
import { testOn } from '../fixtures.ts'
import { someJwt } from '../leak-search.ts'
import type { Control, TestSandbox } from '../sandbox.ts'

// Tests of a server that holds every secret that a setting may hold.

export const password = canary('password')
export const clientSecret = canary('client')
export const proxyPassword = canary('proxy')

/** Every secret but the token; the sandbox knows neither password nor client secret. */
export const secretSettings = {
  QUALYS_PASSWORD: password,
  QUALYS_CLIENT_ID: 'client',
  QUALYS_CLIENT_SECRET: clientSecret,
  HTTPS_PROXY: `http://corp:${encodeURIComponent(proxyPassword)}@proxy.example.com:3128`,
  ...everything,
  QUALYS_MAX_WAIT_SECONDS: '0',
  QUALYS_CONCURRENCY: '16',
} as const

/** A token that the sandbox takes. */
export async function tokenOf({ gatewayUrl, username, password }: TestSandbox): Promise<string> {
  const body = new URLSearchParams({ username, password, token: 'true' })
  return (await fetch(`${gatewayUrl}/auth`, { method: 'POST', body })).text()
}

interface Secrets {
  /** Emptied and removed with the test. */
  readonly folder: string
  /** The token in use. */
  readonly token: string
  /** Every secret, and a token file that the sandbox takes. */
  readonly settings: Record<string, string>
  /** The same, with a token that the sandbox does not take. */
  readonly refused: Record<string, string>
  /** A server that holds them. */
  readonly holder: Assistant
}

/** A `test` with a sandbox, and a server that holds every secret. */
export const test = testOn({ jobs: 100 }).extend<Secrets>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern which fixtures are needed
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'qualys-secrets-'))
    await use(folder)
    rmSync(folder, { recursive: true })
  },
  token: async ({ sandbox }, use) => use(await tokenOf(sandbox)),
  settings: async ({ folder, token }, use) => use(withToken(folder, 'live', token)),
  refused: async ({ folder }, use) => use(withToken(folder, 'refused', someJwt)),
  holder: async ({ sandbox, settings }, use) => {
    const holder = await assistantOn(sandbox, settings)
    await use(holder)
    await holder.close()
  },
})

function withToken(folder: string, name: string, token: string): Record<string, string> {
  const file = join(folder, name)
  writeFileSync(file, token, { mode: 0o600 })
  return { ...secretSettings, QUALYS_TOKEN_FILE: file, QUALYS_EXPORT_DIR: join(folder, 'exports') }
}

type Which = 'kinds' | 'every'
const found: Readonly<Record<Which, WeakMap<Control, Promise<readonly Call[]>>>> = {
  kinds: new WeakMap(),
  every: new WeakMap(),
}

/** A call of one tool of each kind, or of every tool; asked for once, for each reset brings the same data. */
export function callsOn({ control }: TestSandbox, which: Which): Promise<readonly Call[]> {
  const calls = found[which].get(control) ?? (which === 'kinds' ? callOfEachKind : everyCall)(control)
  found[which].set(control, calls)
  return calls
}

/** Everything that these calls are answered, as text and as JSON, with the list of tools and the log. */
export async function allSaid(assistant: Assistant, calls: readonly Call[]): Promise<unknown[]> {
  const replies = await Promise.all(
    (['text', 'json'] as const).flatMap((form) =>
      calls.map(([tool, args]) => assistant.call(tool, args, form)),
    ),
  )
  return [...replies.map(({ raw }) => raw), await assistant.request('tools/list'), assistant.log]
}

/** A server with settings of its own, for one use. */
export async function withSettings<T>(
  sandbox: TestSandbox,
  settings: Environment,
  use: (assistant: Assistant) => Promise<T>,
): Promise<T> {
  const assistant = await assistantOn(sandbox, settings)
  return use(assistant).finally(() => assistant.close())
}
