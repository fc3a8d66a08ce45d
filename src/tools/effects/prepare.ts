import { setImmediate } from 'node:timers/promises'
import type { CarEffectTargets, SaqEffectTargets } from '../../operations/effect-targets.ts'
import type { Adapted, Effect, EffectOperation, Input, Resolved } from '../../operations/operation.ts'
import { StoredText } from '../../operations/stored-text.ts'
import type { Row } from '../../session/answer.ts'
import { InputError } from '../../shared/errors.ts'
import { texts } from '../../shared/format.ts'
import { oneLine } from '../../shared/safe-text.ts'
import { type Redact, redactJson } from '../../shared/secrets.ts'
import type { ToolContext } from '../tool.ts'
import { type ApprovalRecord, digestOf, hashOfJson } from './approval/approval-record.ts'
import { asksPerson } from './approval/asks-person.ts'
import { budgetAccess, checkBudgets } from './budgets/budget.ts'
import { credentialWarnings } from './policy/credential-warnings.ts'
import { checkCredentials } from './policy/credentials/check-credentials.ts'
import { checkBulk } from './policy/limits/bulk.ts'
import { checkLimits } from './policy/limits/check-limits.ts'
import { checkForbidden } from './policy/limits/forbidden.ts'
import { limitError } from './policy/limits/limit-error.ts'
import { fixHosts } from './policy/limits/run-by-tag.ts'
import { tellUnmatchedEntries } from './policy/limits/unmatched-entries.ts'
import { refuseMasks } from './policy/refuse-masks.ts'
import { checkParameters } from './policy/script-parameters.ts'
import { carPreview } from './preview/car-preview.ts'
import { type ContentPreview, contentPreview } from './preview/content/content-preview.ts'
import { contentIn, scriptOf } from './preview/content/facts.ts'
import { argumentMaskWarnings } from './preview/content/masks.ts'
import { factsOf, redactFacts, sentenceOf } from './preview/facts.ts'
import type { Preview, PreviewParts } from './preview/preview.ts'
import { repositoryLines } from './preview/repository.ts'
import { saqPreview } from './preview/saq-preview.ts'
import { sealedFacts } from './preview/sealed.ts'
import { type CarTargets, carFingerprintOf, carSubjectOf, lookUpCarTargets } from './targets/car-targets.ts'
import { readGuardrails } from './targets/guardrails.ts'
import type { Hosts } from './targets/hosts.ts'
import { reachOf } from './targets/reach.ts'
import { fingerprintOf, lookUpSaqTargets, subjectOf } from './targets/saq-targets.ts'
import { findLanguage, languageOf } from './targets/script-language.ts'
import type { Targets } from './targets/targets.ts'
import { checkScheduleRuns, runsLine, type ScheduleRuns, unknownRunsWarning } from './timing/schedule-runs.ts'
import { checkTimeLimits } from './timing/time-limits.ts'

/** The effect of a call; `subject` is the target as Qualys shows it, once it is looked up. */
export function effectOf({ effect, change }: EffectOperation, args: Input, subject?: Row): Effect {
  // A secret leaves this server, and a script can do anything with it.
  if (change.secrets && change.secrets(args).length > 0) return 'execute'
  return change.effect?.(args, subject) ?? effect
}

