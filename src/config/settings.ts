import { platform } from 'node:os'
import type { z } from 'zod'
import { SettingsError } from '../shared/errors.ts'
import { isWeak, Secret } from '../shared/secrets.ts'
import { refuseContradictoryGuards } from './limits/contradictions.ts'
import { namedSecrets } from './named-secrets.ts'
import { isEmptyValue, type Place, UnusableValueError } from './normalizations.ts'
import { areSwapped, rightUrl } from './platforms.ts'
import { type SecretBinding, secretBindings } from './secret-bindings.ts'
import type { Spec } from './setting.ts'
import { specs } from './specs.ts'
import { unknownNames } from './unknown-names.ts'
import { ValueReader } from './value-reader.ts'

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
  /** Where these may go, by variable. */
  readonly secretBindings: ReadonlyMap<string, SecretBinding>
}

/** The settings, the origin of each, and names that look like settings but are not. */
export interface Configuration {
  readonly settings: Settings
  readonly origins: Readonly<Record<SettingName, string>>
  readonly unknown: readonly string[]
  /** Variables whose secret is too short to be redacted by value. */
  readonly weakSecrets: readonly string[]
  /** What was normalized about the values, each with its variable or flag; no secret. */
  readonly normalized: readonly string[]
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

const specList = Object.entries(specs) as [SettingName, Spec<z.ZodType>][]

/** Flags of the settings. */
export const settingFlags: ReadonlyMap<string, { readonly name: SettingName; readonly takesValue: boolean }> =
  new Map(
    specList.flatMap(([name, spec]) => {
      const flag = flagOf(spec)
      return flag === undefined ? [] : [[flag, { name, takesValue: name !== 'sandbox' }] as const]
    }),
  )

/** The value of one setting as it was given. */
interface GivenValue {
  /** The variable or flag that holds it. */
  readonly source: string
  readonly raw: string
  readonly origin: string
}

/** A flag wins over the environment, an empty value counts as not set. */
function givenValue(
  spec: Spec<z.ZodType>,
  flag: string | undefined,
  env: Environment,
): GivenValue | undefined {
  if (flag !== undefined) {
    const source = flagOf(spec) ?? spec.env
    if (isEmptyValue(flag)) throw new SettingsError(`${source} needs a value: ${source} VALUE.`)
    return { source, raw: flag, origin: `flag ${source}` }
  }
  const source = [spec.env, spec.alias ?? spec.env].find((name) => !isEmptyValue(env[name]))
  if (spec.rejectEmpty && env[spec.env] !== undefined && isEmptyValue(env[spec.env]))
    throw new SettingsError(
      `${spec.env} is set but empty, which would guard nothing: give it a value, or unset it.`,
    )
  return source === undefined
    ? undefined
    : { source, raw: env[source] ?? '', origin: `environment ${source}` }
}

/** The flag or variable of an origin; undefined for a default. */
const sourceIn = (origin: string): string | undefined => /^(?:flag|environment) (.+)$/.exec(origin)?.[1]

/** The result of reading one setting. */
interface Reading {
  readonly value: unknown
  readonly origin: string
  /** Why the value cannot be used. */
  readonly fault?: string
}

const notSet: Reading = { value: undefined, origin: 'not set' }

/** Reads one setting. The fault of one that is not used does not count, so it is returned. */
function readSetting(
  spec: Spec<z.ZodType>,
  flag: string | undefined,
  env: Environment,
  reader: ValueReader,
): Reading {
  const parse = (text: string): unknown => {
    const { data, error } = spec.schema.safeParse(text)
    if (error) throw new UnusableValueError(error.issues[0]?.message)
    return data
  }
  const given = givenValue(spec, flag, env)
  const file = spec.secret && !isEmptyValue(env[`${spec.env}_FILE`]) ? env[`${spec.env}_FILE`] : undefined
  if (given && file !== undefined)
    throw new SettingsError(`Both ${given.source} and ${spec.env}_FILE are set: keep one of them.`)
  try {
    if (file !== undefined)
      return { value: parse(reader.secretFromFile(spec.env, file)), origin: `file of ${spec.env}_FILE` }
    if (given) {
      const text = reader.text(given.source, given.raw, spec.schema)
      if (text !== '') return { value: parse(text), origin: given.origin }
    }
    return spec.default === undefined ? notSet : { value: parse(spec.default), origin: 'default' }
  } catch (error) {
    if (!(error instanceof UnusableValueError)) throw error
    return { ...notSet, fault: `${given?.source ?? spec.env} ${error.message}.` }
  }
}

/**
 * True for a proxy that this program does not use. Other programs read the variable too, so it is not
 * validated.
 */
function isUnused(name: SettingName, { sandbox, httpsProxy }: Settings): boolean {
  if (name === 'httpProxy') return sandbox || httpsProxy !== undefined
  return name === 'httpsProxy' && sandbox
}

/** Refuses an address of Qualys that serves something else: the other product, or the web interface. */
function refuseWrongServers({ gatewayUrl, apiUrl }: Settings): void {
  if (gatewayUrl !== undefined && apiUrl !== undefined && areSwapped(gatewayUrl, apiUrl))
    throw new SettingsError(
      `QUALYS_GATEWAY_URL and QUALYS_API_URL are swapped: write QUALYS_GATEWAY_URL=${apiUrl} and QUALYS_API_URL=${gatewayUrl}.`,
    )
  for (const [name, url] of Object.entries({ gatewayUrl, apiUrl }) as ['gatewayUrl' | 'apiUrl', string?][]) {
    const right = url === undefined ? undefined : rightUrl(name, url)
    if (right !== undefined)
      throw new SettingsError(
        `${specs[name].env} names another server of Qualys than ${name === 'apiUrl' ? 'the API server' : 'the gateway'}: write ${right}.`,
      )
  }
}

function refuseContradictions(settings: Settings): void {
  const urls = settings.gatewayUrl !== undefined || settings.apiUrl !== undefined
  if (settings.platform && urls) {
    throw new SettingsError(
      'Both QUALYS_PLATFORM and QUALYS_GATEWAY_URL or QUALYS_API_URL are set: keep the platform or the two URLs.',
    )
  }
  refuseWrongServers(settings)
  if (settings.sandbox && (settings.platform || urls)) {
    throw new SettingsError(
      'The sandbox and a real platform are both set: drop --sandbox (QUALYS_SANDBOX), or the platform and URLs.',
    )
  }
}

/** On Windows names have no case: every part of this program reads them in capitals. */
const withPlainNames = (env: Environment): Environment =>
  platform() === 'win32'
    ? Object.fromEntries(Object.entries(env).map(([name, value]) => [name.toUpperCase(), value]))
    : env

/**
 * Reads flags and environment. Throws a SettingsError for the first invalid setting. `place`: where the program
 * runs, in a terminal unless it is said.
 */
export function readSettings(
  flags: Readonly<Partial<Record<SettingName, string>>>,
  environment: Environment,
  place: Place = { isStartedByClient: false },
): Configuration {
  const env = withPlainNames(environment)
  const unknown = unknownNames(env)
  const reader = new ValueReader(place)
  const results = specList.map(([name, spec]) => ({ name, ...readSetting(spec, flags[name], env, reader) }))
  const values = new Map<string, unknown>(
    results.filter(({ value }) => value !== undefined).map(({ name, value }) => [name, value]),
  )
  const secrets = namedSecrets(env, reader)
  const bindings = secretBindings(env, secrets, reader, values.get('mode') === 'unattended')
  const settings = { ...Object.fromEntries(values), secrets, secretBindings: bindings } as Settings
  for (const { name, fault } of results)
    if (fault !== undefined && !isUnused(name, settings)) throw new SettingsError(fault)
  refuseContradictions(settings)
  const confirm = results.find(({ name }) => name === 'confirm')
  refuseContradictoryGuards(settings, confirm && sourceIn(confirm.origin))
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
    normalized: reader.normalized,
  }
}
