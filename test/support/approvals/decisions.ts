import {
  approveCall,
  declineCall,
  findCall,
} from '../../../src/tools/effects/approval/pending/pending-calls.ts'
import type { Approval } from '../../../src/tools/effects/approval/pending/stored-call.ts'

// What a person decides about a waiting call, without a terminal and a page. Times in ms since 1970.

/** A yes that was typed in a terminal. */
export const inTerminal = (at = Date.now()): Approval => ({ way: 'terminal', by: 'terminal', at })

/** A yes on the page of this machine, by who has its key. */
export const onPage = (at = Date.now()): Approval => ({ way: 'page', by: 'page key', at })

/** Approves the call that waits under a code; false if none does. */
export function approveCode(stateDir: string, code: string, now = Date.now()): boolean {
  const call = findCall(stateDir, code, now)
  return call !== undefined && approveCall(stateDir, call.digest, inTerminal(now), now)
}

/** Declines the call that waits under a code; false if none does. */
export function declineCode(stateDir: string, code: string, now = Date.now()): boolean {
  const call = findCall(stateDir, code, now)
  return call !== undefined && declineCall(stateDir, call.digest, { way: 'terminal' }, now)
}
