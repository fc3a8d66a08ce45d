import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Environment } from '../../../src/config/settings.ts'
import { type Assistant, openAssistantOn } from '../assistant.ts'
import { canary } from '../canary.ts'
import { testOn } from '../fixtures.ts'
import { someJwt } from '../leak-search.ts'
import type { Control, TestSandbox } from '../sandbox.ts'
import { callOfEachKind, callOfEveryTool, type ToolCall, unattendedSettings } from '../tool-calls.ts'

// Fixtures of a server with every secret that a setting can hold.

export const password = canary('password')
export const clientSecret = canary('client')
export const proxyPassword = canary('proxy')

/** Every secret but the token; the sandbox knows neither the password nor the client secret. */
export const secretSettings = {
  QUALYS_PASSWORD: password,
  QUALYS_CLIENT_ID: 'client',
  QUALYS_CLIENT_SECRET: clientSecret,
  HTTPS_PROXY: `http://corp:${encodeURIComponent(proxyPassword)}@proxy.example.com:3128`,
  ...unattendedSettings,
  QUALYS_MAX_WAIT_SECONDS: '0',
  QUALYS_CONCURRENCY: '16',
} as const

/** A token that the sandbox accepts. */
export async function tokenOf({ gatewayUrl, username, password }: TestSandbox): Promise<string> {
  const body = new URLSearchParams({ username, password, token: 'true' })
  return (await fetch(`${gatewayUrl}/auth`, { method: 'POST', body })).text()
}

interface SecretFixtures {
  /** Emptied and removed after the test. */
  readonly folder: string
  /** The token in use. */
  readonly token: string
  /** Every secret, and a token file that the sandbox accepts. */
  readonly settings: Record<string, string>
  /** The same, with a token that the sandbox does not accept. */
  readonly refused: Record<string, string>
  /** A server with these secrets. */
  readonly secretServer: Assistant
}

/** A `test` with a sandbox, and a server with every secret. */
export const test = testOn({ jobs: 100 }).extend<SecretFixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern which fixtures are needed
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'qualys-secrets-'))
    await use(folder)
    rmSync(folder, { recursive: true })
  },
  token: async ({ sandbox }, use) => use(await tokenOf(sandbox)),
  settings: async ({ folder, token }, use) => use(withToken(folder, 'live', token)),
  refused: async ({ folder }, use) => use(withToken(folder, 'refused', someJwt)),
  secretServer: async ({ sandbox, settings }, use) => {
    const holder = await openAssistantOn(sandbox, settings)
    await use(holder)
    await holder.close()
  },
})

function withToken(folder: string, name: string, token: string): Record<string, string> {
  const file = join(folder, name)
  writeFileSync(file, token, { mode: 0o600 })
  return { ...secretSettings, QUALYS_TOKEN_FILE: file, QUALYS_EXPORT_DIR: join(folder, 'exports') }
}

type CallSelection = 'kinds' | 'every'
const cachedCalls: Readonly<Record<CallSelection, WeakMap<Control, Promise<readonly ToolCall[]>>>> = {
  kinds: new WeakMap(),
  every: new WeakMap(),
}

/** A call of one tool of each kind, or of every tool; built once, since each reset restores the same data. */
export function callsOn({ control }: TestSandbox, which: CallSelection): Promise<readonly ToolCall[]> {
  const calls =
    cachedCalls[which].get(control) ?? (which === 'kinds' ? callOfEachKind : callOfEveryTool)(control)
  cachedCalls[which].set(control, calls)
  return calls
}

/** Everything that these calls return, as text and as JSON, with the list of tools and the log. */
export async function collectOutput(assistant: Assistant, calls: readonly ToolCall[]): Promise<unknown[]> {
  const replies = await Promise.all(
    (['text', 'json'] as const).flatMap((form) =>
      calls.map(([tool, args]) => assistant.call(tool, args, form)),
    ),
  )
  return [...replies.map(({ raw }) => raw), await assistant.request('tools/list'), assistant.log]
}

/** A server with its own settings, for one use. */
export async function withSettings<T>(
  sandbox: TestSandbox,
  settings: Environment,
  use: (assistant: Assistant) => Promise<T>,
): Promise<T> {
  const assistant = await openAssistantOn(sandbox, settings)
  return use(assistant).finally(() => assistant.close())
}
