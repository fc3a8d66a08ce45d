import type { SaqEffectTargets } from '../../../operations/effects/effect-targets.ts'
import type { Adapted, EffectOperation, Input } from '../../../operations/operation.ts'
import type { Row } from '../../../session/answer.ts'
import { texts } from '../../../shared/format.ts'
import { redactJson } from '../../../shared/secrets.ts'
import type { ToolContext } from '../../tool.ts'
import { asksPerson } from '../approval/asks-person.ts'
import { checkBulk } from '../policy/limits/bulk.ts'
import { checkForbidden } from '../policy/limits/forbidden.ts'
import { limitError } from '../policy/limits/limit-error.ts'
import { sentenceOf } from '../preview/facts.ts'
import { saqPreview } from '../preview/saq-preview.ts'
import { fingerprintOf, lookUpSaqTargets, subjectOf } from '../targets/saq-targets.ts'
import { requireWhole } from '../targets/whole-records.ts'

import { effectOf } from './effect-of.ts'
import type { Inspection } from './inspection.ts'
import { refuse } from './refuse.ts'

/** Looks at the SAQ targets of a call, and holds them against the limits. */
export async function inspectSaq(
  operation: EffectOperation,
  named: SaqEffectTargets,
  args: Input,
  context: ToolContext,
): Promise<Inspection> {
  const { change } = operation
  const { redact } = context.session
  const found = await lookUpSaqTargets(named, args, context)
  requireWhole(operation, args, found)
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
