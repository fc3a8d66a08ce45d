import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findCall } from '../../../src/tools/effects/approval/pending/pending-calls.ts'
import type {
  Approval,
  CallState,
  StoredCall,
} from '../../../src/tools/effects/approval/pending/stored-call.ts'
import { inTerminal } from '../approvals/decisions.ts'

// The files of waiting calls, as whoever can write the state folder writes them by hand.

const folderOf = (stateDir: string): string => join(stateDir, 'pending')

/** The path of a file in the folder of waiting calls. */
export const pathOf = (stateDir: string, digest: string, state: CallState | string = 'approved'): string =>
  join(folderOf(stateDir), `${digest}.${state}`)

/** The call that waits under a code, as its file has it. */
export function waitingFile(stateDir: string, code: string): StoredCall {
  const found = findCall(stateDir, code)
  if (found?.state !== 'pending') throw new Error(`No call waits under ${code}.`)
  return JSON.parse(readFileSync(pathOf(stateDir, found.digest, 'pending'), 'utf8'))
}

/** A waiting call with an approval in it, as its file would be. */
export const approvedFile = (call: StoredCall, approval: Approval = inTerminal()): StoredCall => ({
  ...call,
  approval,
  at: Date.now(),
})

/** Writes a file as it is; `name`: of the digest in it unless it is given. */
export function writeFile(
  stateDir: string,
  content: unknown,
  name = `${(content as StoredCall).digest}.approved`,
): void {
  mkdirSync(folderOf(stateDir), { recursive: true, mode: 0o700 })
  const text = typeof content === 'string' ? content : JSON.stringify(content)
  writeFileSync(join(folderOf(stateDir), name), text, { mode: 0o600 })
}

/** All files of the folder, with their content. */
export const allFiles = (stateDir: string): ReadonlyMap<string, string> =>
  new Map(
    readdirSync(folderOf(stateDir)).map((name) => [
      name,
      readFileSync(join(folderOf(stateDir), name), 'utf8'),
    ]),
  )

/** Removes what is in the folder, in these states or in all. */
export function removeFiles(stateDir: string, ...states: readonly string[]): void {
  for (const name of readdirSync(folderOf(stateDir)))
    if (states.length === 0 || states.includes(name.split('.')[1] ?? ''))
      rmSync(join(folderOf(stateDir), name), { recursive: true, force: true })
}
