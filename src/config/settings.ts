import { closestMatch } from 'leven'
import type { z } from 'zod'
import { SettingsError } from '../shared/errors.ts'
import { isShort, isWeak, minSecretLength, Secret } from '../shared/secrets.ts'
import { readSecretFile, UnusableFileError } from './secret-file.ts'
import { type Spec, specs } from './specs.ts'

type Specs = typeof specs
export type SettingName = keyof Specs
type Value<S> = S extends { readonly schema: infer Z extends z.ZodType } ? z.output<Z> : never

/** The settings in force. Those without a value and without a default are absent. */
export type Settings = {
  readonly [K in SettingName as Specs[K] extends { readonly default: string } ? K : never]: Value<Specs[K]>
} & {
  readonly [K in SettingName as Specs[K] extends { readonly default: string } ? never : K]?: Value<Specs[K]>
} & {
  /** Values that tools may name but never see, by variable. */
  readonly secrets: ReadonlyMap<string, Secret>
}

/** The settings, the origin of each, and names that look like settings but are not. */
export interface Configuration {
  readonly settings: Settings
  readonly origins: Readonly<Record<SettingName, string>>
  readonly unknown: readonly string[]
  /** Variables whose secret is too short to be redacted by value. */
  readonly weakSecrets: readonly string[]
}

export type Environment = Readonly<Record<string, string | undefined>>

/**
 * The flag of a setting: `QUALYS_MODE` becomes `--mode`. Secrets have none, since other users of the machine
 * can see flags.
 */
export function flagOf({ env, secret }: Pick<Spec<z.ZodType>, 'env' | 'secret'>): string | undefined {
  return secret || !env.startsWith('QUALYS_')
    ? undefined
    : `--${env.slice(7).toLowerCase().replaceAll('_', '-')}`
}

/** `QUALYS_SECRET_<NAME>`, for values that an input names (design 4). */
const namedSecret = /^QUALYS_SECRET_[A-Z0-9_]+?(_FILE)?$/

const specList = Object.entries(specs) as [SettingName, Spec<z.ZodType>][]

/** Flags of the settings. */
export const settingFlags: ReadonlyMap<string, { readonly name: SettingName; readonly takesValue: boolean }> =
  new Map(
    specList.flatMap(([name, spec]) => {
      const flag = flagOf(spec)
      return flag === undefined ? [] : [[flag, { name, takesValue: name !== 'sandbox' }] as const]
    }),
  )

/** Names that look like a safety setting of this program but are not: QUALYS_MODE=read-only is meant. */
const readOnlyNames = /^QUALYS_(READ_ONLY|READONLY|DRY_RUN|DRYRUN|SAFE_MODE|NO_WRITE)$/

function unknownNames(env: Environment): string[] {
  const known = specList.flatMap(([, spec]) => (spec.secret ? [spec.env, `${spec.env}_FILE`] : [spec.env]))
  const unknown = Object.keys(env).filter(
    (name) => name.startsWith('QUALYS_') && !known.includes(name) && !namedSecret.test(name),
  )
  for (const name of unknown) {
    const suggestion = readOnlyNames.test(name)
      ? 'QUALYS_MODE=read-only'
      : closestMatch(name, known, { maxDistance: 2 })
    if (suggestion !== undefined) {
      throw new SettingsError(
        `${name} is no setting of qualys-mcp: use ${suggestion}, or unset it, since it would do nothing.`,
      )
    }
  }
  return unknown
}

function secretFromFile(env: string, path: string, lines?: 'one' | 'many'): string {
  try {
    return readSecretFile(path, lines)
  } catch (error) {
    if (!(error instanceof UnusableFileError)) throw error
    throw new SettingsError(`The file that ${env}_FILE names ${error.message}: ${error.next}.`)
  }
}

