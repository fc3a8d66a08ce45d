import { decodedParameters, sendableParameters } from '../../../../operations/car/inputs/parameters.ts'
import type { PassedParameters } from '../../../../operations/effects/effect-targets.ts'
import { isId, isObject, objectsIn } from '../../../../shared/json.ts'
import { quotation } from '../../../../shared/safe-text.ts'
import type { ToolContext } from '../../../tool.ts'
import type { CarTargets } from '../../targets/car-targets.ts'
import type { Target } from '../../targets/lookup.ts'
import { keysOf } from '../script-parameters.ts'
import { limitError } from './limit-error.ts'
import { comparableId } from './names.ts'
import { scriptInWords } from './scripts.ts'

const setting = 'QUALYS_ALLOWED_PARAMETERS'

/**
 * Throws if a script gets a parameter that QUALYS_ALLOWED_PARAMETERS does not list for it, or a value that does not
 * match as a whole. Of a secret the key has to be listed; its value is not compared, since a refusal would tell of it.
 */
export function checkPassedParameters(
  passed: readonly PassedParameters[],
  targets: CarTargets,
  context: ToolContext,
): void {
  const { allowedParameters } = context.configuration.settings
  for (const { script, values } of passed) {
    const patterns = allowedParameters?.get(comparableId(script))
    if (!patterns) continue
    const refuse = (why: string) => limitError(why, setting, scriptInWords(script, targets, context))
    for (const { key, value = '', secret } of values) {
      const parameter = `parameter ${quotation(key)} of script ${script}`
      const pattern = patterns.get(key)
      if (!pattern) throw refuse(`${setting} does not list the ${parameter}`)
      if (secret === undefined && !pattern.test(value))
        throw refuse(`the value of the ${parameter} does not match ${setting}`)
    }
  }
}

/** The values that a schedule stores for a script; undefined if its record does not show them. */
function storedValues(part: unknown, targets: CarTargets): PassedParameters['values'] | undefined {
  const { id, params } = isObject(part) ? part : {}
  const script = targets.scripts.find((one) => one.id === String(id))?.row
  if (params === undefined || params === null) return script && keysOf(script)?.length === 0 ? [] : undefined
  const decoded = decodedParameters(params)
  if (decoded) return decoded
  if (!Array.isArray(params)) return undefined
  const values = objectsIn(params).flatMap(({ key, value }) =>
    typeof key === 'string' && typeof value === 'string' ? [{ key, value }] : [],
  )
  return values.length === params.length ? values : undefined
}

/** True if schedules store parameters for a script whose values could not be sent back. */
export const hidesParameters = (schedules: readonly Target[], script: string): boolean =>
  schedules.some(({ raw }) =>
    objectsIn(raw?.['scripts']).some(
      ({ id, params }) => String(id) === script && sendableParameters(params) === undefined,
    ),
  )

/** The same for what schedules store; a value that Qualys does not show counts as forbidden. */
export function checkStoredParameters(
  schedules: readonly Target[],
  targets: CarTargets,
  context: ToolContext,
): void {
  const { allowedParameters } = context.configuration.settings
  if (!allowedParameters) return
  for (const { id: schedule, raw } of schedules) {
    const parts = raw?.['scripts']
    if (!Array.isArray(parts)) throw limitError(`the scripts of schedule ${schedule} cannot be read`, setting)
    for (const part of parts) {
      const id: unknown = isObject(part) ? part['id'] : part
      if (!isId(id) || !allowedParameters.has(comparableId(String(id)))) continue
      const script = String(id)
      const values = storedValues(part, targets)
      if (!values)
        throw limitError(
          `schedule ${schedule} does not show the parameters that it passes to script ${script}, and ${setting} needs them`,
          setting,
          scriptInWords(script, targets, context),
        )
      checkPassedParameters([{ script, values }], targets, context)
    }
  }
}
