import { readFileSync } from 'node:fs'
import { closestMatch } from 'leven'
import { z } from 'zod'
import { choice, names, origin, platform, proxy, routes, secret, whole, yes } from './setting-kinds.ts'

/** A setting that stops the start: one sentence that says what to do. */
export class SettingsError extends Error {}

interface Spec<S extends z.ZodType> {
  readonly env: string
  readonly schema: S
  /** Read as if it had been set. */
  readonly fallback?: string
  /** Never printed, no flag, and may come from the file that `<env>_FILE` names. */
  readonly secret?: true
  /** Another spelling in use. */
  readonly also?: string
  readonly help: string
}

const setting = <
  S extends z.ZodType,
  const F extends { readonly fallback?: string; readonly secret?: true; readonly also?: string },
>(
  env: string,
  schema: S,
  help: string,
  more?: F,
) => ({ env, schema, help, ...more }) as Spec<S> & F

/** Every setting, in the order of the README. */
export const specs = {
  platform: setting(
    'QUALYS_PLATFORM',
    platform,
    'Platform code (`US1` … `GOV1`), any host of it, or the base domain of a private platform',
  ),
  gatewayUrl: setting('QUALYS_GATEWAY_URL', origin, 'Gateway address (CAR), instead of the platform'),
  apiUrl: setting('QUALYS_API_URL', origin, 'API server address (SAQ), instead of the platform'),
  username: setting('QUALYS_USERNAME', z.string(), 'User name'),
  password: setting('QUALYS_PASSWORD', secret, 'Password', { secret: true }),
  clientId: setting(
    'QUALYS_CLIENT_ID',
    z.string(),
    'Client id, instead of user name and password on the gateway',
  ),
  clientSecret: setting('QUALYS_CLIENT_SECRET', secret, 'Client secret', { secret: true }),
  clientLevel: setting(
    'QUALYS_CLIENT_LEVEL',
    choice(['user', 'subscription']),
    'Level of the client: `user` (`/auth/oidc`) or `subscription` (`/auth/oauth`)',
    { fallback: 'user' },
  ),
  tokenFile: setting(
    'QUALYS_TOKEN_FILE',
    z.string(),
    'File with a JWT minted elsewhere; read again when refused',
  ),
  sandbox: setting('QUALYS_SANDBOX', yes, 'Use the pretend Qualys inside: no account, no network', {
    fallback: '0',
  }),
  mode: setting(
    'QUALYS_MODE',
    choice(['read-only', 'confirm', 'unattended']),
    'What may change things: `read-only` lists no tool with an effect',
    { fallback: 'confirm' },
  ),
  unverified: setting(
    'QUALYS_UNVERIFIED',
    choice(['reads', 'all', 'none']),
    'Tools whose path Qualys does not publish: guessed `reads`, `all`, or `none`',
    { fallback: 'reads' },
  ),
  routes: setting(
    'QUALYS_ROUTES',
    routes,
    'Right paths for guessed ones: a JSON object tool → `METHOD /path`',
    { fallback: '{}' },
  ),
  toolsets: setting('QUALYS_TOOLSETS', names, 'Only these toolsets, e.g. `car` or `car.runs,car.scripts`'),
  tools: setting('QUALYS_TOOLS', names, 'Only these tools (with `QUALYS_TOOLSETS`: these as well)'),
  excludeTools: setting('QUALYS_EXCLUDE_TOOLS', names, 'Never these tools', { fallback: '' }),
  reply: setting(
    'QUALYS_REPLY',
    choice(['text', 'json']),
    '`json`: structured content and output schemas for programs',
    { fallback: 'text' },
  ),
  replyChars: setting('QUALYS_REPLY_CHARS', whole(2_000, 400_000), 'Most characters of one reply', {
    fallback: '24000',
  }),
  maxWaitSeconds: setting(
    'QUALYS_MAX_WAIT_SECONDS',
    whole(0, 3600),
    'Longest wait for a limit or a retry within one call',
    { fallback: '40' },
  ),
  concurrency: setting('QUALYS_CONCURRENCY', whole(1, 16), 'Requests to Qualys at the same time', {
    fallback: '2',
  }),
  caFile: setting('QUALYS_CA_FILE', z.string(), 'PEM file of CAs to trust besides the built-in ones'),
  httpsProxy: setting('HTTPS_PROXY', proxy, 'Proxy for https', { secret: true, also: 'https_proxy' }),
  noProxy: setting('NO_PROXY', z.string(), 'Hosts that need no proxy', { also: 'no_proxy' }),
} as const

