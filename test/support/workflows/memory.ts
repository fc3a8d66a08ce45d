import type { Environment } from '../../../src/config/settings.ts'
import type { Operation } from '../../../src/operations/operation.ts'
import { QualysError } from '../../../src/shared/errors.ts'
import { silentLog } from '../../../src/shared/log.ts'
import { oneLine } from '../../../src/shared/safe-text.ts'
import { redactJson } from '../../../src/shared/secrets.ts'
import { argumentReader } from '../../../src/tools/arguments/argument-reader.ts'
import { Progress } from '../../../src/tools/progress.ts'
import { type Reply, structureOf, textOf } from '../../../src/tools/replies/reply.ts'
import { SentRuns } from '../../../src/tools/sent-runs.ts'
import { toolOf } from '../../../src/tools/server/operation-tool.ts'
import {
  type Approver,
  localCaller,
  type Safeguards,
  type Tool,
  type ToolContext,
} from '../../../src/tools/tool.ts'
import type { ToolReply } from '../assistant.ts'
import { type Answer, type Answers, type SentRequest, sessionInMemory } from '../operations/memory.ts'

// Tools on a session with an upstream in memory: arguments are checked, the real session builds requests and reads
// answers, and the reply is formed as the server forms it. Only the network and the protocol are left out.

/** A canned answer. The first unused one of the route is given. */
export interface CannedAnswer extends Answer {
  /** `POST /sm/v2/jobs/search`; placeholders match anything. Without a route, it answers every request. */
  readonly route?: string
  /** How often it is given; always, if it is left out. */
  readonly times?: number
  /** Thrown instead, as the session's HTTP layer throws errors. */
  readonly error?: Error
}

const patternOf = (route: string): RegExp =>
  new RegExp(`^${route.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\w+\}/g, '[^/]+')}$`)

/** Canned answers by route, and the requests. */
export class Upstream {
  readonly sent: SentRequest[] = []
  #canned: { readonly canned: CannedAnswer; readonly pattern: RegExp; left: number }[] = []

  /** Replaces the answers, and clears the requests. */
  serve(...answers: readonly CannedAnswer[]): void {
    this.#canned = answers.map((canned) => ({
      canned,
      pattern: canned.route === undefined ? /^/ : patternOf(canned.route),
      left: canned.times ?? Number.POSITIVE_INFINITY,
    }))
    this.sent.length = 0
  }

  readonly answer: Answers = (sent) => {
    this.sent.push(sent)
    const place = `${sent.method} ${sent.path}`
    const found = this.#canned.find(({ pattern, left }) => left > 0 && pattern.test(place))
    if (!found) throw new Error(`there is no canned answer to ${place}`)
    found.left--
    if (found.canned.error) throw found.canned.error
    return found.canned
  }

  /** The JSON bodies that were sent. */
  get bodies(): Record<string, unknown>[] {
    return this.sent.map(({ body }) => JSON.parse(body))
  }
}

/** The reply of a call, as the server would send it. */
export type ToolOutcome = Pick<ToolReply, 'text' | 'isError' | 'structured' | 'error'>

/** Calls tools on one session. */
export interface ToolCaller {
  readonly call: (tool: Tool, args?: object, form?: 'text' | 'json') => Promise<ToolOutcome>
  /** The same without the check of the arguments, cancelled by a signal. */
  readonly run: (tool: Tool, args: object, signal: AbortSignal) => Promise<unknown>
  /** Every progress report: finished rows or hosts, and their total. */
  readonly progress: (readonly [done: number, total: number | undefined])[]
  readonly running: ToolContext
}

/** No person is asked, and no call is approved: reads need neither. */
const nobody = { approver: {} as Approver, safeguards: {} as Safeguards }

const failedOutcome = (text: string, error?: ToolOutcome['error']): ToolOutcome => ({
  text,
  isError: true,
  structured: undefined as unknown as ToolReply['structured'],
  error,
})

function toFailedOutcome(error: unknown): ToolOutcome {
  if (!(error instanceof QualysError)) throw error
  const { kind, details } = error
  const [message, next] = [error.message, error.next].map((text) => oneLine(text, 4_000))
  return failedOutcome(`${message} ${next}`.trim(), { kind, next, ...details })
}

/** Opens a session on canned answers, and calls tools on it. */
export function callerOn(answers: Answers, environment: Environment = {}): ToolCaller {
  const { session, configuration } = sessionInMemory(answers, environment)
  const progress: (readonly [number, number | undefined])[] = []
  const running: ToolContext = {
    session,
    configuration,
    log: silentLog,
    withheldTools: new Map(),
    products: new Set(['car', 'saq']),
    signal: new AbortController().signal,
    hostCounts: new Map(),
    sentRuns: new SentRuns(),
    progress: new Progress((done, total) => progress.push([done, total])),
    caller: localCaller,
    arrivedAt: performance.now(),
    ...nobody,
  }
  return {
    progress,
    running,
    run: (tool, args, signal) => tool.run({ ...args }, { ...running, signal }),
    call: async (tool, args = {}, form = 'text') => {
      const checked = await checkArguments(tool, args)
      if (typeof checked === 'string')
        return failedOutcome(`Input validation error: Invalid arguments for tool ${tool.name}: ${checked}`)
      try {
        const reply = redactJson((await tool.run(checked, running)) as Reply, session.redact)
        return {
          text: form === 'json' ? reply.summary : textOf(reply),
          isError: false,
          structured: (form === 'json' ? structureOf(reply) : undefined) as ToolReply['structured'],
          error: undefined,
        }
      } catch (error) {
        return redactJson(toFailedOutcome(error), session.redact)
      }
    },
  }
}

/** The arguments as the tool takes them, or the validation errors. */
async function checkArguments(tool: Tool, args: object): Promise<Readonly<Record<string, unknown>> | string> {
  const readArguments = argumentReader(async () => tool)
  const outcome = await readArguments(args)
  if (outcome.issues === undefined) return outcome.value
  return outcome.issues
    .map(({ path, message }) => (path.length > 0 ? `${path.map(String).join('.')}: ${message}` : message))
    .join(', ')
}

/** The tools of operations, by their operation, so that each is built once. */
const tools = new Map<Operation, Tool>()

/** The tool that an operation becomes. */
export function toolFor(operation: Operation): Tool {
  const tool = tools.get(operation) ?? toolOf(operation)
  tools.set(operation, tool)
  return tool
}
