import { expect } from 'vitest'
import type { StoredCall } from '../../../src/tools/effects/approval/pending/stored-call.ts'
import { effectRequests, type TestSandbox } from '../sandbox.ts'
import { removeFiles, waitingFile } from './approved-files.ts'

// Calls that are told apart by their title, so that the requests of each can be counted at the sandbox.

export const clone = 'car_clone_script'

/** The arguments of the call with a title. */
export const cloneOf = (title: string) => ({ scriptId: 61179, title }) as const

/** The code in a reply, by its link or its command. */
export const codeIn = ({ text }: { readonly text: string }): string =>
  /\b([2-9A-HJKMNP-TV-Z]{4}-[2-9A-HJKMNP-TV-Z]{4})\b/.exec(text)?.[1] ?? ''

/** How many requests with a title arrived. */
export async function sentWith({ control }: TestSandbox, title: string): Promise<number> {
  const bodies = (await effectRequests(control)).map(({ body }) => body)
  return bodies.filter((body) => body.includes(JSON.stringify(title))).length
}

/** What the assistant is told. */
export interface Told {
  readonly text: string
  readonly isError: boolean
}

/** A server whose calls wait for a person. */
export interface Asked {
  readonly client: { readonly call: (name: string, args: object) => Promise<Told> }
  readonly stateDir: string
}

/** A call that waits. */
export interface Target {
  readonly title: string
  readonly code: string
  readonly file: StoredCall
  /** Makes the identical call. */
  readonly callAgain: () => Promise<Told>
}

/** Makes the call with a title, which then waits for a person. */
export async function askFor({ client, stateDir }: Asked, title: string): Promise<Target> {
  const callAgain = (): Promise<Told> => client.call(clone, cloneOf(title))
  const code = codeIn(await callAgain())
  return { title, code, file: waitingFile(stateDir, code), callAgain }
}

/** One forgery: what it is, and what writes or sends it. */
export type Forgery = readonly [name: string, forge: () => unknown]

/** Tries forgeries one after the other: after each the identical call is refused. Returns how many there were. */
export async function tryAll(
  { stateDir }: Pick<Asked, 'stateDir'>,
  { callAgain }: Pick<Target, 'callAgain'>,
  forgeries: Iterable<Forgery>,
): Promise<number> {
  let count = 0
  for (const [name, forge] of forgeries) {
    await forge()
    const { isError, text } = await callAgain()
    expect([isError, text], name).toEqual([true, expect.stringContaining('othing was sent')])
    removeFiles(stateDir, 'approved', 'used', 'declined')
    count++
  }
  return count
}