function namedSecrets(env: Environment): ReadonlyMap<string, Secret> {
  const secrets = new Map<string, Secret>()
  for (const [name, text] of Object.entries(env)) {
    const match = namedSecret.exec(name)
    if (!match || !text) continue
    const variable = match[1] === undefined ? name : name.slice(0, -match[1].length)
    if (secrets.has(variable))
      throw new SettingsError(`Both ${variable} and ${variable}_FILE are set: keep one of them.`)
    const value = match[1] === undefined ? text : secretFromFile(variable, text, 'many')
    if (isShort(value))
      throw new SettingsError(
        `${variable} is shorter than ${minSecretLength} characters: it could not be told from ordinary text, and would be shown.`,
      )
    secrets.set(variable, new Secret(value))
  }
  return secrets
}

interface SettingText {
  readonly text: string
  readonly origin: string
}

/** The value of one setting: a flag wins over the environment, an empty value counts as not set. */
function textOf(spec: Spec<z.ZodType>, flag: string | undefined, env: Environment): SettingText | undefined {
  if (flag !== undefined) return { text: flag, origin: `flag ${flagOf(spec)}` }
  const text = env[spec.env] || (spec.alias && env[spec.alias])
  if (spec.rejectEmpty && env[spec.env] === '')
    throw new SettingsError(
      `${spec.env} is set but empty, which would guard nothing: give it a value, or unset it.`,
    )
  const path = spec.secret && env[`${spec.env}_FILE`]
  if (text && path)
    throw new SettingsError(`Both ${spec.env} and ${spec.env}_FILE are set: keep one of them.`)
  if (path) return { text: secretFromFile(spec.env, path), origin: `file of ${spec.env}_FILE` }
  if (text) return { text, origin: `environment ${spec.env}` }
  return spec.default === undefined ? undefined : { text: spec.default, origin: 'default' }
}

/**
 * True for a proxy that this program does not use. Other programs read the variable too, so it is not
 * validated.
 */
function isUnused(name: SettingName, { sandbox, httpsProxy }: Settings): boolean {
  if (name === 'httpProxy') return sandbox || httpsProxy !== undefined
  return name === 'httpsProxy' && sandbox
}

function refuseContradictions(settings: Settings): void {
  const urls = settings.gatewayUrl !== undefined || settings.apiUrl !== undefined
  if (settings.platform && urls) {
    throw new SettingsError(
      'Both QUALYS_PLATFORM and QUALYS_GATEWAY_URL or QUALYS_API_URL are set: keep the platform or the two URLs.',
    )
  }
  if (settings.sandbox && (settings.platform || urls)) {
    throw new SettingsError(
      'The sandbox and a real platform are both set: drop --sandbox (QUALYS_SANDBOX), or the platform and URLs.',
    )
  }
}

/** Reads flags and environment. Throws a SettingsError for the first invalid setting. */
export function readSettings(
  flags: Readonly<Partial<Record<SettingName, string>>>,
  env: Environment,
): Configuration {
  const unknown = unknownNames(env)
  const results = specList.map(([name, spec]) => {
    const setting = textOf(spec, flags[name], env)
    if (!setting) return { name, value: undefined, origin: 'not set' }
    const parsed = spec.schema.safeParse(setting.text)
    if (parsed.success) return { name, value: parsed.data, origin: setting.origin }
    const source = setting.origin.startsWith('flag') ? flagOf(spec) : spec.env
    return {
      name,
      value: undefined,
      origin: 'not set',
      fault: `${source} ${parsed.error.issues[0]?.message}.`,
    }
  })
  const settings = Object.fromEntries([
    ...results.filter(({ value }) => value !== undefined).map(({ name, value }) => [name, value]),
    ['secrets', namedSecrets(env)],
  ]) as Settings
  for (const { name, fault } of results)
    if (fault !== undefined && !isUnused(name, settings)) throw new SettingsError(fault)
  refuseContradictions(settings)
  return {
    settings,
    origins: Object.fromEntries(results.map(({ name, origin }) => [name, origin])) as Record<
      SettingName,
      string
    >,
    unknown,
    weakSecrets: specList
      .filter(([name]) => settings[name] instanceof Secret && isWeak(settings[name]))
      .map(([, { env }]) => env),
  }
}
