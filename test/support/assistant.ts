import { pino } from 'pino'
import { type Configuration, type Environment, readSettings } from '../../src/config/settings.ts'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { type Account, accountOf } from '../../src/session/auth/account.ts'
import { openSession, type Session } from '../../src/session/session.ts'
import { logBy } from '../../src/shared/log.ts'
import type { Safeguards } from '../../src/tools/tool.ts'
import { safeguardsOf } from '../../src/tools/effects/safeguards.ts'
import { listingOf } from '../../src/tools/schema.ts'
import { catalogueOf } from '../../src/tools/server/catalogue.ts'
import { openChannel } from '../../src/tools/server/in-process-client.ts'
import type { ServerOptions } from '../../src/tools/server/server.ts'
import { toolbox } from '../../src/tools/server/tool-registry.ts'
import type { Tool } from '../../src/tools/tool.ts'
import { environmentFor } from './environment.ts'

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

/** The server with its real session and the protocol, in this process. */
export interface Assistant {
  readonly call: (tool: string, args?: object, form?: 'text' | 'json') => Promise<Heard>
  readonly request: (method: string, params?: object) => Promise<Record<string, unknown>>
  readonly configuration: Configuration
  readonly log: string[]
  readonly close: () => Promise<void>
}

/** What an assistant reads in the result of a call. */
export function heardIn(raw: Record<string, unknown>): Heard {
  const content = raw['content'] as { text?: string }[]
  const meta = raw['_meta'] as Record<string, unknown> | undefined
  return {
    text: content.map(({ text = '' }) => text).join('\n'),
    isError: raw['isError'] === true,
    structured: raw['structuredContent'] as Heard['structured'],
    error: meta?.['qualys-mcp/error'] as Heard['error'],
    raw,
  }
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
      return heardIn(raw)
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
