import { type Configuration, type Environment, readSettings } from '../../src/config/settings.ts'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { type Account, accountOf } from '../../src/session/auth/account.ts'
import { openSession, type Session } from '../../src/session/session.ts'
import { openLog } from '../../src/shared/log.ts'
import type { CallTimes } from '../../src/tools/approvals.ts'
import { safeguardsOf } from '../../src/tools/effects/safeguards.ts'
import { toJsonSchema } from '../../src/tools/schema.ts'
import { SentRuns } from '../../src/tools/sent-runs.ts'
import { catalogueOf } from '../../src/tools/server/catalogue.ts'
import { connectInProcess } from '../../src/tools/server/in-process-client.ts'
import type { ServerOptions } from '../../src/tools/server/server-options.ts'
import { toolRegistry } from '../../src/tools/server/tool-registry.ts'
import { localCaller, type Safeguards, type Tool } from '../../src/tools/tool.ts'
import { environmentFor } from './environment.ts'

/** The reply of one call as an assistant gets it. */
export interface ToolReply {
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
  /** The whole result. */
  readonly raw: Readonly<Record<string, unknown>>
}

/** The parts of a server, built as the program builds them, and a way to close it. */
export interface ServerParts {
  readonly options: ServerOptions
  readonly log: string[]
  readonly close: () => Promise<void>
}

/** Options that list and serve only these tools. */
export function optionsForTools(...tools: readonly Tool[]): Pick<ServerOptions, 'manifests' | 'loadTools'> {
  return {
    manifests: tools.map(({ input, run: _, ...rest }) => ({
      ...rest,
      tokens: 0,
      schema: toJsonSchema(input),
    })),
    loadTools: async () => new Map(tools.map((tool) => [tool.name, tool])),
  }
}

/** A call waits for a person not even half a second, since most of them wait in vain. */
export const shortTimes: CallTimes = { waitMs: 400, sendMs: 45_000 }

/** What a test may replace: how long a person may take to answer, the safeguards, the account. */
export interface ServerOverrides {
  readonly patience?: number
  readonly callTimes?: CallTimes
  readonly safeguards?: Safeguards
  readonly account?: Account
}

/** The parts of a server configured by an environment. */
export function buildServerParts(environment: Environment, overrides: ServerOverrides = {}): ServerParts {
  const { callTimes = shortTimes } = overrides
  const configuration = readSettings({}, environment)
  const { settings } = configuration
  const lines: string[] = []
  const redact = (text: string): string => session.redact(text)
  const log = openLog('debug', redact, (line) => lines.push(line.trimEnd()))
  const session: Session = openSession(settings, async () => overrides.account ?? accountOf(settings), log)
  const safeguards =
    overrides.safeguards ??
    safeguardsOf(settings, session.redact, { answerTimeout: overrides.patience, callTimes })
  return {
    options: {
      ...catalogueOf(settings),
      loadTools: async () => toolRegistry,
      redact: session.redact,
      openSession: async () => session,
      safeguards,
      hostCounts: new Map(),
      sentRuns: new SentRuns(),
      caller: localCaller,
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

/** A client of a server in this process, with the real session and the protocol between them. */
export interface Assistant {
  readonly call: (tool: string, args?: object, form?: 'text' | 'json') => Promise<ToolReply>
  readonly request: (method: string, params?: object) => Promise<Record<string, unknown>>
  readonly configuration: Configuration
  readonly log: string[]
  readonly close: () => Promise<void>
}

/** Reads the result of a call as an assistant does. */
export function readToolReply(raw: Record<string, unknown>): ToolReply {
  const content = raw['content'] as { text?: string }[]
  const meta = raw['_meta'] as Record<string, unknown> | undefined
  return {
    text: content.map(({ text = '' }) => text).join('\n'),
    isError: raw['isError'] === true,
    structured: raw['structuredContent'] as ToolReply['structured'],
    error: meta?.['qualys-mcp/error'] as ToolReply['error'],
    raw,
  }
}

/** Connects an assistant to a server configured by an environment. */
export async function openAssistant(
  environment: Environment,
  overrides: ServerOverrides = {},
): Promise<Assistant> {
  const { options, log, close } = buildServerParts(environment, overrides)
  const { configuration } = options
  const channel = await connectInProcess(options)
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
      return readToolReply(raw)
    },
    close: async () => {
      await channel.close()
      await close()
    },
  }
}

/** An assistant on the sandbox. */
export function openAssistantOn(sandbox: Sandbox, extra: Environment = {}): Promise<Assistant> {
  return openAssistant(environmentFor(sandbox, extra))
}
