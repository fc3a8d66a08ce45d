import { SettingsError } from '../shared/errors.ts'
import { isShort, minSecretLength, Secret } from '../shared/secrets.ts'
import { isEmptyValue } from './normalizations.ts'
import type { ValueReader } from './value-reader.ts'

/** `QUALYS_SECRET_<NAME>`, for values that an input names (design 4), and where such a value may go (design 7). */
const namedSecret = /^QUALYS_SECRET_[A-Z0-9_]+?(_FILE|_FOR)?$/

export const isNamedSecret = (name: string): boolean => namedSecret.test(name)

/** The values of all `QUALYS_SECRET_<NAME>` and `…_FILE`, by variable without `_FILE`. */
export function namedSecrets(
  env: Readonly<Record<string, string | undefined>>,
  reader: ValueReader,
): ReadonlyMap<string, Secret> {
  const secrets = new Map<string, Secret>()
  for (const [name, raw] of Object.entries(env)) {
    const match = namedSecret.exec(name)
    if (!match || raw === undefined) continue
    const [, suffix = ''] = match
    const variable = name.slice(0, name.length - suffix.length)
    // X_FOR_FILE could be the file of a secret X_FOR, or of the binding of X.
    if (/_(?:FILE|FOR)$/.test(variable))
      throw new SettingsError(
        `${name} cannot be told from a file or a binding, since no name of a secret ends in _FILE or _FOR: rename ${variable}.`,
      )
    if (suffix === '_FOR' || isEmptyValue(raw)) continue
    if (secrets.has(variable))
      throw new SettingsError(`Both ${variable} and ${variable}_FILE are set: keep one of them.`)
    const value = suffix === '' ? reader.secret(name, raw) : reader.secretFromFile(variable, raw, 'many')
    if (isShort(value))
      throw new SettingsError(
        `${variable} is shorter than ${minSecretLength} characters: it could not be told from ordinary text, and would be shown.`,
      )
    secrets.set(variable, new Secret(value))
  }
  return secrets
}
