import { createHash } from 'node:crypto'
import type { Effect, EffectTargets, Operation } from '../../operations/operation.ts'
import type { Row } from '../../session/answer.ts'
import { unclearError } from '../../session/failures/unclear-outcome.ts'
import type { Clock } from '../../shared/clock.ts'
import { DriftError, InputError, QualysError, UnclearError } from '../../shared/errors.ts'
import { canonicalJson } from '../../shared/json.ts'
import { factsOf } from '../../shared/log.ts'
import { oneLine } from '../../shared/safe-text.ts'
import { type Redact, redactJson } from '../../shared/secrets.ts'
import type { Reply } from '../replies/reply.ts'
import type { AuditEvent, Question, ToolContext } from '../tool.ts'
import { consent } from './approval/consent.ts'
import { type EffectAnswer, effectReply, outcomeOf } from './effect-reply.ts'
import { checkBulk, checkLimits } from './policy/limits.ts'
import { checkParameters } from './policy/script-parameters.ts'
import { carPreview } from './preview/car-preview.ts'
import { previewOf } from './preview/preview.ts'
import { saqPreview } from './preview/saq-preview.ts'
import { type CarTargets, lookUpCarTargets } from './targets/car-targets.ts'
import { fingerprintOf, lookUpSaqTargets, type SaqTargets, subjectOf } from './targets/saq-targets.ts'
import { verifySaqChange } from './verify/campaign.ts'
import { explainLostRun, listRunsBefore } from './verify/lost-run.ts'
import { verifySchedule } from './verify/schedule.ts'

type Args = Readonly<Record<string, unknown>>

/** Writes an audit line of one call. */
type WriteAuditLine = (event: AuditEvent, facts?: Args) => void

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/**
 * The arguments for the audit log. The content of a script or template becomes a hash, since many people read
 * the log.
 */
function auditArguments(args: Args): Args {
  const { content, sections, ...rest } = args
  return {
    ...rest,
    ...(typeof content === 'string' && { content: `sha256 ${sha256(content)}` }),
    ...(sections !== undefined && { sections: `sha256 ${sha256(canonicalJson(sections))}` }),
  }
}

function effectOf({ effect, change }: Operation, args: Args, subject?: Row): Effect {
  return change?.effect?.(args, subject) ?? effect
}

