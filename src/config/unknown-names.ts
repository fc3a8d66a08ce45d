import leven, { closestMatch } from 'leven'
import type { z } from 'zod'
import { SettingsError } from '../shared/errors.ts'
import { limitSpecs } from './limits/specs.ts'
import { isNamedSecret } from './named-secrets.ts'
import type { Spec } from './setting.ts'
import { specs } from './specs.ts'

// Names that look like settings and are none. One that promises a safety which it does not give stops the start.

/** Parts of words that promise a limit, a check or a stop. */
const promises = new RegExp(
  [
    ...[
      'ALLOW',
      'BLOCK',
      'DENY',
      'DENIE[DS]',
      'FORBID',
      'EXCLUD',
      'RESTRICT',
      'PREVENT',
      'PROTECT',
      'DISABL',
    ],
    ...['WHITELIST', 'BLACKLIST', 'PERMI[ST]', 'PROHIBIT', 'TRUSTED', 'AUTHORI[SZ]E', 'BUDGET', 'LIMIT'],
    ...['QUOTA', 'THROTTL', 'CEILING', 'CONFIRM', 'REQUIR', 'APPROV', 'CONSENT', 'REVIEW', 'PROMPT', 'VERIF'],
    ...[
      'ENFORC',
      'SUPERVIS',
      'ATTEND',
      'AUDIT',
      'TAMPER',
      'SECRET',
      'REDACT',
      'GUARD',
      'QUARANTIN',
      'ISOLAT',
    ],
    ...['LOCKDOWN', 'PASSKEY', 'KILLSWITCH', 'BLACKOUT', 'EMBARGO', 'CURFEW', 'SIMULAT', 'SANDBOX'],
  ].join('|'),
)

/** Beginnings of such words: within a word they mean something else. */
const promisingStarts =
  /^(?:MAX|MINIM|READ|DRY|SAFE|STOP|WINDOW|NEVER|FREEZ|SECUR|STRICT|REJECT|REFUS|DECLIN)/

/** Whole words that do so, and ends of words run together. */
const promisingWords =
  /^(?:MIN|PINS?|PINNED|PINNING|ASK|CAP|PER|DAILY|HOURLY|KILL|HALT|PAUSE|LOCK|LOCKED|MODE|WRITES?|HUMAN|EYES|QUIET|BAN|BANNED|VETO|NOT|NOOP)$|ONLY$/

/** Words that promise something together: that a thing is not done, or not to something. */
const promisingPairs =
  /(?:^|_)(?:(?:NO|DONT|CANNOT|CAN|ENABLED?|WITHOUT)_?(?:WRIT|RUN|EXEC|DELET|CHANG|EFFECT|UPDAT|CREAT|MAIL|REBOOT|SCRIPT|UNBLOCK|OP$)|(?:SKIP|IGNORED?|OMIT|AVOID|SCOPED?|PROD|PRODUCTION)_(?:HOST|ASSET|MACHINE|SERVER|TAG|SCRIPT|PEOPLE)|(?:TWO|SECOND|DUAL)_(?:PERSON|PEOPLE|CONTROL)|(?:BUSINESS|WORK|WORKING|OFFICE|OFF)_HOURS)/

/** Such words that are recognized with a slip as well. */
const promisesWithSlips = [
  ...['ALLOW', 'BLOCK', 'AUDIT', 'LIMIT', 'GUARD'],
  ...['ALLOWED', 'BLOCKED', 'CONFIRM', 'REQUIRE', 'APPROVE', 'APPROVAL', 'FORBID', 'FORBIDDEN'],
  ...['BUDGET', 'SECRET', 'DISABLE', 'RESTRICT', 'READONLY', 'MAXIMUM'],
]

const sorted = (word: string): string => [...word].sort().join('')

/**
 * True for a word with one slip: a letter more or less, two that are swapped, or in a long word another one (CLOCK is no
 * slip of BLOCK).
 */
function isSlipOf(word: string, other: string): boolean {
  const distance = leven(word, other)
  if (distance === 1) return word.length !== other.length || word.length > 5
  return distance === 2 && sorted(word) === sorted(other)
}

const wordsOf = (name: string): string[] =>
  name
    .replace(/^QUALYS_/, '')
    .split('_')
    .filter((word) => word !== '')

const safetySpecs: readonly Spec<z.ZodType>[] = [
  ...Object.values(limitSpecs),
  ...[specs.mode, specs.confirm, specs.auditFile, specs.excludeTools],
]
const safetyNames = safetySpecs.map(({ env }) => env)
const safetyWords = new Set(safetyNames.flatMap(wordsOf))

const isPromising = (word: string): boolean =>
  promises.test(word) ||
  promisingStarts.test(word) ||
  promisingWords.test(word) ||
  promisesWithSlips.some((other) => isSlipOf(word, other))

/** True for a name that an operator would trust: a word of it promises a safety, or all are words of our limits. */
function promisesSafety(name: string): boolean {
  const words = wordsOf(name)
  const areOurs = words.length > 0 && words.every((word) => safetyWords.has(word))
  return areOurs || words.some(isPromising) || promisingPairs.test(words.join('_'))
}

