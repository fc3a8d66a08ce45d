import { afterAll, beforeAll, beforeEach, expect } from 'vitest'
import { type Assistant, assistantOn, type Heard } from '../../support/assistant.ts'
import { leastArguments } from '../../support/operations/least.ts'
import { effectsAt, openSandbox, type Seen } from '../../support/sandbox.ts'

/** Calls that make no sense: why, on which tool, and what the refusal says. */
export type Wrong = readonly (readonly [name: string, tool: string, args: object, says: RegExp])[]

/** What a refused number is told. */
export const whole = (name: string, most: string): RegExp =>
  new RegExp(`${name}: must be a whole number from \\d to ${most}`)

/** An assistant that nobody has to approve anything for, on a sandbox that tells what was sent. */
export interface Refusing {
  readonly call: Assistant['call']
  /** What every tool takes at least. */
  readonly least: () => Readonly<Record<string, object>>
  readonly sent: () => Promise<Seen[]>
  readonly truth: (collection: string) => Promise<Record<string, unknown>[]>
  /** Refused in one line of bearable length that says what is allowed, or what to do; and nothing was sent. */
  readonly expectRefused: (tool: string, args: object, says: RegExp) => Promise<void>
}

/** Opens them for the tests of a file. */
export function refusing(): Refusing {
  let sandbox: Awaited<ReturnType<typeof openSandbox>>
  let assistant: Assistant
  let least: Readonly<Record<string, object>>
  beforeAll(async () => {
    sandbox = await openSandbox({ jobs: 100 })
    least = await leastArguments(sandbox.control)
    assistant = await assistantOn(sandbox, {
      QUALYS_MODE: 'unattended',
      QUALYS_UNVERIFIED: 'all',
      QUALYS_MAX_ASSETS_PER_RUN: '100000',
      QUALYS_SECRET_DB_PASSWORD: 'not the password',
    })
  })
  beforeEach(() => sandbox.control.reset())
  afterAll(async () => {
    await assistant.close()
    await sandbox.close()
  })
  const call: Assistant['call'] = (...given) => assistant.call(...given)
  const sent = (): Promise<Seen[]> => effectsAt(sandbox.control)
  return {
    call,
    sent,
    least: () => least,
    truth: (collection) => sandbox.control.truth(collection),
    expectRefused: async (tool, args, says) => {
      const heard = await call(tool, args)
      expect(heard.text).toMatch(says)
      expectSound(tool, heard)
      expect(await sent()).toEqual([])
    },
  }
}

function expectSound(tool: string, { text, isError, error }: Heard): void {
  expect(isError).toBe(true)
  expect(text).toMatch(/^[^\n]{30,900}$/)
  // What the protocol's library says of a wrong shape has no kind.
  if (text.startsWith(`Input validation error: Invalid arguments for tool ${tool}: `))
    expect(text).toMatch(/must |needs |names |is no day|did you mean|there (are|is) |make it shorter/)
  else expect(error).toMatchObject({ kind: 'input', next: expect.stringMatching(/^[A-Z`].{5,}\.$/) })
}
