import { setImmediate } from 'node:timers/promises'
import type { CarEffectTargets } from '../../../operations/effects/effect-targets.ts'
import type { EffectOperation, Input } from '../../../operations/operation.ts'
import { StoredText } from '../../../operations/stored-text.ts'
import { texts } from '../../../shared/format.ts'
import { redactJson } from '../../../shared/secrets.ts'
import type { ToolContext } from '../../tool.ts'
import { checkCredentials } from '../policy/credentials/check-credentials.ts'
import { checkLimits } from '../policy/limits/check-limits.ts'
import { checkForbidden } from '../policy/limits/forbidden.ts'
import { runAsHosts } from '../policy/limits/run-by-tag.ts'
import { checkParameters, unshownParameters } from '../policy/script-parameters.ts'
import { carPreview } from '../preview/car-preview.ts'
import { type ContentPreview, contentPreview } from '../preview/content/content-preview.ts'
import { contentIn, scriptOf } from '../preview/content/facts.ts'
import { argumentMaskWarnings } from '../preview/content/masks.ts'
import { repositoryLines } from '../preview/repository.ts'
import { type CarTargets, carFingerprintOf, carSubjectOf, lookUpCarTargets } from '../targets/car-targets.ts'
import { readGuardrails } from '../targets/guardrails.ts'
import { reachOf } from '../targets/reach.ts'
import { findLanguage, languageOf } from '../targets/script-language.ts'
import { requireWhole } from '../targets/whole-records.ts'
import { checkScheduleRuns, runsLine, unknownRunsWarning } from '../timing/schedule-runs.ts'

import { effectOf } from './effect-of.ts'
import type { FilledCall } from './filled-call.ts'
import type { Inspection } from './inspection.ts'
import { refuse } from './refuse.ts'

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

/** Looks at the CAR targets of a call, and holds them against the limits. */
export async function inspectCar(
  operation: EffectOperation,
  named: CarEffectTargets,
  { args, passed, taken, schedules }: FilledCall,
  context: ToolContext,
): Promise<Inspection> {
  const found = await lookUpCarTargets(named, context, schedules)
  requireWhole(operation, passed, found)
  const subject = carSubjectOf(found)
  checkForbidden(operation, passed, subject?.raw, found, context)
  checkParameters(found)
  refuse(subject?.row && operation.change.validateAgainst?.(subject.row, args), context.session.redact)
  const effect = effectOf(operation, args, subject?.raw)
  const uses = operation.change.secrets?.(args) ?? []
  const { namesSecret, sendsToken } = await checkCredentials({ effect, uses }, found, context)
  const counted = await checkLimits(found, effect, context)
  const run = await runAsHosts(operation, args, found, counted, context)
  const { targets, hosts, resolved } = run
  requireWhole(operation, passed, targets, hosts)
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
  const parts = carPreview(targets, hosts, input, { cover, redact, content, reach, taken })
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
    warnings: [...run.warnings, ...warnings, ...unshownParameters(found), ...(content?.faults ?? [])],
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
