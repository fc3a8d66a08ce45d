import type { ReadResourceResult } from '@modelcontextprotocol/server'
import { safeText } from '../../../../shared/safe-text.ts'
import type { ServerServices } from '../../../tool.ts'
import { wholeText } from '../../preview/text.ts'
import { findPending } from './pending-calls.ts'
import { ifUsable } from './pending-folder.ts'

/** The whole preview of the call that waits under this code; undefined if none does. */
export function pendingPreview(
  { safeguards, redact, caller }: ServerServices,
  uri: string,
  code: string,
): ReadResourceResult | undefined {
  const call = ifUsable(() => findPending(safeguards.stateDir, code))
  // Others than who asked learn nothing of it.
  if (!call?.waiters.some((waiter) => waiter.caller === caller.id)) return undefined
  // Written without secrets and cleaned, but the file may have been forged since.
  const text = redact(safeText(wholeText(call.preview)))
  return { contents: [{ uri, mimeType: 'text/plain', text }] }
}