type Specs = typeof specs
export type SettingName = keyof Specs
type Value<S> = S extends { readonly schema: infer Z extends z.ZodType } ? z.output<Z> : never

/** The settings in force; those without a value and without a default are absent. */
export type Settings = {
  readonly [K in SettingName as Specs[K] extends { readonly fallback: string } ? K : never]: Value<Specs[K]>
} & {
  readonly [K in SettingName as Specs[K] extends { readonly fallback: string } ? never : K]?: Value<Specs[K]>
}

/** The settings, where each came from, and names that look like settings but are none. */
export interface Configuration {
  readonly settings: Settings
  readonly origins: Readonly<Record<SettingName, string>>
  readonly unknown: readonly string[]
}

export type Environment = Readonly<Record<string, string | undefined>>

/** `QUALYS_MODE` is `--mode`; secrets have no flag, for flags are visible to every user of the machine. */
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

const list = Object.entries(specs) as [SettingName, Spec<z.ZodType>][]

/** Flags that settings have, and whether they take a value. */
export const settingFlags: ReadonlyMap<string, { readonly name: SettingName; readonly takesValue: boolean }> =
  new Map(
    list.flatMap(([name, spec]) => {
      const flag = flagOf(spec)
      return flag === undefined ? [] : [[flag, { name, takesValue: name !== 'sandbox' }] as const]
    }),
  )

/** Names that promise a safety this program does not take from them. */
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
  const unknown = Object.keys(env).filter((name) => name.startsWith('QUALYS_') && !known.includes(name))
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

function fromFile(env: string, path: string): string {
  let text: string
  try {
    text = readFileSync(path, 'utf8').replace(/\r?\n$/, '')
  } catch {
    throw new SettingsError(
      `The file that ${env}_FILE names cannot be read: check the path and its permissions.`,
    )
  }
  if (text === '')
    throw new SettingsError(`The file that ${env}_FILE names is empty: write the secret into it.`)
  return text
}

interface Given {
  readonly text: string
  readonly origin: string
}

/** One setting as given: a flag wins over the environment, an empty value counts as none. */
function given(spec: Spec<z.ZodType>, flag: string | undefined, env: Environment): Given | undefined {
  if (flag !== undefined) return { text: flag, origin: `flag ${flagOf(spec)}` }
  const text = env[spec.env] || (spec.also && env[spec.also])
  const path = spec.secret && env[`${spec.env}_FILE`]
  if (text && path)
    throw new SettingsError(`Both ${spec.env} and ${spec.env}_FILE are set: keep one of them.`)
  if (path) return { text: fromFile(spec.env, path), origin: `file of ${spec.env}_FILE` }
  if (text) return { text, origin: `environment ${spec.env}` }
  return spec.fallback === undefined ? undefined : { text: spec.fallback, origin: 'default' }
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

/** Reads flags and environment; anything wrong stops here, with one sentence. */
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
    throw new SettingsError(
      `${found.origin.startsWith('flag') ? flagOf(spec) : spec.env} ${parsed.error.issues[0]?.message}.`,
    )
  })
  const settings = Object.fromEntries(
    read.filter(({ value }) => value !== undefined).map(({ name, value }) => [name, value]),
  ) as Settings
  refuseContradictions(settings)
  return {
    settings,
    origins: Object.fromEntries(read.map(({ name, origin }) => [name, origin])) as Record<
      SettingName,
      string
    >,
    unknown,
  }
}
