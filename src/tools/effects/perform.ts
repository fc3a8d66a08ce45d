import { createHash } from 'node:crypto'
import type { Effect, Operation, Touched } from '../../operations/operation.ts'
import type { Row } from '../../session/answer.ts'
import { unclear } from '../../session/failures/unclear-outcome.ts'
import type { Pace } from '../../shared/clock.ts'
import { DriftError, InputError, QualysError, UnclearError } from '../../shared/errors.ts'
import { canonical } from '../../shared/json.ts'
import { factsOf } from '../../shared/log.ts'
import { oneLine } from '../../shared/safe-text.ts'
import { type Redact, redacted } from '../../shared/secrets.ts'
import type { Reply } from '../replies/reply.ts'
import type { AuditEvent, Question, Running } from '../tool.ts'
import { consent } from './approval/consent.ts'
import { type Done, effectReply, outcomeOf } from './effect-reply.ts'
import { checkBulk, checkLimits } from './policy/limits.ts'
import { refuseParameters } from './policy/script-parameters.ts'
import { fleetParts } from './preview/car-preview.ts'
import { previewOf } from './preview/preview.ts'
import { audienceParts } from './preview/saq-preview.ts'
import { type Scene, survey } from './targets/car-targets.ts'
import { type Audience, fingerprintOf, gather, subjectOf } from './targets/saq-targets.ts'
import { storedNow } from './verify/campaign.ts'
import { explained, runsBefore } from './verify/lost-run.ts'
import { readBack } from './verify/schedule.ts'

type Args = Readonly<Record<string, unknown>>

/** Writes an audit line of one call. */
type Note = (event: AuditEvent, facts?: Args) => void

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/**
 * The arguments for the audit log. The content of a script or template becomes a hash, since many people read
 * the log.
 */
function logged(args: Args): Args {
  const { content, sections, ...rest } = args
  return {
    ...rest,
    ...(typeof content === 'string' && { content: `sha256 ${sha256(content)}` }),
    ...(sections !== undefined && { sections: `sha256 ${sha256(canonical(sections))}` }),
  }
}

function effectOf({ effect, change }: Operation, args: Args, seen?: Row): Effect {
  return change?.effect?.(args, seen) ?? effect
}

