import { closestMatch } from 'leven'
import { z } from 'zod'
import type { Route } from '../operations/operation.ts'
import { Secret } from '../shared/secrets.ts'
import { findPlatform, type Platform, platforms } from './platforms.ts'

// Parsers for the texts of settings. Messages continue the setting's name.

const loopback = new Set(['localhost', '127.0.0.1', '[::1]'])

/** An origin: https, or http on this machine. */
export const origin = z.string().transform((text, context): string => {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined
  const local = url !== undefined && loopback.has(url.hostname)
  const bare =
    url !== undefined &&
    url.username + url.password + url.search + url.hash === '' &&
    /^\/*$/.test(url.pathname)
  if (url && bare && (url.protocol === 'https:' || (local && url.protocol === 'http:'))) return url.origin
  context.addIssue(
    url?.protocol === 'http:' && !local
      ? 'must start with https:// (http is for this machine only, since credentials travel there)'
      : 'must be an address such as https://gateway.qg1.apps.qualys.com, without path or credentials',
  )
  return z.NEVER
})

/** A platform code, one of its hosts, or the base domain of a private platform. */
export const platform = z.string().transform((text, context): Platform => {
  const match = findPlatform(text)
  if (match) return match
  const codes = platforms.map(({ code }) => code)
  const near = closestMatch(text.toUpperCase(), codes, { maxDistance: 2 })
  context.addIssue(
    `must be one of ${codes.join(', ')}, or the base domain of a private platform${near ? ` (did you mean ${near}?)` : ''}`,
  )
  return z.NEVER
})

/** Names, separated by commas or white space. */
export const nameList = z.string().transform((text) => text.split(/[\s,]+/).filter((name) => name !== ''))

/** Items, separated by commas: a tag's name may contain spaces. */
export const commaList = z.string().transform((text, context): string[] => {
  const list = text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
  if (list.length > 0 && !/["'[\]{};]/.test(text)) return list
  context.addIssue('must be names or ids parted by commas, without quotes, brackets and semicolons')
  return z.NEVER
})

const effectWords = ['create', 'update', 'delete', 'execute'] as const

/** A subset of the effects. */
export const effects = nameList.transform((words, context): readonly (typeof effectWords)[number][] => {
  const chosen = effectWords.filter((word) => words.includes(word))
  if (chosen.length > 0 && chosen.length === new Set(words).size) return chosen
  context.addIssue(`must be some of ${effectWords.join(', ')}, parted by commas`)
  return z.NEVER
})

/** Script ids, each optionally with the SHA-256 of the only content that may run. */
export const scriptPins = nameList.transform((words, context): ReadonlyMap<string, string | undefined> => {
  const pins = new Map<string, string | undefined>()
  for (const word of words) {
    const [, id, pin] = /^(0|[1-9]\d{0,17})(?:@([0-9a-f]{64}))?$/i.exec(word) ?? []
    if (id === undefined || pins.has(id)) {
      context.addIssue(
        'must list script ids, each once, as 19218 or 19218@<sha256 of the content, 64 hex digits>',
      )
      return z.NEVER
    }
    pins.set(id, pin?.toLowerCase())
  }
  return pins
})

/** A boolean. */
export const boolean = z.string().transform((text, context): boolean => {
  if (/^(1|true|yes|on)$/i.test(text)) return true
  if (/^(0|false|no|off)$/i.test(text)) return false
  context.addIssue('must be 1 or 0')
  return z.NEVER
})

/** A whole number from `min` to `max`. */
export function wholeNumber(min: number, max: number) {
  return z
    .string()
    .refine((text) => /^\d{1,9}$/.test(text) && Number(text) >= min && Number(text) <= max, {
      error: `must be a whole number from ${min} to ${max}`,
    })
    .transform(Number)
}

/** One of the given words. */
export function choice<const T extends readonly [string, ...string[]]>(values: T) {
  return z.enum(values, { error: `must be one of ${values.join(', ')}` })
}

/** A JSON object: tool name to `METHOD /path`. */
export const routes = z.string().transform((text, context): Readonly<Record<string, Route>> => {
  const route = z.string().regex(/^(GET|POST|PATCH|DELETE) \/[\w/{}.-]+$/)
  try {
    const read = z.record(z.string(), route).parse(JSON.parse(text))
    return read as Record<string, Route>
  } catch {
    context.addIssue(`must be a JSON object such as {"car_search_scripts":"POST /sm/v1/scripts/search"}`)
    return z.NEVER
  }
})

/** A value that is never printed. */
export const secret = z.string().transform((text) => new Secret(text))

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
