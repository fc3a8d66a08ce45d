import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { logBy } from '../src/log.ts'
import { type Sandbox, type SandboxOptions, startSandbox } from '../src/sandbox/sandbox.ts'
import { Secret } from '../src/secrets.ts'
import type { Account } from '../src/session/account.ts'
import { accountOf } from '../src/session/account.ts'
import { openSession, type Session } from '../src/session/session.ts'
import { type Configuration, type Environment, readSettings, type Settings } from '../src/settings.ts'
import { catalogueOf } from '../src/tools/catalogue.ts'
import { openChannel } from '../src/tools/channel.ts'
import { type Safeguards, safeguardsOf } from '../src/tools/effects/safeguards.ts'
import { listingOf } from '../src/tools/schema.ts'
import type { ServerOptions } from '../src/tools/server.ts'
import type { Tool } from '../src/tools/tool.ts'
import { toolbox } from '../src/tools/toolbox.ts'

/** A request as the sandbox saw it. */
export interface Seen {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly status: number
}

/** The strings and knobs of a running sandbox, pulled over HTTP as any test program could. */
export interface Control {
  readonly requests: () => Promise<Seen[]>
  readonly forget: () => Promise<void>
  readonly faults: (faults: readonly object[]) => Promise<void>
  readonly knobs: (knobs: object) => Promise<void>
  readonly revoke: () => Promise<void>
  readonly truth: (collection: string) => Promise<Record<string, unknown>[]>
  /** Faults off, knobs at their defaults, nothing seen. */
  readonly reset: () => Promise<void>
}