/** An InputError from a sentence of the form `what is wrong: what to do`, which may quote Qualys. */
function toInputError(problem: string, redact: Redact): InputError {
  const sentence = oneLine(redact(problem), 600)
  // Splits at the first colon outside quotes: quoted words come from the caller or from Qualys.
  const [, what = sentence, next = 'Pass other arguments.'] =
    /^((?:[^":]|"[^"]*"|:(?! ))*): (.*)$/.exec(sentence) ?? []
  return new InputError(`${what}.`.replace(/\.\.$/, '.'), next.charAt(0).toUpperCase() + next.slice(1))
}

/** Throws if the arguments, or the lists that they refer to, already forbid the call. */
async function validateArguments(operation: Operation, args: Args, context: ToolContext): Promise<void> {
  const { session, signal } = context
  const { change } = operation
  const earlyProblem = change?.validate?.(args, {
    secret: () => '',
    lookup: () => undefined,
    now: Date.now(),
  })
  if (earlyProblem !== undefined) throw toInputError(earlyProblem, session.redact)
  const resolved = await session.resolveReferences(operation, args, { signal })
  for (const name of change?.secrets?.(args) ?? []) resolved.secret(name)
  const problem = change?.validate?.(args, resolved)
  if (problem !== undefined) throw toInputError(problem, session.redact)
}

/** A validated call, ready for consent. */
interface PreparedCall {
  readonly effect: Effect
  readonly targets: EffectTargets
  readonly carTargets: CarTargets
  readonly saqTargets: SaqTargets
  /** The arguments as they are sent. */
  readonly args: Args
  readonly preview: string
  readonly digest: string
}

/** Looks up the targets, checks the limits and writes the preview. */
async function prepare(operation: Operation, args: Args, context: ToolContext): Promise<PreparedCall> {
  const { session, configuration } = context
  const targets: EffectTargets = operation.change?.targets?.(args) ?? {}
  checkBulk(targets, configuration.settings)
  const saqTargets = await lookUpSaqTargets(targets, args, context)
  const subject = subjectOf(saqTargets)
  const problem = subject && operation.change?.validateAgainst?.(subject, args)
  if (problem) throw toInputError(problem, session.redact)
  const effect = effectOf(operation, args, subject)
  const carTargets = await lookUpCarTargets(targets, context)
  checkParameters(targets, carTargets)
  const hosts = await checkLimits(targets, carTargets, effect, context)
  const account = await session.identity(operation)
  const parts = [carPreview(targets, carTargets, hosts, args), saqPreview(targets, saqTargets, args)]
  const text = previewOf({ operation, effect, args, parts, account })
  const preview = session.redact(configuration.settings.sandbox ? `sandbox: ${text}` : text)
  const digest = sha256(canonicalJson([account, operation.name, args, fingerprintOf(saqTargets), preview]))
  return { effect, targets, carTargets, saqTargets, args: saqTargets.resolvedArgs, preview, digest }
}

/** Sends the request once, and logs the outcome, even if no answer comes. */
async function sendOnce(
  operation: Operation,
  args: Args,
  context: ToolContext,
  audit: WriteAuditLine,
): Promise<EffectAnswer> {
  const { session, signal, log } = context
  const auditAnswer = (facts: Args): void => {
    try {
      audit('answered', facts)
    } catch (error) {
      // The effect has happened: its answer must not be lost because of the log. The next effect is refused.
      log.error(factsOf(error), 'the outcome of an effect is not in the audit log')
    }
  }
  let isSent = false
  const onBeforeSend = (): void => {
    audit('sent')
    isSent = true
  }
  try {
    const answer = await session.call(operation, args, { signal, onBeforeSend })
    const received: EffectAnswer = answer.kind === 'record' ? answer : { record: {}, drift: [] }
    const record = redactJson(received.record, session.redact)
    const id = record['id'] ?? record['correlationUuid']
    const { outcome, refused } = outcomeOf(operation, record, args)
    auditAnswer({ outcome, ...(id !== undefined && { id }), ...(refused.length > 0 && { refused }) })
    return { record, drift: redactJson(received.drift, session.redact) }
  } catch (error) {
    const isQualysError = error instanceof QualysError
    const reason = isQualysError ? error.kind : signal.aborted ? 'cancelled' : 'failed'
    if (!isSent) auditAnswer({ outcome: 'not sent', why: reason })
    else
      auditAnswer(
        isQualysError
          ? { outcome: reason, status: error.details.status }
          : { outcome: 'unclear', why: reason },
      )
    if (!isSent || isQualysError || signal.aborted) throw error
    log.error(factsOf(error), 'unexpected')
    throw unclearError(operation, new DriftError('What Qualys answered cannot be read.', ''))
  }
}

/** Runs one call of an operation with an effect: validate, preview, consent, send once, read the answer. */
export async function perform(
  operation: Operation,
  args: Args,
  context: ToolContext,
  clock: Clock,
): Promise<Reply | Question> {
  const { safeguards, approver, signal } = context
  const callId = sha256(canonicalJson([operation.name, args])).slice(0, 16)
  const audit: WriteAuditLine = (event, facts = {}) =>
    safeguards.audit?.record(event, { tool: operation.name, call: callId, ...facts })
  // Since protocol 2026-07-28 the answer comes in a new request, which may be the first of this call that the
  // log sees.
  if (!approver.answer || approver.usesInputRequired)
    audit('asked', {
      effect: effectOf(operation, args),
      arguments: auditArguments(args),
      ...(approver.answer && { again: true }),
    })
  let prepared: PreparedCall
  try {
    await validateArguments(operation, args, context)
    prepared = await prepare(operation, args, context)
    const consentResult = await consent(
      { ...prepared, declaredEffect: operation.effect, tool: operation.name },
      context,
    )
    if ('question' in consentResult) {
      const { question, state, isForged } = consentResult
      if (isForged)
        audit('refused', { kind: 'declined', why: 'the answer came without a state that fits: asked again' })
      return {
        question,
        state,
        onUnanswered: (error) => {
          audit('refused', { kind: error.kind, why: error.message })
          return error
        },
      }
    }
    audit('approved', {
      effect: prepared.effect,
      by: consentResult.approvedBy,
      digest: prepared.digest,
      // The people that replace a company or a tag.
      ...(prepared.args !== args && { sends: auditArguments(prepared.args) }),
    })
  } catch (error) {
    if (error instanceof QualysError) audit('refused', { kind: error.kind, why: error.message })
    else audit('refused', { kind: signal.aborted ? 'cancelled' : 'failed' })
    throw error
  }
  const previousRuns = await listRunsBefore(operation, args, context).catch((error: unknown) => {
    audit('answered', { outcome: 'not sent', why: signal.aborted ? 'cancelled' : 'failed' })
    throw error
  })
  let received: EffectAnswer
  try {
    received = await sendOnce(operation, prepared.args, context, audit)
  } catch (error) {
    if (!(error instanceof UnclearError) || signal.aborted) throw error
    throw await explainLostRun(operation, args, error, previousRuns, context, clock)
  }
  const { record } = received
  const verification =
    (await verifySchedule(operation, args, record, prepared.carTargets, context)) ??
    (await verifySaqChange(operation, prepared, record, context))
  return effectReply(operation, args, received, verification)
}