/** Throws an InputError for a problem of the form `what is wrong: what to do`, which may quote Qualys. */
function refuse(problem: string | undefined, redact: Redact): void {
  if (problem === undefined) return
  const sentence = oneLine(redact(problem), 600)
  // Splits at the first colon outside quotes: quoted words come from the caller or from Qualys.
  const [, what = sentence, next = 'Pass other arguments.'] =
    /^((?:[^":]|"[^"]*"|:(?! ))*): (.*)$/.exec(sentence) ?? []
  const ended = (clause: string): string => `${clause}.`.replace(/\.\.$/, '.')
  throw new InputError(ended(what), ended(next.charAt(0).toUpperCase() + next.slice(1)))
}

/**
 * What the references and secrets of a call resolve to. Throws if the arguments, or the lists that they refer
 * to, already forbid the call.
 */
async function resolve(operation: EffectOperation, args: Input, context: ToolContext): Promise<Resolved> {
  const { session, signal } = context
  const { change } = operation
  refuseMasks(operation, args)
  refuse(change.validate?.(args, Date.now()), session.redact)
  const resolved = await session.resolveReferences(operation, args, { signal })
  for (const { name } of change.secrets?.(args) ?? []) resolved.secret(name)
  refuse(change.validateWith?.(args, resolved), session.redact)
  return resolved
}

/** A validated call, ready for consent. What was checked is what is sent. */
export interface PreparedCall {
  readonly effect: Effect
  /** True if the call names a secret: a person approves it, whichever effects need one. */
  readonly namesSecret: boolean
  readonly targets: Targets
  /** Where code runs; undefined if none runs. */
  readonly hosts?: Hosts | undefined
  /** The runs of its schedule, if it has one. */
  readonly scheduleRuns?: ScheduleRuns | undefined
  readonly account: string
  /** The arguments as they are sent. */
  readonly args: Input
  readonly resolved: Resolved
  /** What is sent in another form than it was passed, as one clause. */
  readonly note: string | undefined
  /** What was found in the arguments, one sentence each. */
  readonly warnings: readonly string[]
  readonly preview: Preview
  /** What an approval is for; the digest covers it. */
  readonly record: ApprovalRecord
  readonly digest: string
}

/** What a look at the targets shows. */
interface Inspection
  extends Pick<PreparedCall, 'effect' | 'namesSecret' | 'targets' | 'hosts' | 'scheduleRuns' | 'args'> {
  /** The arguments as the preview shows them: masked, as a part of a secret would no longer be recognized. */
  readonly shownArgs: Input
  /** Set if what is sent refers to other objects than what was passed. */
  readonly resolved?: Resolved | undefined
  readonly note?: string | undefined
  readonly warnings?: readonly string[]
  /** What an approval is bound to besides the preview. */
  readonly fingerprint: unknown
  readonly parts: PreviewParts
}

/** The preview of the script content that a call sends; undefined if it sends none. */
async function previewContent(
  { named, scripts: [script] }: CarTargets,
  { content }: Input,
  context: ToolContext,
  covered?: string,
): Promise<ContentPreview | undefined> {
  const added = contentIn(content)
  if (!added || !named.guardrails) return undefined
  const { languageId } = named.guardrails
  const language =
    languageId === undefined ? languageOf(script?.raw) : await findLanguage(context, languageId)
  const guardrails = await readGuardrails(context, language)
  const stored = script?.raw?.['content']
  const { cover } = context.session
  const anew = cover(added.text)
  // What is covered in the stored content stays covered, and so does a secret that an edit writes.
  const addedScript = scriptOf(
    added,
    covered?.replace(/[^\uffff]+/g, (part, at: number) => anew.slice(at, at + part.length)) ?? anew,
  )
  await setImmediate()
  const storedScript = stored instanceof StoredText ? scriptOf(stored, cover(stored.text)) : undefined
  return contentPreview(addedScript, storedScript, guardrails)
}

async function inspectCar(
  operation: EffectOperation,
  named: CarEffectTargets,
  args: Input,
  context: ToolContext,
): Promise<Inspection> {
  const found = await lookUpCarTargets(named, context)
  const subject = carSubjectOf(found)
  checkForbidden(operation, args, subject?.raw, found, context)
  checkParameters(found)
  refuse(subject?.row && operation.change.validateAgainst?.(subject.row, args), context.session.redact)
  const effect = effectOf(operation, args, subject?.raw)
  const uses = operation.change.secrets?.(args) ?? []
  const { namesSecret, sendsToken } = await checkCredentials({ effect, uses }, found, context)
  const counted = await checkLimits(found, effect, context)
  const run = await fixHosts(operation, args, found, counted, context)
  const { targets, hosts, resolved } = run
  const scheduleRuns = checkScheduleRuns(targets, context.configuration, Date.now())
  const reach = hosts ? undefined : await reachOf(targets, context)
  const adapted = operation.change.adapt?.(run.args, targets.scripts[0]?.raw, context.session.cover) ?? {
    input: run.args,
  }
  refuse(adapted.problem, context.session.redact)
  const { input, warnings = [], covered } = adapted
  const note = texts(run.note, adapted.note).join('; ')
  const content = await previewContent(targets, input, context, covered)
  const { cover, redact } = context.session
  const parts = carPreview(targets, hosts, input, { cover, redact, content, reach })
  const fingerprint = [input, carFingerprintOf(targets, (hosts ?? reach)?.members ?? [])]
  const { content: sent, ...others } = input
  // Half a megabyte that the parts show, masked, is not masked again.
  const shownArgs = content ? { ...redactJson(others, redact), content: sent } : redactJson(input, redact)
  const masks = argumentMaskWarnings(input, cover)
  return {
    effect,
    namesSecret,
    targets,
    hosts,
    scheduleRuns,
    args: input,
    shownArgs,
    resolved,
    note: note === '' ? undefined : note,
    warnings: [...run.warnings, ...warnings, ...(content?.faults ?? [])],
    fingerprint,
    parts: {
      ...parts,
      lines: [
        ...repositoryLines(named, sendsToken),
        ...parts.lines,
        ...texts(scheduleRuns && runsLine(scheduleRuns, named.endsRuns === true)),
      ],
      // Only who approves is told of masks: the reply comes after the approval.
      warnings: texts(unknownRunsWarning(targets, scheduleRuns), masks, parts.warnings),
    },
  }
}

async function inspectSaq(
  operation: EffectOperation,
  named: SaqEffectTargets,
  args: Input,
  context: ToolContext,
): Promise<Inspection> {
  const { change } = operation
  const { redact } = context.session
  const found = await lookUpSaqTargets(named, args, context)
  const { row, raw } = subjectOf(found) ?? {}
  checkForbidden(operation, args, raw, found, context)
  // The people of a company or with a tag are known only now.
  checkBulk(change.targets(found.resolvedArgs), context.configuration.settings)
  refuse(row && change.validateAgainst?.(row, args), redact)
  const adapt = (current: Row | undefined): Adapted =>
    change.adapt?.(found.resolvedArgs, current, context.session.cover) ?? { input: found.resolvedArgs }
  // What is told quotes the row without secrets: in a part of a text they would no longer be recognized.
  const { shown, note, warnings = [], problem } = adapt(row)
  refuse(problem, redact)
  const adapted = adapt(raw)
  refuse(adapted.problem, redact)
  const { input } = adapted
  const effect = effectOf(operation, args, row)
  const { uncompared } = found
  // Unknown people count as others where nobody looks at them.
  const weight = { effect, declaredEffect: operation.effect, namesSecret: false }
  if (uncompared !== undefined && !asksPerson(context.configuration.settings, weight))
    throw limitError(`${uncompared}, and no person is asked`, 'QUALYS_MODE and QUALYS_CONFIRM')
  const sent = shown && change.targets(input)
  const targets = {
    ...found,
    resolvedArgs: input,
    ...(sent?.product === 'saq' && { named: sent }),
  }
  const shownArgs = redactJson(shown ?? args, redact)
  return {
    effect,
    namesSecret: false,
    targets,
    args: input,
    shownArgs,
    note,
    warnings: texts(uncompared !== undefined && sentenceOf(uncompared), warnings),
    fingerprint: fingerprintOf(targets),
    parts: saqPreview(targets, shownArgs),
  }
}

/** Validates a call, looks up its targets, checks the limits and writes the preview. */
export async function prepare(
  operation: EffectOperation,
  args: Input,
  context: ToolContext,
): Promise<PreparedCall> {
  const { session, configuration } = context
  const named = operation.change.targets(args)
  checkBulk(named, configuration.settings)
  const passed = await resolve(operation, args, context)
  await tellUnmatchedEntries(context)
  const inspection =
    named.product === 'car'
      ? await inspectCar(operation, named, args, context)
      : await inspectSaq(operation, named, args, context)
  const { effect, namesSecret, targets, hosts, scheduleRuns, fingerprint, parts, shownArgs, note } =
    inspection
  const { resolved = passed } = inspection
  const warnings = [...(inspection.warnings ?? []), ...credentialWarnings(inspection.args)]
  // Redacted like the line of the audit log that holds it.
  const account = session.redact(await session.identity(operation))
  const spending = { effect, targets, hosts, scheduleRuns, args: inspection.args }
  checkTimeLimits(operation, spending, configuration.settings)
  const notes = checkBudgets(spending, budgetAccess(context, account))
  const facts = factsOf({
    operation,
    effect,
    args: shownArgs,
    note,
    warnings,
    parts,
    account,
  })
  const { headline } = facts
  const shown = configuration.settings.sandbox ? { ...facts, headline: `sandbox: ${headline}` } : facts
  const preview: Preview = { facts: redactFacts(shown, session.redact), notes }
  const record: ApprovalRecord = {
    v: 1,
    account,
    tool: operation.name,
    effect,
    arguments: hashOfJson(args),
    fingerprint: hashOfJson(fingerprint),
    preview: hashOfJson(sealedFacts(preview.facts)),
  }
  const digest = digestOf(record)
  return { ...spending, namesSecret, account, resolved, note, warnings, preview, record, digest }
}