function controlOf(origin: string): Control {
  const ask = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${origin}/_sandbox/${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`)
    return response.json()
  }
  const done = async (...calls: Promise<unknown>[]): Promise<void> => void (await Promise.all(calls))
  return {
    requests: async () => (await ask('GET', 'requests')) as Seen[],
    forget: () => done(ask('DELETE', 'requests')),
    faults: (faults) => done(ask('PUT', 'faults', faults)),
    knobs: (knobs) => done(ask('PATCH', 'knobs', knobs)),
    revoke: () => done(ask('POST', 'revoke')),
    truth: async (collection) => (await ask('GET', `truth/${collection}`)) as Record<string, unknown>[],
    reset: () => done(ask('DELETE', 'faults'), ask('DELETE', 'knobs'), ask('DELETE', 'requests')),
  }
}

/** A sandbox of one's own on a free port. */
export async function openSandbox(
  options: SandboxOptions = {},
): Promise<Sandbox & { readonly control: Control }> {
  const sandbox = await startSandbox(options)
  return { ...sandbox, control: controlOf(sandbox.gatewayUrl) }
}

/** Calls that wait for a person are kept here, not in the home of whoever runs the tests. */
const stateDir = join(tmpdir(), `qualys-mcp-test-${process.pid}`)

/** The environment that points the program at a sandbox by its addresses, as an operator would. */
export function environmentFor(sandbox: Sandbox, extra: Environment = {}): Environment {
  return {
    QUALYS_GATEWAY_URL: sandbox.gatewayUrl,
    QUALYS_API_URL: sandbox.apiUrl,
    QUALYS_USERNAME: sandbox.username,
    QUALYS_PASSWORD: sandbox.password,
    QUALYS_MAX_WAIT_SECONDS: '5',
    QUALYS_STATE_DIR: stateDir,
    ...extra,
  }
}

/** Settings as the program itself would read them. */
export function settingsFrom(environment: Environment): Settings {
  return readSettings({}, environment).settings
}

/** The real session on a sandbox, over HTTP. */
export function sessionOn(sandbox: Sandbox, extra: Environment = {}): Session {
  const settings = settingsFrom(environmentFor(sandbox, extra))
  return openSession(settings, async () => accountOf(settings))
}

/** A password account on a sandbox, for the parts below the session. */
export function accountOn(sandbox: Sandbox, password = sandbox.password): Account {
  const { gatewayUrl, apiUrl, username } = sandbox
  return {
    platform: 'test',
    gatewayUrl,
    apiUrl,
    credentials: { kind: 'password', username, password: new Secret(password) },
    sandbox: false,
  }
}

/** What an assistant gets of one call. */
export interface Heard {
  readonly text: string
  readonly isError: boolean
  readonly structured: {
    readonly summary: string
    readonly rows: Record<string, unknown>[]
    readonly returned: number
    readonly total?: number
    readonly continuationToken?: string
    readonly note?: string
  }
  readonly error: Readonly<Record<string, unknown>> | undefined
  /** The whole result, for looking into. */
  readonly raw: Readonly<Record<string, unknown>>
}

/** What a server is built of, as the program builds it, and how to end it. */
export interface Parts {
  readonly options: ServerOptions
  readonly log: string[]
  readonly close: () => Promise<void>
}

/** Lists and serves these tools alone, as a test builds them. */
export function serving(...tools: readonly Tool[]): Pick<ServerOptions, 'listings' | 'toolbox'> {
  return {
    listings: tools.map(({ input, run: _, ...rest }) => ({ ...rest, schema: listingOf(input) })),
    toolbox: async () => new Map(tools.map((tool) => [tool.name, tool])),
  }
}

/** Where a test is not the program: how long a person may take, whose seals are used, which account acts. */
export interface Otherwise {
  readonly patience?: number
  readonly safeguards?: Safeguards
  readonly account?: Account
}

/** The parts of a server configured by an environment. */
export function partsOf(environment: Environment, otherwise: Otherwise = {}): Parts {
  const configuration = readSettings({}, environment)
  const { settings } = configuration
  const lines: string[] = []
  const redact = (text: string): string => session.redact(text)
  const log = logBy(pino, 'debug', redact, (line) => lines.push(line.trimEnd()))
  const session: Session = openSession(settings, async () => otherwise.account ?? accountOf(settings), log)
  const safeguards = otherwise.safeguards ?? safeguardsOf(settings, session.redact, otherwise.patience)
  return {
    options: {
      ...catalogueOf(settings),
      toolbox: async () => toolbox,
      session,
      safeguards,
      configuration,
      log,
    },
    log: lines,
    close: async () => {
      await session.close()
      safeguards.audit?.close()
    },
  }
}

/** Requests by which something was to be changed: neither a login, nor a search, nor a look. */
export async function effectsAt({ requests }: Control): Promise<Seen[]> {
  return (await requests()).filter(
    ({ method, path }) => method !== 'GET' && !path.endsWith('/search') && !path.startsWith('/auth'),
  )
}

/** The server with its real session and the protocol, in this process. */
export interface Assistant {
  readonly call: (tool: string, args?: object, form?: 'text' | 'json') => Promise<Heard>
  readonly request: (method: string, params?: object) => Promise<Record<string, unknown>>
  readonly configuration: Configuration
  readonly log: string[]
  readonly close: () => Promise<void>
}

/** Connects an assistant to a server configured by an environment. */
export async function openAssistant(environment: Environment, otherwise: Otherwise = {}): Promise<Assistant> {
  const { options, log, close } = partsOf(environment, otherwise)
  const { configuration } = options
  const channel = await openChannel(options)
  return {
    configuration,
    log,
    request: (method, params = {}) => channel.request(method, { ...params }),
    call: async (name, args = {}, form = 'text') => {
      const raw = await channel.request('tools/call', {
        name,
        arguments: args,
        _meta: { 'qualys-mcp/reply': form },
      })
      const content = raw['content'] as { text?: string }[]
      const meta = raw['_meta'] as Record<string, unknown> | undefined
      return {
        text: content.map(({ text = '' }) => text).join('\n'),
        isError: raw['isError'] === true,
        structured: raw['structuredContent'] as Heard['structured'],
        error: meta?.['qualys-mcp/error'] as Heard['error'],
        raw,
      }
    },
    close: async () => {
      await channel.close()
      await close()
    },
  }
}

/** The assistant on a sandbox. */
export function assistantOn(sandbox: Sandbox, extra: Environment = {}): Promise<Assistant> {
  return openAssistant(environmentFor(sandbox, extra))
}

/** A secret that occurs nowhere by chance, with characters that encodings change. */
export function canary(name: string): string {
  return `canary+${name}&${randomBytes(6).toString('hex')}=/ü"`
}