/** An InputError from a complaint of the form `what: what to do`, which may quote Qualys. */
function inputError(complaint: string, redact: Redact): InputError {
  const sentence = oneLine(redact(complaint), 600)
  // Splits at the first colon outside quotes; quotes hold words that somebody passed.
  const [, what = sentence, next = 'Pass other arguments.'] =
    /^((?:[^":]|"[^"]*"|:(?! ))*): (.*)$/.exec(sentence) ?? []
  return new InputError(`${what}.`.replace(/\.\.$/, '.'), next.charAt(0).toUpperCase() + next.slice(1))
}

/** Throws if the arguments, or the lists that they refer to, already forbid the call. */
async function refuseNonsense(operation: Operation, args: Args, running: Running): Promise<void> {
  const { session, signal } = running
  const { change } = operation
  const first = change?.refuse?.(args, { secret: () => '', known: () => undefined, now: Date.now() })
  if (first !== undefined) throw inputError(first, session.redact)
  const provided = await session.provide(operation, args, { signal })
  for (const name of change?.secrets?.(args) ?? []) provided.secret(name)
  const complaint = change?.refuse?.(args, provided)
  if (complaint !== undefined) throw inputError(complaint, session.redact)
}

interface Prepared {
  readonly effect: Effect
  readonly touched: Touched
  readonly scene: Scene
  readonly audience: Audience
  /** The arguments as they are sent. */
  readonly args: Args
  readonly preview: string
  readonly digest: string
}

/** Looks up the targets, checks the limits and writes the preview. */
async function prepare(operation: Operation, args: Args, running: Running): Promise<Prepared> {
  const { session, configuration } = running
  const touched: Touched = operation.change?.touches?.(args) ?? {}
  checkBulk(touched, configuration.settings)
  const audience = await gather(touched, args, running)
  const subject = subjectOf(audience)
  const complaint = subject && operation.change?.refuseSeen?.(subject, args)
  if (complaint) throw inputError(complaint, session.redact)
  const effect = effectOf(operation, args, subject)
  const scene = await survey(touched, running)
  refuseParameters(touched, scene)
  const hosts = await checkLimits(touched, scene, effect, running)
  const account = await session.identity(operation)
  const parts = [fleetParts(touched, scene, hosts, args), audienceParts(touched, audience, args)]
  const shown = previewOf({ operation, effect, args, parts, account })
  const preview = session.redact(configuration.settings.sandbox ? `sandbox: ${shown}` : shown)
  const digest = sha256(canonical([account, operation.name, args, fingerprintOf(audience), preview]))
  return { effect, touched, scene, audience, args: audience.args, preview, digest }
}

/** Sends the request once, and logs the outcome, even if no answer comes. */
async function send(operation: Operation, args: Args, running: Running, note: Note): Promise<Done> {
  const { session, signal, log } = running
  const answered = (facts: Args): void => {
    try {
      note('answered', facts)
    } catch (error) {
      // The effect has happened: its answer must not be lost because of the log. The next effect is refused.
      log.error(factsOf(error), 'the outcome of an effect is not in the audit log')
    }
  }
  let sent = false
  const sending = (): void => {
    note('sent')
    sent = true
  }
  try {
    const answer = await session.call(operation, args, { signal, sending })
    const done: Done = answer.kind === 'record' ? answer : { record: {}, drift: [] }
    const record = redacted(done.record, session.redact)
    const id = record['id'] ?? record['correlationUuid']
    const { outcome, refused } = outcomeOf(operation, record, args)
    answered({ outcome, ...(id !== undefined && { id }), ...(refused.length > 0 && { refused }) })
    return { record, drift: redacted(done.drift, session.redact) }
  } catch (error) {
    const known = error instanceof QualysError
    const why = known ? error.kind : signal.aborted ? 'cancelled' : 'failed'
    if (!sent) answered({ outcome: 'not sent', why })
    else answered(known ? { outcome: why, status: error.details.status } : { outcome: 'unclear', why })
    if (!sent || known || signal.aborted) throw error
    log.error(factsOf(error), 'unexpected')
    throw unclear(operation, new DriftError('What Qualys answered cannot be read.', ''))
  }
}

/** Runs one call of an operation with an effect: validate, preview, consent, send once, read the answer. */
export async function perform(
  operation: Operation,
  args: Args,
  running: Running,
  pace: Pace,
): Promise<Reply | Question> {
  const { safeguards, person, signal } = running
  const call = sha256(canonical([operation.name, args])).slice(0, 16)
  const note: Note = (event, facts = {}) =>
    safeguards.audit?.record(event, { tool: operation.name, call, ...facts })
  // With the new protocol the answer comes in a new request, which may be the first line of this call in the
  // log.
  if (!person.answer || person.modern)
    note('asked', {
      effect: effectOf(operation, args),
      arguments: logged(args),
      ...(person.answer && { again: true }),
    })
  let prepared: Prepared
  try {
    await refuseNonsense(operation, args, running)
    prepared = await prepare(operation, args, running)
    const verdict = await consent({ ...prepared, usual: operation.effect, tool: operation.name }, running)
    if ('question' in verdict) {
      const { question, state, forged } = verdict
      if (forged)
        note('refused', { kind: 'declined', why: 'the answer came without a state that fits: asked again' })
      return {
        question,
        state,
        unanswered: (error) => {
          note('refused', { kind: error.kind, why: error.message })
          return error
        },
      }
    }
    note('approved', {
      effect: prepared.effect,
      by: verdict.approvedBy,
      digest: prepared.digest,
      // The people that a company or a tag stands for.
      ...(prepared.args !== args && { sends: logged(prepared.args) }),
    })
  } catch (error) {
    if (error instanceof QualysError) note('refused', { kind: error.kind, why: error.message })
    else note('refused', { kind: signal.aborted ? 'cancelled' : 'failed' })
    throw error
  }
  const before = await runsBefore(operation, args, running).catch((error: unknown) => {
    note('answered', { outcome: 'not sent', why: signal.aborted ? 'cancelled' : 'failed' })
    throw error
  })
  let done: Done
  try {
    done = await send(operation, prepared.args, running, note)
  } catch (error) {
    if (!(error instanceof UnclearError) || signal.aborted) throw error
    throw await explained(operation, args, error, before, running, pace)
  }
  const { record } = done
  const stored =
    (await readBack(operation, args, record, prepared.scene, running)) ??
    (await storedNow(operation, prepared, record, running))
  return effectReply(operation, args, done, stored)
}
