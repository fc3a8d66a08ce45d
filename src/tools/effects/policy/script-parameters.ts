import type { Row } from '../../../session/answer.ts'
import { InputError } from '../../../shared/errors.ts'
import { objectsIn } from '../../../shared/json.ts'
import { quotation } from '../../../shared/safe-text.ts'
import type { CarTargets } from '../targets/car-targets.ts'

/** The keys of a script's parameters; undefined if its record does not show them. */
export function keysOf({ hasParameters, params }: Row): string[] | undefined {
  if (hasParameters === false) return []
  if (!Array.isArray(params)) return undefined
  return objectsIn(params).flatMap(({ key }) => (typeof key === 'string' ? key : []))
}

/** What a person must know of stored scripts that are sent back without parameters, as none are shown. */
export function unshownParameters({ named, scripts, schedules }: CarTargets): string[] {
  if (!named.keepsScripts) return []
  const bare = schedules
    .flatMap(({ raw }) => objectsIn(raw?.['scripts']))
    .filter(({ params }) => params === undefined)
    .map(({ id }) => String(id))
  const unknown = scripts
    .filter(({ id, row }) => bare.includes(id) && !(row && keysOf(row)))
    .map(({ id }) => id)
  return unknown.length === 0
    ? []
    : [
        `Whether ${unknown.length === 1 ? 'script' : 'scripts'} ${[...new Set(unknown)].join(', ')} of the schedule ${unknown.length === 1 ? 'takes' : 'take'} parameters is not shown: none are sent.`,
      ]
}

/**
 * Throws an InputError for missing, surplus and reordered parameters: they are passed by position, so all
 * others would shift.
 */
export function checkParameters({ named, scripts }: CarTargets): void {
  for (const { script, keys } of named.parameters ?? []) {
    const row = scripts.find(({ id }) => id === script)?.row
    const expected = row && keysOf(row)
    if (expected === undefined) continue
    if (expected.length === 0 && keys.length > 0)
      throw new InputError(`Script ${script} takes no parameters.`, 'Leave params out.')
    const missing = expected.find((key) => !keys.includes(key))
    const surplus = keys.find((key) => !expected.includes(key))
    const has = expected.map(quotation).join(', ')
    if (missing !== undefined)
      throw new InputError(
        `Script ${script} also needs the parameter ${quotation(missing)}.`,
        `Pass params with a value for each of ${has}.`,
      )
    if (surplus !== undefined)
      throw new InputError(`Script ${script} has no parameter ${quotation(surplus)}.`, `It takes ${has}.`)
    if (expected.some((key, index) => key !== keys[index]))
      throw new InputError(
        `Script ${script} takes its parameters in another order.`,
        `Pass params in this order: ${has}.`,
      )
  }
}
