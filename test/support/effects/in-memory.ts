import type { ServerContext } from '@modelcontextprotocol/server'
import { z } from 'zod'
import type { Environment } from '../../../src/config/settings.ts'
import { readSettings } from '../../../src/config/settings.ts'
import { operations } from '../../../src/operations/index.ts'
import type { Input, Operation } from '../../../src/operations/operation.ts'
import type { Pace } from '../../../src/shared/clock.ts'
import { QualysError } from '../../../src/shared/errors.ts'
import { silent } from '../../../src/shared/log.ts'
import type { Person, Question } from '../../../src/tools/tool.ts'
import { perform } from '../../../src/tools/effects/perform.ts'
import type { Safeguards } from '../../../src/tools/tool.ts'
import { type Reply, textOf } from '../../../src/tools/replies/reply.ts'
import type { Running } from '../../../src/tools/tool.ts'
import { hurried } from './clock.ts'
import { MemorySession, type Replies } from './memory-session.ts'

// Effects against answers in memory: the rules of preview, limits and reply, without a server.

/** Declared operations with an effect, in reading order. */
export const effects: readonly Operation[] = operations.filter(({ effect }) => effect !== 'read')

export function operationNamed(name: string): Operation {
  const found = operations.find((operation) => operation.name === name)
  if (!found) throw new Error(`no operation is named ${name}`)
  return found
}

/** Arguments as the schema of the tool leaves them. */
export function validated(operation: Operation, args: object): Input {
  return z.strictObject(operation.input).parse(args)
}

/** Somebody who can be asked, and has not answered. */
export const askable: Person = { reachable: true, modern: true, context: {} as ServerContext }

/** Questions are put, and no answer is one. */
const neverAnswered = { seal: async () => 'a state', open: async () => false }

const safeguards = {
  seals: neverAnswered as unknown as Safeguards['seals'],
  patienceMs: 1_000,
  stateDir: '/nowhere',
  audit: undefined,
}

/** What a call runs with. */
export function runningOn(
  session: MemorySession,
  environment: Environment = {},
  more: Partial<Running> = {},
): Running {
  return {
    session: session.asSession,
    configuration: readSettings({}, environment),
    safeguards,
    log: silent,
    withheld: new Map(),
    products: new Set(['car', 'saq']),
    signal: new AbortController().signal,
    progress: () => undefined,
    person: askable,
    ...more,
  }
}

/** One call of an effect. */
export function performed(
  session: MemorySession,
  tool: string,
  args: object,
  running: Running = runningOn(session),
  pace: Pace = hurried(),
): Promise<Reply | Question> {
  const operation = operationNamed(tool)
  return perform(operation, validated(operation, args), running, pace)
}

/** What a person is shown before a call. */
export async function previewIn(replies: Replies, tool: string, args: object): Promise<string> {
  const session = new MemorySession(replies)
  const outcome = await performed(session, tool, args)
  if (!('question' in outcome)) throw new Error(`${tool} was not asked about`)
  return outcome.question
}

/** How a call came out. */
export interface Outcome {
  /** How often the effect was sent. */
  readonly sent: number
  /** What the assistant reads. */
  readonly text: string
  readonly kind: string | undefined
}

const sentence = (error: unknown): { readonly text: string; readonly kind: string } => {
  if (!(error instanceof QualysError)) throw error
  return { text: `${error.message} ${error.next}`, kind: error.kind }
}

/** A call in mode unattended. */
export async function unattendedCall(
  session: MemorySession,
  tool: string,
  args: object,
  environment: Environment = {},
): Promise<Outcome> {
  const running = runningOn(session, { QUALYS_MODE: 'unattended', ...environment })
  const before = session.times(tool)
  const said = await performed(session, tool, args, running).then(
    (reply) => ({ text: textOf(reply as Reply), kind: undefined }),
    sentence,
  )
  return { ...said, sent: session.times(tool) - before }
}

/**
 * A call without questions, and one that a person would be asked about: a limit is the same in both, and what it
 * forbids is not even asked about.
 */
export async function attempted(
  replies: Replies,
  tool: string,
  args: object,
  limits: Environment = {},
): Promise<Outcome> {
  const free = await unattendedCall(new MemorySession(replies), tool, args, limits)
  const asking = new MemorySession(replies)
  const asked = await performed(asking, tool, args, runningOn(asking, limits)).then(
    (outcome) => ('question' in outcome ? 1 : 0),
    (error: unknown) => (sentence(error).text === free.text ? 0 : Number.NaN),
  )
  if (asked !== free.sent)
    throw new Error(`sent ${free.sent} times, asked about ${asked} times: ${free.text}`)
  return free
}
