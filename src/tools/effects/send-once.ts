import type { EffectOperation, Input } from '../../operations/operation.ts'
import { unclearError } from '../../session/failures/unclear-outcome.ts'
import { ConnectError, DriftError, QualysError } from '../../shared/errors.ts'
import { factsOf } from '../../shared/log.ts'
import { redactJson } from '../../shared/secrets.ts'
import type { AuditEvent, ToolContext } from '../tool.ts'
import { refusalFacts } from './audit/refusal-facts.ts'
import type { TakenCharge } from './budgets/budget.ts'
import { type EffectAnswer, outcomeOf } from './effect-reply.ts'
import type { PreparedCall } from './prepare/inspection.ts'
import type { SendState } from './refuse-at-end.ts'

/** Writes an audit line of one call. */
export type WriteAuditLine = (event: AuditEvent, facts?: Input) => void

/** What is done before and after the request of one call. */
export interface Sending {
  readonly audit: WriteAuditLine
  /** Throws if what was approved no longer counts: before the request is made. */
  readonly check: () => Promise<void>
  /** Throws if the request may not be sent now: the last thing before it is sent. */
  readonly lastChecks: () => void
  /** Throws if the request may not be written any more: the process may have slept while its connection was opened. */
  readonly writeChecks?: () => void
  readonly charge: TakenCharge
  readonly state: SendState
}

/**
 * True if the request certainly did not happen: no connection was made, or Qualys refused it, with a status of 4xx or,
 * as SAQ does, in a 200. Whatever leaves a doubt is an UnclearError, a VendorError or a DriftError.
 */
function isUndone(error: unknown): boolean {
  if (error instanceof ConnectError) return true
  return error instanceof QualysError && ['input', 'setup', 'busy'].includes(error.kind)
}

/** Sends the request once, and logs the outcome, even if no answer comes. */
export async function sendOnce(
  operation: EffectOperation,
  { args, resolved }: PreparedCall,
  context: ToolContext,
  { audit, check, lastChecks, writeChecks, charge, state }: Sending,
): Promise<EffectAnswer> {
  const { session, signal, log } = context
  const auditAnswer = (facts: Input): void => {
    try {
      audit('answered', facts)
    } catch (error) {
      // The effect has happened: its answer must not be lost because of the log. The next effect is refused.
      log.error(factsOf(error), 'the outcome of an effect is not in the audit log')
    }
  }
  const onBeforeSend = (isRepeated = false): void => {
    // Only a request whose login was refused is repeated: nothing was done.
    state.isSent = false
    lastChecks()
    if (!isRepeated) audit('sent')
    state.isSent = true
  }
  try {
    await check()
    const onBeforeWrite =
      writeChecks &&
      ((): void => {
        state.isSent = false
        writeChecks()
        state.isSent = true
      })
    const answer = await session.call(operation, args, { signal, resolved, onBeforeSend, onBeforeWrite })
    const received: EffectAnswer = answer.kind === 'record' ? answer : { record: {}, drift: [] }
    const redacted: EffectAnswer = {
      ...received,
      record: redactJson(received.record, session.redact),
      drift: redactJson(received.drift, session.redact),
    }
    const { record } = redacted
    charge.settle(record)
    const id = record['id'] ?? record['correlationUuid']
    const { outcome, refused } = outcomeOf(operation, redacted, args)
    auditAnswer({ outcome, ...(id !== undefined && { id }), ...(refused.length > 0 && { refused }) })
    return redacted
  } catch (error) {
    const { isSent } = state
    if (!isSent || isUndone(error)) charge.giveBack()
    else charge.settle(undefined)
    const isQualysError = error instanceof QualysError
    const interrupted = { why: signal.aborted ? 'cancelled' : 'failed' }
    const reason = isQualysError ? refusalFacts(error) : interrupted
    if (isSent && isQualysError)
      auditAnswer({ outcome: error.kind, status: error.details.status, why: error.message })
    else auditAnswer({ outcome: isSent ? 'unclear' : 'not sent', ...reason })
    if (!isSent || isQualysError || signal.aborted) throw error
    log.error(factsOf(error), 'unexpected')
    throw unclearError(operation, new DriftError('What Qualys answered cannot be read.', ''))
  }
}
