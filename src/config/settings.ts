import { closestMatch } from 'leven'
import type { z } from 'zod'
import { SettingsError } from '../shared/errors.ts'
import { isShort, isWeak, Secret, shortest } from '../shared/secrets.ts'
import { secretIn, UnusableFile } from './secret-file.ts'
import { type Spec, specs } from './specs.ts'

type Specs = typeof specs
export type SettingName = keyof Specs
type Value<S> = S extends { readonly schema: infer Z extends z.ZodType } ? z.output<Z> : never

/** The settings in force. Those without a value and without a default are absent. */
export type Settings = {
  readonly [K in SettingName as Specs[K] extends { readonly fallback: string } ? K : never]: Value<Specs[K]>
} & {
  readonly [K in SettingName as Specs[K] extends { readonly fallback: string } ? never : K]?: Value<Specs[K]>
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
  readonly weak: readonly string[]
}

export type Environment = Readonly<Record<string, string | undefined>>

/**
 * The flag of a setting: `QUALYS_MODE` becomes `--mode`. Secrets have none, since other users of the machine
 * can see flags.
 */
export function flagOf({
  env,
  secret,
}: {
  readonly env: string
  readonly secret?: true
}): string | undefined {
  return secret || !env.startsWith('QUALYS_')
    ? undefined
    : `--${env.slice(7).toLowerCase().replaceAll('_', '-')}`
}

/** `QUALYS_SECRET_<NAME>`, for values that an input names (design 4). */
const namedSecret = /^QUALYS_SECRET_[A-Z0-9_]+?(_FILE)?$/

const list = Object.entries(specs) as [SettingName, Spec<z.ZodType>][]

/** Flags of the settings. */
export const settingFlags: ReadonlyMap<string, { readonly name: SettingName; readonly takesValue: boolean }> =
  new Map(
    list.flatMap(([name, spec]) => {
      const flag = flagOf(spec)
      return flag === undefined ? [] : [[flag, { name, takesValue: name !== 'sandbox' }] as const]
    }),
  )

/** Names that look like a safety setting of this program but are not, and what to use instead. */
const falsePromises: Readonly<Record<string, string>> = {
  QUALYS_READ_ONLY: 'QUALYS_MODE=read-only',
  QUALYS_READONLY: 'QUALYS_MODE=read-only',
  QUALYS_DRY_RUN: 'QUALYS_MODE=read-only',
  QUALYS_DRYRUN: 'QUALYS_MODE=read-only',
  QUALYS_SAFE_MODE: 'QUALYS_MODE=read-only',
  QUALYS_NO_WRITE: 'QUALYS_MODE=read-only',
}

function unknownNames(env: Environment): string[] {
  const known = list.flatMap(([, spec]) => (spec.secret ? [spec.env, `${spec.env}_FILE`] : [spec.env]))
  const unknown = Object.keys(env).filter(
    (name) => name.startsWith('QUALYS_') && !known.includes(name) && !namedSecret.test(name),
  )
  for (const name of unknown) {
    const meant = falsePromises[name] ?? closestMatch(name, known, { maxDistance: 2 })
    if (meant !== undefined) {
      throw new SettingsError(
        `${name} is no setting of qualys-mcp: use ${meant}, or unset it, since it would do nothing.`,
      )
    }
  }
  return unknown
}

function fromFile(env: string, path: string, lines?: 'one' | 'many'): string {
  try {
    return secretIn(path, lines)
  } catch (error) {
    if (!(error instanceof UnusableFile)) throw error
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
    const value = match[1] === undefined ? text : fromFile(variable, text, 'many')
    if (isShort(value))
      throw new SettingsError(
        `${variable} is shorter than ${shortest} characters: it could not be told from ordinary text, and would be shown.`,
      )
    secrets.set(variable, new Secret(value))
  }
  return secrets
}

interface Given {
  readonly text: string
  readonly origin: string
}

/** The value of one setting: a flag wins over the environment, an empty value counts as not set. */
function given(spec: Spec<z.ZodType>, flag: string | undefined, env: Environment): Given | undefined {
  if (flag !== undefined) return { text: flag, origin: `flag ${flagOf(spec)}` }
  const text = env[spec.env] || (spec.also && env[spec.also])
  if (spec.guard && env[spec.env] === '')
    throw new SettingsError(
      `${spec.env} is set but empty, which would guard nothing: give it a value, or unset it.`,
    )
  const path = spec.secret && env[`${spec.env}_FILE`]
  if (text && path)
    throw new SettingsError(`Both ${spec.env} and ${spec.env}_FILE are set: keep one of them.`)
  if (path) return { text: fromFile(spec.env, path), origin: `file of ${spec.env}_FILE` }
  if (text) return { text, origin: `environment ${spec.env}` }
  return spec.fallback === undefined ? undefined : { text: spec.fallback, origin: 'default' }
}

/**
 * True for a proxy that this program does not use. Other programs read the variable too, so it is not
 * validated.
 */
function isIdle(name: SettingName, { sandbox, httpsProxy }: Settings): boolean {
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
  const read = list.map(([name, spec]) => {
    const found = given(spec, flags[name], env)
    if (!found) return { name, value: undefined, origin: 'not set' }
    const parsed = spec.schema.safeParse(found.text)
    if (parsed.success) return { name, value: parsed.data, origin: found.origin }
    const shown = found.origin.startsWith('flag') ? flagOf(spec) : spec.env
    return {
      name,
      value: undefined,
      origin: 'not set',
      fault: `${shown} ${parsed.error.issues[0]?.message}.`,
    }
  })
  const settings = Object.fromEntries([
    ...read.filter(({ value }) => value !== undefined).map(({ name, value }) => [name, value]),
    ['secrets', namedSecrets(env)],
  ]) as Settings
  for (const { name, fault } of read)
    if (fault !== undefined && !isIdle(name, settings)) throw new SettingsError(fault)
  refuseContradictions(settings)
  return {
    settings,
    origins: Object.fromEntries(read.map(({ name, origin }) => [name, origin])) as Record<
      SettingName,
      string
    >,
    unknown,
    weak: list
      .filter(([name]) => settings[name] instanceof Secret && isWeak(settings[name]))
      .map(([, { env }]) => env),
  }
}
