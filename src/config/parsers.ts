import { z } from 'zod'
import type { Route } from '../operations/operation.ts'
import { parseJson } from '../shared/json.ts'
import { Secret } from '../shared/secrets.ts'
import { lowerCase, normalizedBy, plainText, quotedText, secretText } from './normalizations.ts'

// Parsers for the texts of settings. Messages continue the setting's name.

/** Reads a text as a value, or complains. */
export const parser = <T>(
  read: (text: string) => T | undefined,
  complaint: string | ((text: string) => string),
) =>
  z.string().transform((text, context): T => {
    const value = read(text)
    if (value !== undefined) return value
    context.addIssue(typeof complaint === 'string' ? complaint : complaint(text))
    return z.NEVER
  })

/** Names, parted by commas or white space. */
export const namesIn = (text: string): string[] => text.split(/[\s,]+/).filter((name) => name !== '')

/** Names, separated by commas or white space. All names of tools are in lower case. */
export const nameList = normalizedBy(z.string().transform(namesIn), ...plainText, lowerCase)

/** Items, separated by commas: a tag's name may contain spaces. */
export const commaList = normalizedBy(
  parser((text) => {
    const items = text.split(',').map((item) => item.trim())
    const list = items.filter((item) => item !== '')
    return list.length > 0 && !/["'[\]{};]/.test(text) ? list : undefined
  }, 'must be names or ids parted by commas, without quotes, brackets and semicolons'),
  ...quotedText,
)

const effectWords = ['create', 'update', 'delete', 'execute'] as const

/** A subset of the effects. */
export const effects = normalizedBy(
  parser(
    (text): readonly (typeof effectWords)[number][] | undefined => {
      const words = new Set(namesIn(text))
      const chosen = effectWords.filter((word) => words.has(word))
      return chosen.length > 0 && chosen.length === words.size ? chosen : undefined
    },
    `must be some of ${effectWords.join(', ')}, parted by commas`,
  ),
  ...plainText,
  lowerCase,
)

/** Script ids, each optionally with the SHA-256 of the only content that may run. */
export const scriptPins = parser((text): ReadonlyMap<string, string | undefined> | undefined => {
  const pins = new Map<string, string | undefined>()
  for (const word of namesIn(text)) {
    const [, id, pin] = /^(0|[1-9]\d{0,17})(?:@([0-9a-f]{64}))?$/i.exec(word) ?? []
    if (id === undefined || pins.has(id)) return undefined
    pins.set(id, pin?.toLowerCase())
  }
  return pins
}, 'must list script ids, each once, as 19218 or 19218@<sha256 of the content, 64 hex digits>')

/** A boolean. */
export const boolean = parser<boolean>((text) => {
  if (/^(1|true|yes|on)$/i.test(text)) return true
  return /^(0|false|no|off)$/i.test(text) ? false : undefined
}, 'must be 1 or 0')

/** A whole number from `min` to `max`. */
export function wholeNumber(min: number, max: number) {
  return z
    .string()
    .refine((text) => /^\d{1,9}$/.test(text) && Number(text) >= min && Number(text) <= max, {
      error: `must be a whole number from ${min} to ${max}`,
    })
    .transform(Number)
}

/** One of the given words, which are in lower case. */
export function choice<const T extends readonly [string, ...string[]]>(values: T) {
  const schema = z.enum(values, { error: `must be one of ${values.join(', ')}` })
  return normalizedBy(schema, ...plainText, lowerCase)
}

const routeTable = z.record(z.string(), z.string().regex(/^(GET|POST|PATCH|DELETE) \/[\w/{}.-]+$/))

/** A JSON object: tool name to `METHOD /path`. */
export const routes = parser(
  (text) => routeTable.safeParse(parseJson(text)).data as Readonly<Record<string, Route>> | undefined,
  'must be a JSON object such as {"car_search_scripts":"POST /sm/v1/scripts/search"}',
)

/** A value that is never printed. Qualys takes none of several lines. */
export const secret = normalizedBy(
  parser(
    (text) => (/[\r\n]/.test(text) ? undefined : new Secret(text)),
    'holds more than one line: give it the secret, and nothing else',
  ),
  ...secretText,
)

const percentEncoded = (text: string): boolean => {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}

/** The address of a proxy; http:// is added if it has no scheme. Secret, since it may hold credentials. */
export const proxy = z.string().transform((text, context): Secret => {
  const given = text.trim()
  const address = /^[a-z][a-z\d+.-]*:\/\//i.test(given) ? given : `http://${given}`
  const url = URL.canParse(address) ? new URL(address) : undefined
  // A number alone is a port without a host; as a URL it would be the address 0.0.12.56.
  const bare = url !== undefined && /^\/?$/.test(url.pathname + url.search + url.hash) && !/^\d+$/.test(given)
  if (bare && /^https?:$/.test(url.protocol) && percentEncoded(url.username + url.password))
    return new Secret(address)
  context.addIssue(
    /^socks/.test(url?.protocol ?? '')
      ? 'names a SOCKS proxy, but only http and https proxies work: give the address of one, such as http://proxy.example.com:3128'
      : 'must be an address such as http://proxy.example.com:3128, without a path, and with special characters of a user name or password percent-encoded',
  )
  return z.NEVER
})
