import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Environment } from '../../../src/config/settings.ts'
import { environmentFor } from '../environment.ts'
import { effectRequests, type TestSandbox } from '../sandbox.ts'
import { type CallResult, type generations, type Peer, type Person, textOf } from '../stdio/peers.ts'
import { execute, run } from './calls.ts'

// Real clients of the built program, and the people who use them.

type Connect = (typeof generations)[string]
type Answer = Awaited<ReturnType<Person['answer']>>

export const call = { name: execute, arguments: { ...run } }
export const yes: Answer = { action: 'accept', content: { approve: true } }

/** A client, the questions its person was asked, and the answers of that person. */
export interface ConnectedClient {
  readonly peer: Peer
  readonly questions: string[]
  answer: (question: string) => Promise<Answer>
  readonly stateDir: string
  readonly close: () => Promise<void>
}

/**
 * A client whose person answers yes, unless the client shows no questions; its server has a state folder of its
 * own.
 */
export async function connectClient(
  connect: Connect,
  sandbox: TestSandbox,
  settings: Environment = {},
  shows: Person['shows'] | 'nothing' = 'forms',
): Promise<ConnectedClient> {
  const stateDir = mkdtempSync(join(tmpdir(), 'qualys-mcp-'))
  const questions: string[] = []
  const person = (what: Person['shows']): Person => ({
    shows: what,
    answer: (question) => {
      questions.push(question)
      return client.answer(question)
    },
  })
  const environment = environmentFor(sandbox, { QUALYS_STATE_DIR: stateDir, ...settings })
  const peer = await connect(environment, shows === 'nothing' ? undefined : person(shows))
  const client: ConnectedClient = {
    peer,
    questions,
    answer: async () => yes,
    stateDir,
    close: async () => {
      await peer.close()
      rmSync(stateDir, { recursive: true })
    },
  }
  return client
}

/** How many requests changed something. */
export const countEffects = async ({ control }: TestSandbox): Promise<number> =>
  (await effectRequests(control)).length

/** What a call returned: protocol errors and error results alike, as text. */
export const outcomeOf = (result: Promise<CallResult>): Promise<string> =>
  result.then(
    (one) => (one.isError ? textOf(one) : 'it ran'),
    (error: Error) => error.message,
  )
