import { SettingsError } from '../shared/errors.ts'
import { isShort, minSecretLength, Secret } from '../shared/secrets.ts'
import { isEmptyValue } from './normalizations.ts'
import type { ValueReader } from './value-reader.ts'

/** `QUALYS_SECRET_<NAME>`, for values that an input names (design 4). */
const namedSecret = /^QUALYS_SECRET_[A-Z0-9_]+?(_FILE)?$/

export const isNamedSecret = (name: string): boolean => namedSecret.test(name)

/** The values of all `QUALYS_SECRET_<NAME>` and `…_FILE`, by variable without `_FILE`. */
export function namedSecrets(
  env: Readonly<Record<string, string | undefined>>,
  reader: ValueReader,
): ReadonlyMap<string, Secret> {
  const secrets = new Map<string, Secret>()
  for (const [name, raw] of Object.entries(env)) {
    const match = namedSecret.exec(name)
    if (!match || raw === undefined || isEmptyValue(raw)) continue
    const variable = match[1] === undefined ? name : name.slice(0, -match[1].length)
    if (secrets.has(variable))
      throw new SettingsError(`Both ${variable} and ${variable}_FILE are set: keep one of them.`)
    const value =
      match[1] === undefined ? reader.secret(name, raw) : reader.secretFromFile(variable, raw, 'many')
    if (isShort(value))
      throw new SettingsError(
        `${variable} is shorter than ${minSecretLength} characters: it could not be told from ordinary text, and would be shown.`,
      )
    secrets.set(variable, new Secret(value))
  }
  return secrets
}
