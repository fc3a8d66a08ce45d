import { gatewayCodes } from '../../../session/products/car-refusal.ts'
import { serviceCodes } from '../../../session/products/saq.ts'

// What a recording may publish of headers and refusals: numbers, and words that this program knows.

const numberPattern = /^\d{1,9}$/

/** Never X-Powered-By, which holds the ids of subscription and user (qualys-platform.md 3.1). */
const allowed: Readonly<Record<string, RegExp>> = {
  'content-type':
    /^(?:application|text)\/(?:json|xml|html|plain|csv|zip|pdf|octet-stream|problem\+json|vnd\.qualys\.car\.api\.v\d\.\d\+json)$/,
  'content-encoding': /^(?:gzip|br|deflate|identity)$/,
  'retry-after': numberPattern,
  'x-ratelimit-limit': numberPattern,
  'x-ratelimit-window-sec': numberPattern,
  'x-ratelimit-remaining': numberPattern,
  'x-ratelimit-towait-sec': numberPattern,
  'x-concurrency-limit-limit': numberPattern,
  'x-concurrencylimit-limit': numberPattern,
  'x-concurrency-limit-running': numberPattern,
  'x-concurrencylimit-running': numberPattern,
}

export const headerNames = Object.keys(allowed)

const otherValue = '(another value)'

/** The headers of interest. A value of an unexpected form is not shown, only that it exists. */
export function headersOf(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(allowed).flatMap(([name, pattern]) => {
      const value = headers[name]?.split(';')[0]?.trim().toLowerCase()
      if (value === undefined) return []
      return [[name, pattern.test(value) ? value : otherValue] as const]
    }),
  )
}

const otherCode = '(another code)'
export const publishedCodes: readonly string[] = [
  ...Object.keys({ ...gatewayCodes, ...serviceCodes }),
  otherCode,
]

export const codeOf = (code: string): string => (publishedCodes.includes(code) ? code : otherCode)

/**
 * Sentences that Qualys is known to send (qualys-platform.md 4, saq-api.md 1.5), and this program's name for
 * each.
 */
const knownPhrases: readonly (readonly [string, RegExp])[] = [
  ['token expired', /^JWT expired/],
  ['not authenticated', /^Not authenticated/],
  ['wrong credentials', /InvalidCredentialsException|^Authentication failed|^Bad Login/i],
  ['no API access', /not authorized to access the application through the API/i],
  ['element is required', /: Element is required/],
  ['invalid value', /: Invalid value/],
  ['element must not be set', /: Element must not be set/],
  ['method not allowed', /^Request method '[A-Z]+' (?:is )?not supported|^Method Not Allowed$/i],
  ['no such path', /^No message available$|^Not Found$|^No (?:endpoint|static resource)\b/i],
  ['limit', /cannot be run again for another \d+ seconds|rate limit/i],
]

export const phraseNames = knownPhrases.map(([name]) => name)

/** The name of a known refusal sentence; undefined for others. */
export function phraseOf(message: string): string | undefined {
  return knownPhrases.find(([, pattern]) => pattern.test(message))?.[0]
}
