import { MockAgent } from 'undici'
import { onTestFinished, vi } from 'vitest'
import { z } from 'zod'
import { type Environment, readSettings, type Settings } from '../../../src/config/settings.ts'
import { operations } from '../../../src/operations/index.ts'
import type { Input, Operation } from '../../../src/operations/operation.ts'
import { accountOf } from '../../../src/session/auth/account.ts'
import { Host } from '../../../src/session/http/host.ts'
import { openSession, type Session } from '../../../src/session/session.ts'
import { QualysError } from '../../../src/shared/errors.ts'
import { silentLog } from '../../../src/shared/log.ts'
import { oneLine } from '../../../src/shared/safe-text.ts'
import { redactJson } from '../../../src/shared/secrets.ts'
import { Progress } from '../../../src/tools/progress.ts'
import { type Reply, structureOf, textOf } from '../../../src/tools/replies/reply.ts'
import { SentRuns } from '../../../src/tools/sent-runs.ts'
import { toolRegistry } from '../../../src/tools/server/tool-registry.ts'
import type { ToolContext } from '../../../src/tools/tool.ts'

// Qualys in memory, for rules of the session and replies that need no server: undici passes each request to a
// function.

/** A request as it was sent. */
export interface SentRequest {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** An answer; a body that is not text is sent as JSON. */
export interface Answer {
  readonly status?: number
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** The answer to a request; `nth` counts from 1, without logins. An error breaks the connection. */
export type AnswerSource = Answer | ((sent: SentRequest, nth: number) => Answer | Error)

/** The token of every login, unless `login` says otherwise. */
export const memoryToken = 'header.payload.signature'

export const gatewayUrl = 'https://gateway.memory.example'
export const apiUrl = 'https://api.memory.example'

/** Settings of an account in memory: nothing waits, and every tool is listed. */
const usual: Environment = {
  QUALYS_GATEWAY_URL: gatewayUrl,
  QUALYS_API_URL: apiUrl,
  QUALYS_USERNAME: 'memory_ab1',
  QUALYS_PASSWORD: 'not the password',
  QUALYS_MAX_WAIT_SECONDS: '0',
  QUALYS_UNVERIFIED: 'all',
}

/** What an assistant sees of one call. */
export interface ShownReply {
  readonly text: string
  readonly isError: boolean
  readonly error: Readonly<Record<string, unknown>> | undefined
  readonly structured: ReturnType<typeof structureOf>
}

/** A session on Qualys in memory. */
export interface QualysInMemory {
  readonly session: Session
  readonly settings: Settings
  /** All requests but logins. */
  readonly sent: SentRequest[]
  readonly logins: SentRequest[]
  /** The reply of a tool to one call, as the server shows it. */
  readonly call: (tool: string, args?: Input) => Promise<ShownReply>
}

export interface MemoryOptions {
  readonly extra?: Environment
  /** Answers logins at the gateway. */
  readonly login?: AnswerSource
}

const bytesOf = (body: unknown): Buffer | string =>
  typeof body === 'string' || Buffer.isBuffer(body) ? body : body === undefined ? '' : JSON.stringify(body)

interface InterceptedRequest {
  readonly path: string
  readonly method: string
  readonly headers?: unknown
  readonly body?: unknown
}

function sentOf({ path, method, headers, body }: InterceptedRequest): SentRequest {
  const url = new URL(path, gatewayUrl)
  return {
    method,
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: Object.fromEntries(
      Object.entries(headers as Record<string, string>).map(([name, value]) => [name.toLowerCase(), value]),
    ),
    body: typeof body === 'string' ? body : '',
  }
}

/** Passes every request of a session to these functions, until the test ends. */
function intercept(answering: AnswerSource, login: AnswerSource): Pick<QualysInMemory, 'sent' | 'logins'> {
  const [sent, logins]: [SentRequest[], SentRequest[]] = [[], []]
  const agent = new MockAgent()
  agent.disableNetConnect()
  for (const origin of [gatewayUrl, apiUrl])
    for (const method of ['GET', 'POST', 'PATCH', 'DELETE'])
      agent
        .get(origin)
        .intercept({ path: () => true, method })
        .reply((asked) => {
          const one = sentOf(asked)
          const isLogin = one.path.startsWith('/auth')
          const list = isLogin ? logins : sent
          list.push(one)
          const by = isLogin ? login : answering
          const answer = typeof by === 'function' ? by(one, list.length) : by
          if (answer instanceof Error) throw answer
          const { status = 200, headers = {} } = answer
          return { statusCode: status, data: bytesOf(answer.body), responseOptions: { headers } }
        })
        .persist()
  const spy = vi.spyOn(Host.prototype, 'agent').mockResolvedValue(agent)
  onTestFinished(() => spy.mockRestore())
  return { sent, logins }
}

/** Qualys in memory, and a session on it, until the test ends. */
export function openInMemory(answering: AnswerSource, options: MemoryOptions = {}): QualysInMemory {
  const { extra = {}, login = { status: 201, body: memoryToken } } = options
  const configuration = readSettings({}, { ...usual, ...extra })
  const { settings } = configuration
  const { sent, logins } = intercept(answering, login)
  const session = openSession(settings, async () => accountOf(settings))
  const running = {
    session,
    configuration,
    log: silentLog,
    withheldTools: new Map(),
    products: new Set(['car', 'saq']),
    hostCounts: new Map(),
    sentRuns: new SentRuns(),
    progress: new Progress(() => undefined),
  } as unknown as ToolContext
  return { session, settings, sent, logins, call: (tool, args = {}) => showReply(tool, args, running) }
}

async function showReply(name: string, args: Input, running: ToolContext): Promise<ShownReply> {
  const tool = toolRegistry.get(name)
  if (!tool) throw new Error(`there is no tool ${name}`)
  const { redact } = running.session
  const { signal } = new AbortController()
  try {
    const reply = (await tool.run(z.strictObject(tool.input).parse(args), { ...running, signal })) as Reply
    return redactJson(
      { text: textOf(reply), isError: false, error: undefined, structured: structureOf(reply) },
      redact,
    )
  } catch (error) {
    if (!(error instanceof QualysError)) throw error
    const { kind, details } = error
    const [message, next] = [error.message, error.next].map((text) => oneLine(text, 4_000))
    const shownError = { text: `${message} ${next}`.trim(), isError: true, error: { kind, next, ...details } }
    return { ...redactJson(shownError, redact), structured: { summary: '', rows: [], returned: 0 } }
  }
}

/** An operation by its name. */
export function operationNamed(name: string): Operation {
  const found = operations.find((operation) => operation.name === name)
  if (!found) throw new Error(`no operation is called ${name}`)
  return found
}
