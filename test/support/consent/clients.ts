import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Environment } from '../../../src/config/settings.ts'
import { environmentFor } from '../environment.ts'
import { effectsAt, type TestSandbox } from '../sandbox.ts'
import { type CallResult, type generations, type Peer, type Person, textOf } from '../stdio/peers.ts'
import { execute, run } from './calls.ts'

// Real clients of the built program, and the people before them.

type Connect = (typeof generations)[string]
type Answer = Awaited<ReturnType<Person['answer']>>

export const call = { name: execute, arguments: { ...run } }
export const yes: Answer = { action: 'accept', content: { approve: true } }

/** A client, what its person was asked, and what that person answers. */
export interface Meeting {
  readonly peer: Peer
  readonly asked: string[]
  answer: (question: string) => Promise<Answer>
  readonly stateDir: string
  readonly close: () => Promise<void>
}

/** A client with a person before it who says yes, unless it shows nothing; its server has a state folder of its own. */
export async function meetClient(
  connect: Connect,
  sandbox: TestSandbox,
  settings: Environment = {},
  shows: Person['shows'] | 'nothing' = 'forms',
): Promise<Meeting> {
  const stateDir = mkdtempSync(join(tmpdir(), 'qualys-mcp-'))
  const asked: string[] = []
  const person = (what: Person['shows']): Person => ({
    shows: what,
    answer: (question) => {
      asked.push(question)
      return meeting.answer(question)
    },
  })
  const environment = environmentFor(sandbox, { QUALYS_STATE_DIR: stateDir, ...settings })
  const peer = await connect(environment, shows === 'nothing' ? undefined : person(shows))
  const meeting: Meeting = {
    peer,
    asked,
    answer: async () => yes,
    stateDir,
    close: async () => {
      await peer.close()
      rmSync(stateDir, { recursive: true })
    },
  }
  return meeting
}

/** How many requests changed something. */
export const effectsOn = async ({ control }: TestSandbox): Promise<number> =>
  (await effectsAt(control)).length

/** What came of a call: an error of the protocol and an error result alike, as text. */
export const outcomeOf = (result: Promise<CallResult>): Promise<string> =>
  result.then(
    (one) => (one.isError ? textOf(one) : 'it ran'),
    (error: Error) => error.message,
  )
