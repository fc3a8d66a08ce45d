import { SettingsError } from '../shared/errors.ts'
import type { Secret } from '../shared/secrets.ts'
import { hostNames } from './limits/parsers.ts'
import { isEmptyValue, lowerCase, normalizedBy, plainText, UnusableValueError } from './normalizations.ts'
import { namesIn, parser, scriptPins } from './parsers.ts'
import type { ValueReader } from './value-reader.ts'

/** Where a named secret may go (design 7). */
export interface SecretBinding {
  /** Hosts of repositories, which it may serve as a token. */
  readonly hosts: ReadonlySet<string>
  /** Scripts whose parameter it may be, each with the SHA-256 of the only content that gets it, if that is set. */
  readonly scripts: ReadonlyMap<string, string | undefined>
}

const suffix = '_FOR'

/** Where a secret may go, as the operator writes it. */
export const entriesOf = ({ hosts, scripts }: SecretBinding): string[] => [
  ...hosts,
  ...[...scripts].map(([id, pin]) => (pin === undefined ? id : `${id}@${pin}`)),
]

const bindings = normalizedBy(
  parser((text): SecretBinding | undefined => {
    const words = namesIn(text)
    const ids = words.filter((word) => /^\d+(?:@|$)/.test(word))
    const names = words.filter((word) => !ids.includes(word))
    const scripts = scriptPins.safeParse(ids.join()).data
    const hosts = names.length === 0 ? new Set<string>() : hostNames.safeParse(names.join()).data
    return words.length > 0 && scripts && hosts ? { hosts, scripts } : undefined
  }, 'must list hosts of repositories, such as github.com, or scripts, each once, as 19218@<sha256 of the content, 64 hex digits>'),
  ...plainText,
  lowerCase,
)

function readBinding(name: string, raw: string, reader: ValueReader): SecretBinding {
  if (isEmptyValue(raw))
    throw new SettingsError(
      `${name} is set but empty, which would bind the secret to nothing: give it a value, or unset it.`,
    )
  try {
    const { data, error } = bindings.safeParse(reader.text(name, raw, bindings))
    if (data) return data
    throw new UnusableValueError(error?.issues[0]?.message)
  } catch (error) {
    if (!(error instanceof UnusableValueError)) throw error
    throw new SettingsError(`${name} ${error.message}.`)
  }
}

/**
 * The bindings in all `QUALYS_SECRET_<NAME>_FOR`, by the variable of the secret. In mode `unattended` nobody sees what
 * a script does with a secret, so that its content has to be pinned.
 */
export function secretBindings(
  env: Readonly<Record<string, string | undefined>>,
  secrets: ReadonlyMap<string, Secret>,
  reader: ValueReader,
  isUnattended: boolean,
): ReadonlyMap<string, SecretBinding> {
  const found = new Map<string, SecretBinding>()
  for (const [name, raw] of Object.entries(env)) {
    if (raw === undefined || !/^QUALYS_SECRET_[A-Z0-9_]+_FOR$/.test(name)) continue
    const variable = name.slice(0, -suffix.length)
    if (!secrets.has(variable))
      throw new SettingsError(
        `${name} says where ${variable} may go, which is not set: set ${variable} (or ${variable}_FILE), or unset ${name}.`,
      )
    const binding = readBinding(name, raw, reader)
    const [unpinned] = [...binding.scripts].find(([, pin]) => pin === undefined) ?? []
    if (isUnattended && unpinned !== undefined)
      throw new SettingsError(
        `${name} names script ${unpinned} without its content, which mode unattended needs: write ${unpinned}@<sha256 of the content>.`,
      )
    found.set(variable, binding)
  }
  return found
}
