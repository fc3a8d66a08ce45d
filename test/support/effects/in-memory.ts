import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ServerContext } from '@modelcontextprotocol/server'
import { z } from 'zod'
import type { Environment } from '../../../src/config/settings.ts'
import { readSettings } from '../../../src/config/settings.ts'
import { operations } from '../../../src/operations/index.ts'
import {
  type EffectOperation,
  type Input,
  isEffect,
  type Operation,
} from '../../../src/operations/operation.ts'
import type { Clock } from '../../../src/shared/clock.ts'
import { QualysError } from '../../../src/shared/errors.ts'
import { silentLog } from '../../../src/shared/log.ts'
import { KeptAnswers } from '../../../src/tools/effects/approval/form/late-answers.ts'
import { Declines } from '../../../src/tools/effects/approval/pending/declines.ts'
import { Records } from '../../../src/tools/effects/approval/records.ts'
import { perform } from '../../../src/tools/effects/perform.ts'
import { usualTimes } from '../../../src/tools/effects/timing/call-times.ts'
import { ObjectTurns } from '../../../src/tools/effects/turns.ts'
import { Progress } from '../../../src/tools/progress.ts'
import { type Reply, textOf } from '../../../src/tools/replies/reply.ts'
import { SentRuns } from '../../../src/tools/sent-runs.ts'
import {
  type Approver,
  localCaller,
  type Question,
  type Safeguards,
  type ToolContext,
} from '../../../src/tools/tool.ts'
import { unusableStateDir } from '../approvals/state-folder.ts'
import { completeEffects } from '../operations/parts.ts'
import { instantClock } from './instant-clock.ts'
import { MemorySession, type Replies } from './memory-session.ts'

// Effects on answers in memory: the rules of preview, limits and reply, without a server.

/** The operations with an effect, in the order of the declarations. */
export const effects: readonly EffectOperation[] = completeEffects

export function operationNamed(name: string): Operation {
  const found = operations.find((operation) => operation.name === name)
  if (!found) throw new Error(`no operation is named ${name}`)
  return found
}

export function effectNamed(name: string): EffectOperation {
  const found = operationNamed(name)
  if (isEffect(found)) return found
  throw new Error(`${name} has no effect`)
}

/** Arguments as the schema of the tool leaves them. */
export function validated(operation: Operation, args: object): Input {
  return z.strictObject(operation.input).parse(args)
}

/** A person who can be asked, and has not answered. */
export const reachablePerson: Approver = {
  isReachable: true,
  opensAddresses: false,
  usesInputRequired: true,
  request: {} as ServerContext,
}

/** Questions are asked, and no answer is accepted. */
const neverAnswered = { issue: async () => 'a state', redeem: async () => false, voidOf: () => undefined }

/** Safeguards of a program that goes on. */
export const endless: Safeguards = {
  server: '00000000-0000-4000-8000-000000000000',
  declines: new Declines(unusableStateDir),
  turns: new ObjectTurns(),
  callTimes: usualTimes,
  lateAnswers: new KeptAnswers(1_000),
  requestStates: neverAnswered as unknown as Safeguards['requestStates'],
  answerTimeoutMs: 1_000,
  stateDir: unusableStateDir,
  audit: undefined,
  ending: new AbortController().signal,
  approvals: {
    usualWays: ['client', 'terminal'],
    records: new Records(),
    waitsAtOnce: false,
    passkeys: () => Promise.reject(new Error('there are no passkeys')),
    sealKey: Buffer.alloc(32),
  },
}

/** The context that a call runs with. */
export function toolContextOn(
  session: MemorySession,
  environment: Environment = {},
  more: Partial<ToolContext> = {},
): ToolContext {
  return {
    session: session.asSession,
    configuration: readSettings({}, environment),
    safeguards: endless,
    log: silentLog,
    withheldTools: new Map(),
    products: new Set(['car', 'saq']),
    signal: new AbortController().signal,
    hostCounts: new Map(),
    sentRuns: new SentRuns(),
    progress: new Progress(() => undefined),
    approver: reachablePerson,
    caller: localCaller,
    arrivedAt: performance.now(),
    ...more,
  }
}

/** One call of an effect. */
export async function performInMemory(
  session: MemorySession,
  tool: string,
  args: object,
  running: ToolContext = toolContextOn(session),
  clock: Clock = instantClock(),
): Promise<Reply | Question> {
  const operation = effectNamed(tool)
  const outcome = await perform(operation, validated(operation, args), running, clock)
  if ('waitingFor' in outcome) throw new Error(`${tool} waits for what a person decides elsewhere`)
  return outcome
}

/** Asks a person about a call, in a state folder that keeps it if its preview is too long for a form. */
async function askInMemory(
  session: MemorySession,
  tool: string,
  args: object,
  environment: Environment = {},
): Promise<Reply | Question> {
  const stateDir = mkdtempSync(join(tmpdir(), 'qualys-preview-'))
  try {
    const running = toolContextOn(session, environment, { safeguards: { ...endless, stateDir } })
    return await performInMemory(session, tool, args, running)
  } finally {
    rmSync(stateDir, { recursive: true })
  }
}

/** What a person is shown before a call. */
export async function previewIn(replies: Replies, tool: string, args: object): Promise<string> {
  const outcome = await askInMemory(new MemorySession(replies), tool, args)
  if (!('question' in outcome)) throw new Error(`${tool} was not asked about`)
  return outcome.question
}

/** The outcome of a call. */
export interface Outcome {
  /** How often the effect was sent. */
  readonly sent: number
  /** What the assistant reads. */
  readonly text: string
  readonly kind: string | undefined
}

const errorText = (error: unknown): { readonly text: string; readonly kind: string } => {
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
  const running = toolContextOn(session, { QUALYS_MODE: 'unattended', ...environment })
  const before = session.times(tool)
  const said = await performInMemory(session, tool, args, running).then(
    (reply) => ({ text: textOf(reply as Reply), kind: undefined }),
    errorText,
  )
  return { ...said, sent: session.times(tool) - before }
}

/**
 * An unattended call, and one that a person is asked about: a limit is the same in both, and a forbidden call is
 * refused before the question.
 */
export async function attemptInBothModes(
  replies: Replies,
  tool: string,
  args: object,
  limits: Environment = {},
): Promise<Outcome> {
  const free = await unattendedCall(new MemorySession(replies), tool, args, limits)
  const asked = await askInMemory(new MemorySession(replies), tool, args, limits).then(
    (outcome) => ('question' in outcome ? 1 : 0),
    (error: unknown) => (errorText(error).text === free.text ? 0 : Number.NaN),
  )
  if (asked !== free.sent)
    throw new Error(`sent ${free.sent} times, asked about ${asked} times: ${free.text}`)
  return free
}