/** Words that mean the same as one of ours. */
const synonyms: Readonly<Record<string, string>> = {
  ...{ HOST: 'ASSET', MACHINE: 'ASSET', RECIPIENT: 'MAIL', PEOPLE: 'MAIL' },
  ...{ DENY: 'BLOCK', DENIED: 'BLOCK', PROTECT: 'BLOCK', PROTECTED: 'BLOCK', BLACKLIST: 'BLOCK' },
  ...{ EXCLUDE: 'BLOCK', EXCLUDED: 'BLOCK', SKIP: 'BLOCK', IGNORE: 'BLOCK', OMIT: 'BLOCK', AVOID: 'BLOCK' },
  ...{ BAN: 'BLOCK', BANNED: 'BLOCK', PROHIBITED: 'BLOCK', REJECTED: 'BLOCK' },
  ...{ ONLY: 'ALLOW', WHITELIST: 'ALLOW', PERMITTED: 'ALLOW', TRUSTED: 'ALLOW', APPROVED: 'ALLOW' },
  ...{ LIMIT: 'MAX', MAXIMUM: 'MAX', CAP: 'MAX' },
}

/** Words that say little of what a setting is about. */
const vagueStems = new Set(['MAX', 'PER', 'DAY', 'HOUR', 'FILE', 'BY'])

/** A word without its ending: `ALLOWED` and `ALLOWLIST` become `ALLOW`, `TAGS` becomes `TAG`. */
function stemOf(word: string): string {
  const singular = word.replace(/S$/, '')
  return (synonyms[singular] ?? singular).slice(0, 5)
}

/** The one of our settings that shares most words with a name; undefined if several share a single one. */
function mostSimilar(name: string): string | undefined {
  const stems = new Set(wordsOf(name).map(stemOf))
  const scored = safetyNames.map((env) => {
    const shared = [...new Set(wordsOf(env).map(stemOf))].filter((stem) => stems.has(stem))
    const telling = shared.filter((stem) => !vagueStems.has(stem)).length
    return { env, count: shared.length, telling, distance: leven(name, env) }
  })
  const [best, next] = scored.sort(
    (a, b) => b.telling - a.telling || b.count - a.count || a.distance - b.distance,
  )
  if (!best || best.telling === 0) return undefined
  return best.count > 1 || next?.telling === 0 ? best.env : undefined
}

/** What is meant by names that share no word with ours, the first that fits. */
const meanings: readonly (readonly [pattern: RegExp, suggestion: string])[] = [
  [/^(?:REBOOT|DELET|UNBLOCK|BYPASS)/, 'QUALYS_FORBID'],
  [/^(?:UN)?ATTEND/, 'QUALYS_MODE'],
  [/^(?:REQUIR|APPROV|CONFIRM|CONSENT|ASK$|HUMAN$|REVIEW|PROMPT|EYES$|PERSON|SUPERVIS)/, 'QUALYS_CONFIRM'],
  [/^(?:KILL|HALT|PAUSE|FREEZ|STOP|LOCKDOWN)/, 'QUALYS_STOP_FILE'],
  [/^(?:WINDOW|QUIET|BLACKOUT|EMBARGO|CURFEW|HOURS)/, 'QUALYS_WINDOW'],
  [/^(?:FORBID|PROHIBIT|DISABL|PREVENT|NEVER|NO|DONT|CANNOT)/, 'QUALYS_FORBID'],
  [/^PIN/, 'QUALYS_ALLOWED_SCRIPTS'],
  [/SECRET/, 'QUALYS_SECRET_<NAME> in capitals'],
]
const readOnly = /^(?:READ|DRY|SAFE|WRITES?$|NOWRIT|NOOP$|SIMULAT)/

function suggestionFor(name: string): string | undefined {
  const words = wordsOf(name)
  if (words.some((word) => readOnly.test(word)) || /NO_WRIT/.test(name)) return 'QUALYS_MODE=read-only'
  const [, meant] = meanings.find(([pattern]) => words.some((word) => pattern.test(word))) ?? []
  return mostSimilar(name) ?? meant
}

function refuseName(name: string, suggestion: string | undefined): SettingsError {
  return new SettingsError(
    suggestion === undefined
      ? `${name} is no setting of qualys-mcp, though its name promises a safety: unset it, since it would do nothing.`
      : `${name} is no setting of qualys-mcp: use ${suggestion}, or unset it, since it would do nothing.`,
  )
}

/** The setting of which a name is a slip: in a short name two other letters make another word (HOME is no slip of MODE). */
function slipOf(name: string, known: readonly string[]): string | undefined {
  const nearest = closestMatch(name, known, { maxDistance: 2 })
  if (nearest === undefined || leven(name, nearest) === 1 || !name.startsWith('QUALYS_')) return nearest
  return wordsOf(nearest).join('').length > 7 || sorted(name) === sorted(nearest) ? nearest : undefined
}

/**
 * The names in the environment that look like settings and are none. Throws a SettingsError for one that is a slip of a
 * setting, or that promises a safety.
 */
export function unknownNames(env: Readonly<Record<string, string | undefined>>): string[] {
  const all: readonly Spec<z.ZodType>[] = Object.values(specs)
  const known = all.flatMap((spec) => (spec.secret ? [spec.env, `${spec.env}_FILE`] : [spec.env]))
  const own = known.filter((name) => name.startsWith('QUALYS_'))
  const unknown: string[] = []
  for (const name of Object.keys(env)) {
    // `qualys_mode` and letters of full width are other variables, which would guard nothing.
    const upper = name.normalize('NFKC').toUpperCase()
    if (known.includes(name) || isNamedSecret(name) || !/^QU?A/.test(upper)) continue
    const slip = slipOf(upper, own)
    if (slip !== undefined) throw refuseName(name, slip)
    if (!upper.startsWith('QUALYS_')) continue
    if (promisesSafety(upper)) throw refuseName(name, suggestionFor(upper))
    unknown.push(name)
  }
  return unknown
}
