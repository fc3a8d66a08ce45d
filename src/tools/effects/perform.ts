import type { EffectOperation, Input } from '../../operations/operation.ts'
import { StoredText } from '../../operations/stored-text.ts'
import type { Clock } from '../../shared/clock.ts'
import { randomBytes, sha256 } from '../../shared/crypto.ts'
import { messageOf, QualysError } from '../../shared/errors.ts'
import { texts } from '../../shared/format.ts'
import { canonicalJson } from '../../shared/json.ts'
import { oneLine } from '../../shared/safe-text.ts'
import { type Redact, redactJson } from '../../shared/secrets.ts'
import type { Reply } from '../replies/reply.ts'
import type { Question, ToolContext, Waiting } from '../tool.ts'
import { asksPerson } from './approval/asks-person.ts'
import { callKey } from './approval/call-key.ts'
import { type Approved, bySettings, consent, verifyAgain } from './approval/consent.ts'
import type { CallToApprove } from './approval/offer.ts'
import { recordOutcome, useOnce, useUp } from './approval/records.ts'
import { waysFor } from './approval/ways.ts'
import { approvedFacts, previewFacts } from './audit/approved-facts.ts'
import { auditArguments } from './audit/audit-arguments.ts'
import { callerOf } from './audit/audit-caller.ts'
import { refusalFacts } from './audit/refusal-facts.ts'
import { budgetAccess, type TakenCharge, takeCharge } from './budgets/budget.ts'
import { type EffectAnswer, effectReply } from './effect-reply.ts'
import { completeCall } from './imports/import.ts'
import type { ImportSource } from './imports/import-source.ts'
import {
  doneClause,
  refuseNothingNew,
  sourceFacts,
  unknownBefore,
  withSource,
} from './imports/import-texts.ts'
import { LimitError } from './policy/limits/limit-error.ts'
import { effectOf } from './prepare/effect-of.ts'
import type { PreparedCall } from './prepare/inspection.ts'
import { prepare } from './prepare/prepare.ts'
import { cancelAtEnd, refuseAtEnd, type SendState } from './refuse-at-end.ts'
import { sendOnce, type WriteAuditLine } from './send-once.ts'
import { refuseLate } from './timing/lateness.ts'
import { checkStopFile } from './timing/stop-file.ts'
import { checkTimeLimits } from './timing/time-limits.ts'
import { newStateOf } from './verify/new-state.ts'
import { shownTargets } from './verify/shown-targets.ts'
import { explainFailure, verifierOf, verifySuccess } from './verify/verification.ts'

/** The hash of content that no argument held as a whole. */
const hashNote = ({ content }: Input): string | false =>
  content instanceof StoredText && `content sha256 ${sha256(content.bytes)}`

/** The arguments as replies quote and clip them: masked, but for content, which no reply quotes. */
const saidArguments = ({ content, ...others }: Input, redact: Redact): Input => ({
  ...redactJson(others, redact),
  ...(content !== undefined && { content }),
})

/** Runs one call of an operation with an effect. Calls on one schedule wait for each other, but not for a person. */
export function perform(
  operation: EffectOperation,
  args: Input,
  context: ToolContext,
  clock: Clock,
): Promise<Reply | Question | Waiting> {
  const { safeguards } = context
  const { turns } = safeguards
  const work = () =>
    cancelAtEnd(safeguards, context.signal, (signal, state) =>
      performNow(operation, args, { ...context, signal }, clock, state),
    )
  // A file gives what its targets are.
  if (args['file'] !== undefined && operation.change.imports) return work()
  const named = operation.change.targets(args)
  const [schedule] = named.product === 'car' ? (named.schedules ?? []) : []
  return schedule === undefined ? work() : turns.take(`schedule ${schedule}`, context.signal, work)
}

