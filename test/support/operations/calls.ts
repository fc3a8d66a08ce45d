import { expect } from 'vitest'
import type { Environment } from '../../../src/config/settings.ts'
import { operations } from '../../../src/operations/index.ts'
import type { Operation } from '../../../src/operations/operation.ts'
import { type ErrorKind, QualysError } from '../../../src/shared/errors.ts'
import { silentLog } from '../../../src/shared/log.ts'
import { argumentReader } from '../../../src/tools/arguments/argument-reader.ts'
import { KeptAnswers } from '../../../src/tools/effects/approval/form/late-answers.ts'
import { Declines } from '../../../src/tools/effects/approval/pending/declines.ts'
import { Records } from '../../../src/tools/effects/approval/records.ts'
import { refuseSecrets } from '../../../src/tools/effects/policy/refuse-secrets.ts'
import { usualTimes } from '../../../src/tools/effects/timing/call-times.ts'
import { ObjectTurns } from '../../../src/tools/effects/turns.ts'
import { Progress } from '../../../src/tools/progress.ts'
import { type Reply, textOf } from '../../../src/tools/replies/reply.ts'
import { SentRuns } from '../../../src/tools/sent-runs.ts'
import { toolOf } from '../../../src/tools/server/operation-tool.ts'
import { toolRegistry } from '../../../src/tools/server/tool-registry.ts'
import { type Approver, localCaller, type Safeguards } from '../../../src/tools/tool.ts'
import { unusableStateDir } from '../approvals/state-folder.ts'
import { type Answers, type SentRequest, sessionInMemory } from './memory.ts'
import { changeRequestsIn, lookupAnswers } from './rows.ts'

// A tool call as the server makes it, without a server: checks the arguments, refuses credentials, runs the tool.

const byName: ReadonlyMap<string, Operation> = new Map(operations.map((one) => [one.name, one]))

export function operationNamed(name: string): Operation {
  const found = byName.get(name)
  if (!found) throw new Error(`there is no operation ${name}`)
  return found
}

const readers = new Map<string, ReturnType<typeof argumentReader>>()

function readerOf(name: string): ReturnType<typeof argumentReader> {
  const known = readers.get(name)
  if (known) return known
  const tool = toolRegistry.get(name) ?? toolOf(operationNamed(name))
  const reader = argumentReader(async () => tool)
  readers.set(name, reader)
  return reader
}

/** Arguments as the tool gets them, or the complaints of the schema, joined as the SDK joins them. */
export async function checkArguments(
  name: string,
  args: object,
): Promise<{ readonly value?: Readonly<Record<string, unknown>>; readonly complaint?: string }> {
  const { value, issues } = await readerOf(name)(args)
  if (!issues) return { value: value as Readonly<Record<string, unknown>> }
  const complaints = issues.map(({ path, message }) =>
    path.length > 0 ? `${path.join('.')}: ${message}` : message,
  )
  return { complaint: `Input validation error: Invalid arguments for tool ${name}: ${complaints.join(', ')}` }
}

/** The assistant's reply to a call, and the requests that were sent. */
export interface Outcome {
  readonly text: string
  readonly isError: boolean
  /** Absent after a success, and after a refusal by the schema. */
  readonly error?: { readonly kind: ErrorKind; readonly next: string }
  readonly sent: readonly SentRequest[]
}

/** No person is asked, so that no state is issued and no code approved. */
const safeguards: Safeguards = {
  server: '',
  declines: new Declines(unusableStateDir),
  turns: new ObjectTurns(),
  callTimes: usualTimes,
  lateAnswers: new KeptAnswers(0),
  requestStates: {} as Safeguards['requestStates'],
  answerTimeoutMs: 0,
  stateDir: unusableStateDir,
  audit: undefined,
  ending: new AbortController().signal,
  approvals: {
    usualWays: [],
    records: new Records(),
    waitsAtOnce: false,
    passkeys: () => Promise.reject(new Error('there are no passkeys')),
    sealKey: Buffer.alloc(0),
  },
}
const nobody: Approver = {
  ...{ isReachable: false, opensAddresses: false, usesInputRequired: false },
  request: {} as NonNullable<Approver['request']>,
}

const unattended: Environment = {
  QUALYS_MODE: 'unattended',
  QUALYS_UNVERIFIED: 'all',
  QUALYS_MAX_ASSETS_PER_RUN: '100000',
}

/** Calls a tool on answers in memory. */
export async function callInMemory(
  name: string,
  args: object,
  { answers = lookupAnswers, environment = {} }: { answers?: Answers; environment?: Environment } = {},
): Promise<Outcome> {
  const { value, complaint } = await checkArguments(name, args)
  if (value === undefined) return { text: complaint ?? '', isError: true, sent: [] }
  const { session, sent, configuration } = sessionInMemory(answers, { ...unattended, ...environment })
  try {
    refuseSecrets(value)
    const reply = await toolOf(operationNamed(name)).run(value, {
      session,
      configuration,
      safeguards,
      log: silentLog,
      withheldTools: new Map(),
      products: new Set(['car', 'saq']),
      signal: new AbortController().signal,
      hostCounts: new Map(),
      sentRuns: new SentRuns(),
      progress: new Progress(() => undefined),
      approver: nobody,
      caller: localCaller,
      arrivedAt: performance.now(),
    })
    return { text: textOf(reply as Reply), isError: false, sent }
  } catch (error) {
    if (!(error instanceof QualysError)) throw error
    const { message, next, kind } = error
    return { text: `${message} ${next}`.trim(), isError: true, error: { kind, next }, sent }
  }
}

/** All text of a schema, from which an assistant learns what to pass. */
const instructive =
  /must |needs |names |holds |is no day|did you mean|there (are|is) |make it shorter|leave (it|them) out/

/** Expects a refusal in one short line that says what is allowed, or what to do; and that nothing was changed. */
export function expectRefusal({ text, isError, error, sent }: Outcome, says: RegExp): void {
  expect(text).toMatch(says)
  expect(isError).toBe(true)
  expect(text).toMatch(/^[^\n]{30,900}$/)
  expect(text).not.toMatch(/undefined|\[object|null/)
  if (text.startsWith('Input validation error: Invalid arguments for tool ')) {
    expect(text).toMatch(instructive)
  } else expect(error).toMatchObject({ kind: 'input', next: expect.stringMatching(/^[A-Z`"j0-9n].{5,}\.$/) })
  expect(changeRequestsIn(sent)).toEqual([])
}
