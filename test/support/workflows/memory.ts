import type { Environment } from '../../../src/config/settings.ts'
import type { Operation } from '../../../src/operations/operation.ts'
import { QualysError } from '../../../src/shared/errors.ts'
import { silent } from '../../../src/shared/log.ts'
import { oneLine } from '../../../src/shared/safe-text.ts'
import { redacted } from '../../../src/shared/secrets.ts'
import type { Person } from '../../../src/tools/tool.ts'
import type { Safeguards } from '../../../src/tools/tool.ts'
import { type Reply, structureOf, textOf } from '../../../src/tools/replies/reply.ts'
import { argumentSchema } from '../../../src/tools/schema.ts'
import { toolOf } from '../../../src/tools/server/operation-tool.ts'
import type { Running, Tool } from '../../../src/tools/tool.ts'
import type { Heard } from '../assistant.ts'
import { type Answer, type Answers, type Sent, sessionInMemory } from '../operations/memory.ts'

// Tools on a session whose upstream is in memory: arguments are checked, the real session builds requests and reads
// answers, and the reply is formed as the server forms it. Only the network and the protocol are left out.

/** A canned answer. The first one of the route that is not used up is given. */
export interface Canned extends Answer {
  /** `POST /sm/v2/jobs/search`; holes fit anything. Without one, it answers every request. */
  readonly route?: string
  /** Given so often; always, where it is left out. */
  readonly times?: number
  /** Thrown instead, as the session's HTTP layer throws what is no answer. */
  readonly error?: Error
}

const patternOf = (route: string): RegExp =>
  new RegExp(`^${route.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\w+\}/g, '[^/]+')}$`)

/** Canned answers by route, and what was asked for. */
export class Upstream {
  readonly sent: Sent[] = []
  #canned: { readonly canned: Canned; readonly pattern: RegExp; left: number }[] = []

  /** From now on these are the answers, and nothing was asked. */
  serve(...answers: readonly Canned[]): void {
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

/** What a call brought, as the server would tell it. */
export type Called = Pick<Heard, 'text' | 'isError' | 'structured' | 'error'>

/** Calls tools on one session. */
export interface Caller {
  readonly call: (tool: Tool, args?: object, form?: 'text' | 'json') => Promise<Called>
  /** The same without the check of the arguments, cancelled by a signal. */
  readonly run: (tool: Tool, args: object, signal: AbortSignal) => Promise<unknown>
  /** Every progress report: rows or hosts done, and of how many. */
  readonly progress: (readonly [done: number, total: number | undefined])[]
  readonly running: Running
}

/** Nobody is asked, and nothing is approved: reads need neither. */
const nobody = { person: {} as Person, safeguards: {} as Safeguards }

const refused = (text: string, error?: Called['error']): Called => ({
  text,
  isError: true,
  structured: undefined as unknown as Heard['structured'],
  error,
})

function failed(error: unknown): Called {
  if (!(error instanceof QualysError)) throw error
  const { kind, details } = error
  const [message, next] = [error.message, error.next].map((text) => oneLine(text, 4_000))
  return refused(`${message} ${next}`.trim(), { kind, next, ...details })
}

/** Opens a session on some answers, and calls tools on it. */
export function callerOn(answers: Answers, environment: Environment = {}): Caller {
  const { session, configuration } = sessionInMemory(answers, environment)
  const progress: (readonly [number, number | undefined])[] = []
  const running: Running = {
    session,
    configuration,
    log: silent,
    withheld: new Map(),
    products: new Set(['car', 'saq']),
    signal: new AbortController().signal,
    progress: (done, total) => void progress.push([done, total]),
    ...nobody,
  }
  return {
    progress,
    running,
    run: (tool, args, signal) => tool.run({ ...args }, { ...running, signal }),
    call: async (tool, args = {}, form = 'text') => {
      const checked = await checkedBy(tool, args)
      if (typeof checked === 'string')
        return refused(`Input validation error: Invalid arguments for tool ${tool.name}: ${checked}`)
      try {
        const reply = redacted((await tool.run(checked, running)) as Reply, session.redact)
        return {
          text: form === 'json' ? reply.summary : textOf(reply),
          isError: false,
          structured: (form === 'json' ? structureOf(reply) : undefined) as Heard['structured'],
          error: undefined,
        }
      } catch (error) {
        return redacted(failed(error), session.redact)
      }
    },
  }
}

/** The arguments as the tool takes them, or what is wrong with them. */
async function checkedBy(tool: Tool, args: object): Promise<Readonly<Record<string, unknown>> | string> {
  const { '~standard': schema } = argumentSchema({ ...tool, schema: {} }, async () => tool.input)
  const outcome = await schema.validate(args)
  if (outcome.issues === undefined) return outcome.value
  return outcome.issues
    .map(({ path, message }) => (path.length > 0 ? `${path.map(String).join('.')}: ${message}` : message))
    .join(', ')
}

/** The tools of operations, by what they are made of; one tool for one operation. */
const tools = new Map<Operation, Tool>()

/** The tool that an operation becomes. */
export function toolFor(operation: Operation): Tool {
  const tool = tools.get(operation) ?? toolOf(operation)
  tools.set(operation, tool)
  return tool
}