/** Validate, preview, consent, send once, read the answer. */
async function performNow(
  operation: EffectOperation,
  passed: Input,
  context: ToolContext,
  clock: Clock,
  state: SendState,
): Promise<Reply | Question | Waiting> {
  const { safeguards, approver, caller, signal } = context
  const callId = sha256(canonicalJson([operation.name, passed])).slice(0, 16)
  const attempt = randomBytes(4).toString('hex')
  const auditCaller = await callerOf(operation, context)
  const audit: WriteAuditLine = (event, facts = {}) =>
    safeguards.audit?.record(event, { tool: operation.name, call: callId, attempt, ...facts }, auditCaller)
  const auditRefusal = (error: QualysError, call?: PreparedCall): void => {
    // What a person did not agree to.
    const shown = call && error.kind === 'declined' && previewFacts(call, context.session.redact)
    audit('refused', { ...refusalFacts(error), ...shown })
  }
  // Since protocol 2026-07-28 the answer comes in a new request, which may be the first of this call that the
  // log sees.
  const isFirst = !approver.hasWaited && (!approver.answer || approver.usesInputRequired)
  if (isFirst)
    audit('asked', {
      effect: passed['file'] === undefined ? effectOf(operation, passed) : operation.effect,
      arguments: auditArguments(passed),
      ...(approver.answer && { again: true }),
    })
  let args = passed
  let source: ImportSource | undefined
  let prepared: PreparedCall
  let previewed: PreparedCall | undefined
  let call: CallToApprove
  let charge: TakenCharge
  let approved: Approved | undefined
  const isByPerson = (): boolean => approved !== undefined && approved.approvedBy !== bySettings
  const refuseLateCall = (): void => {
    try {
      refuseLate(context, isByPerson())
    } catch (error) {
      // The person need not be asked again. What was approved elsewhere stands in the state folder.
      if (isByPerson() && !approved?.verified)
        safeguards.lateAnswers.keep(prepared.digest, { kind: 'approved' })
      throw error
    }
  }
  try {
    const complete = await completeCall(operation, passed, context)
    args = complete.args
    source = complete.source
    refuseAtEnd(safeguards)
    checkStopFile(operation, args, context)
    prepared = await prepare(operation, args, context, source)
    previewed = prepared
    refuseNothingNew(source, prepared.targets)
    checkStopFile(operation, args, context, prepared.targets)
    const key = callKey({ server: safeguards.server, caller: caller.id }, operation.name, passed)
    call = { ...prepared, declaredEffect: operation.effect, key }
    const { record, digest } = prepared
    const auditRecord = (): void => audit('asked', { record, digest, ways: waysFor(call, context).ways })
    if (isFirst && !approver.answer && asksPerson(context.configuration.settings, call)) auditRecord()
    const onGivenUp = (error?: QualysError): void =>
      error
        ? auditRefusal(error, previewed)
        : audit('refused', { kind: 'cancelled', why: 'the call ended while a person was asked' })
    const consentResult = await consent(call, context)
    if ('waitingFor' in consentResult) return { ...consentResult, onGivenUp }
    if ('question' in consentResult) {
      const { isForged, ...question } = consentResult
      if (isForged) {
        audit('refused', { kind: 'declined', why: 'the answer came without a state that fits: asked again' })
        auditRecord()
      }
      return { ...question, onGivenUp }
    }
    approved = consentResult
    refuseAtEnd(safeguards)
    refuseLateCall()
    const facts = approvedFacts(prepared, args, approved, context.session.redact)
    for (const targets of facts.targets) audit('targets', targets)
    audit('approved', { ...(source && sourceFacts(source)), ...facts.approved })
    checkStopFile(operation, args, context, prepared.targets)
    charge = takeCharge(prepared, budgetAccess(context, prepared.account), context.log)
  } catch (error) {
    // Once the limit allows the call again, the person is asked again.
    if (error instanceof LimitError && approver.answer && approver.request)
      await safeguards.requestStates.discard(approver.answer.state, approver.request)
    if (error instanceof LimitError && previewed && isByPerson()) useUp(previewed, safeguards)
    if (error instanceof QualysError) auditRefusal(error, previewed)
    else audit('refused', { kind: signal.aborted ? 'cancelled' : 'failed' })
    throw error
  }
  const verifier = verifierOf(operation)
  const idsBefore = await verifier.listBefore?.(prepared, context).catch((error: unknown) => {
    charge.giveBack()
    audit('answered', { outcome: 'not sent', why: signal.aborted ? 'cancelled' : 'failed' })
    throw error
  })
  const once = isByPerson() ? useOnce(prepared, safeguards) : () => undefined
  const lastChecks = (): void => {
    refuseAtEnd(safeguards)
    refuseLateCall()
    checkStopFile(operation, args, context, prepared.targets)
    checkTimeLimits(operation, prepared, context.configuration.settings)
    once()
  }
  let received: EffectAnswer
  try {
    const check = async (): Promise<void> => {
      if (approved?.verified) await verifyAgain(call, context)
    }
    received = await sendOnce(operation, prepared, context, { audit, check, lastChecks, charge, state })
    recordOutcome(prepared, safeguards, 'It was sent, and Qualys took it.')
  } catch (error) {
    recordOutcome(prepared, safeguards, context.session.redact(oneLine(messageOf(error))))
    throw withSource(await explainFailure(verifier, prepared, error, idsBefore, context, clock), source)
  }
  verifier.remember?.(prepared, received.record, context, clock)
  const said = saidArguments(prepared.args, context.session.redact)
  const { record } = received
  const verified = await verifySuccess(verifier, prepared, record, context, clock)
  const newState = await newStateOf(operation, prepared, said, record, context, clock)
  const notes = texts(
    prepared.note,
    hashNote(prepared.args),
    unknownBefore(source, prepared.targets),
    source && doneClause(source),
  )
  try {
    return effectReply(operation, said, received, notes, prepared.warnings, {
      states: [verified, newState].filter((state) => state !== undefined),
      shown: shownTargets(prepared),
    })
  } catch (error) {
    throw withSource(error, source)
  }
}
