import { expect } from 'vitest'
import type { Environment } from '../../../src/config/settings.ts'
import { operations } from '../../../src/operations/index.ts'
import type { Operation } from '../../../src/operations/operation.ts'
import { type ErrorKind, QualysError } from '../../../src/shared/errors.ts'
import { silent } from '../../../src/shared/log.ts'
import type { Person } from '../../../src/tools/tool.ts'
import { refuseTokens } from '../../../src/tools/effects/policy/refuse-secrets.ts'
import type { Safeguards } from '../../../src/tools/tool.ts'
import { type Reply, textOf } from '../../../src/tools/replies/reply.ts'
import { argumentSchema } from '../../../src/tools/schema.ts'
import { toolOf } from '../../../src/tools/server/operation-tool.ts'
import { type Answers, type Sent, sessionInMemory } from './memory.ts'
import { changesIn, lookUps } from './rows.ts'

// A tool call as the server makes one, without a server: arguments are checked, credentials refused, the tool runs.

const byName: ReadonlyMap<string, Operation> = new Map(operations.map((one) => [one.name, one]))

export function operationOf(name: string): Operation {
  const found = byName.get(name)
  if (!found) throw new Error(`there is no operation ${name}`)
  return found
}

const schemas = new Map<string, ReturnType<typeof argumentSchema>>()

function schemaOf(name: string): ReturnType<typeof argumentSchema> {
  const known = schemas.get(name)
  if (known) return known
  const { input, run: _, ...label } = toolOf(operationOf(name))
  const schema = argumentSchema({ ...label, schema: {} }, async () => input)
  schemas.set(name, schema)
  return schema
}

/** Arguments as the tool gets them, or what the schema says against them, as the SDK joins it. */
export async function checked(
  name: string,
  args: object,
): Promise<{ readonly value?: Readonly<Record<string, unknown>>; readonly complaint?: string }> {
  const { value, issues } = await schemaOf(name)['~standard'].validate(args)
  if (!issues) return { value: value as Readonly<Record<string, unknown>> }
  const complaints = issues.map(({ path, message }) =>
    path.length > 0 ? `${path.join('.')}: ${message}` : message,
  )
  return { complaint: `Input validation error: Invalid arguments for tool ${name}: ${complaints.join(', ')}` }
}

/** What an assistant reads of a call, and what was sent for it. */
export interface Outcome {
  readonly text: string
  readonly isError: boolean
  /** Absent for a success, and where the schema refuses. */
  readonly error?: { readonly kind: ErrorKind; readonly next: string }
  readonly sent: readonly Sent[]
}

/** Nobody is asked, so that nothing is sealed and nothing approved. */
const safeguards: Safeguards = {
  seals: {} as Safeguards['seals'],
  patienceMs: 0,
  stateDir: '',
  audit: undefined,
}
const nobody: Person = { reachable: false, modern: false, context: {} as Person['context'] }

const unattended: Environment = {
  QUALYS_MODE: 'unattended',
  QUALYS_UNVERIFIED: 'all',
  QUALYS_MAX_ASSETS_PER_RUN: '100000',
}

/** Calls a tool on what answers from memory. */
export async function callInMemory(
  name: string,
  args: object,
  { answers = lookUps, environment = {} }: { answers?: Answers; environment?: Environment } = {},
): Promise<Outcome> {
  const { value, complaint } = await checked(name, args)
  if (value === undefined) return { text: complaint ?? '', isError: true, sent: [] }
  const { session, sent, configuration } = sessionInMemory(answers, { ...unattended, ...environment })
  try {
    refuseTokens(value)
    const reply = await toolOf(operationOf(name)).run(value, {
      session,
      configuration,
      safeguards,
      log: silent,
      withheld: new Map(),
      products: new Set(['car', 'saq']),
      signal: new AbortController().signal,
      progress: () => undefined,
      person: nobody,
    })
    return { text: textOf(reply as Reply), isError: false, sent }
  } catch (error) {
    if (!(error instanceof QualysError)) throw error
    const { message, next, kind } = error
    return { text: `${message} ${next}`.trim(), isError: true, error: { kind, next }, sent }
  }
}

/** What the words of a schema are, by which an assistant knows what to pass. */
const instructive =
  /must |needs |names |holds |is no day|did you mean|there (are|is) |make it shorter|leave (it|them) out/

/** Refused in one line of bearable length that says what is allowed, or what to do; and nothing was changed. */
export function expectRefusal({ text, isError, error, sent }: Outcome, says: RegExp): void {
  expect(text).toMatch(says)
  expect(isError).toBe(true)
  expect(text).toMatch(/^[^\n]{30,900}$/)
  expect(text).not.toMatch(/undefined|\[object|null/)
  if (text.startsWith('Input validation error: Invalid arguments for tool ')) {
    expect(text).toMatch(instructive)
  } else expect(error).toMatchObject({ kind: 'input', next: expect.stringMatching(/^[A-Z`"j0-9n].{5,}\.$/) })
  expect(changesIn(sent)).toEqual([])
}
