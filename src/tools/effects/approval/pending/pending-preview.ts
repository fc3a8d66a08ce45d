import type { ReadResourceResult } from '@modelcontextprotocol/server'
import { SetupError } from '../../../../shared/errors.ts'
import { safeText } from '../../../../shared/safe-text.ts'
import type { ServerServices } from '../../../tool.ts'
import { wholeText } from '../../preview/text.ts'
import { findPending } from './pending-calls.ts'
import type { StoredCall } from './stored-call.ts'

/** The waiting call with this code; undefined if there is none, or no folder that holds any. */
function callWith(stateDir: string, code: string): StoredCall | undefined {
  try {
    return findPending(stateDir, code)
  } catch (error) {
    if (error instanceof SetupError) return undefined
    throw error
  }
}

/** The whole preview of the call that waits under this code; undefined if none does. */
export function pendingPreview(
  { safeguards, redact, caller }: ServerServices,
  uri: string,
  code: string,
): ReadResourceResult | undefined {
  const call = callWith(safeguards.stateDir, code)
  // Others than who asked learn nothing of it.
  if (!call?.waiters.some((waiter) => waiter.caller === caller.id)) return undefined
  // Written without secrets and cleaned, but the file may have been forged since.
  const text = redact(safeText(wholeText(call.preview)))
  return { contents: [{ uri, mimeType: 'text/plain', text }] }
}
