import type { Settings } from '../../../../config/settings.ts'
import type { SecretUse } from '../../../../operations/operation.ts'
import { secretNameOf } from '../../../../session/requests/references.ts'
import { isId, isObject, objectsIn } from '../../../../shared/json.ts'
import type { CarTargets } from '../../targets/car-targets.ts'

type ScriptUse = Extract<SecretUse, { readonly script: string | undefined }>

/** The values of stored parameters, which are base64 on the wire; undefined if they are not shown. */
function valuesIn(params: unknown): readonly string[] | undefined {
  if (params === null) return []
  if (!Array.isArray(params)) return undefined
  const values = params.map((one: unknown) => (isObject(one) ? one['value'] : undefined))
  return values.every((value) => typeof value === 'string') ? values : undefined
}

/**
 * The secrets that a schedule which is switched on passes to its scripts. If it does not show its values, these may be
 * all secrets that are bound to the script.
 */
export function storedSecrets(
  { named, schedules }: CarTargets,
  { secrets, secretBindings }: Settings,
): ScriptUse[] {
  if (named.isSwitchOff || (named.scripts && !named.keepsScripts)) return []
  const scripts = schedules.flatMap(({ raw }) => {
    const list = raw?.['scripts']
    return Array.isArray(list) ? objectsIn(list) : []
  })
  return scripts.flatMap(({ id, params }) => {
    const script = isId(id) ? String(id) : undefined
    const values = valuesIn(params)
    const isPassed = (variable: string, secret: string): boolean =>
      values
        ? values.some((value) => [value, Buffer.from(value, 'base64').toString()].includes(secret))
        : script !== undefined && secretBindings.get(variable)?.scripts.has(script) === true
    return [...secrets]
      .filter(([variable, secret]) => isPassed(variable, secret.reveal()))
      .map(([variable]) => ({ name: secretNameOf(variable), script }))
  })
}
