// What may be published of headers and refusals: numbers, and words that are known beforehand.

const number = /^\d{1,9}$/

/** Never X-Powered-By, which holds the ids of subscription and user (qualys-platform.md 3.1). */
const allowed: Readonly<Record<string, RegExp>> = {
  'content-type':
    /^(?:application|text)\/(?:json|xml|html|plain|csv|zip|pdf|octet-stream|problem\+json|vnd\.qualys\.car\.api\.v\d\.\d\+json)$/,
  'content-encoding': /^(?:gzip|br|deflate|identity)$/,
  'retry-after': number,
  'x-ratelimit-limit': number,
  'x-ratelimit-window-sec': number,
  'x-ratelimit-remaining': number,
  'x-ratelimit-towait-sec': number,
  'x-concurrency-limit-limit': number,
  'x-concurrencylimit-limit': number,
  'x-concurrency-limit-running': number,
  'x-concurrencylimit-running': number,
}

export const headerNames = Object.keys(allowed) as [string, ...string[]]

export const otherValue = '(another value)'

/** The headers of interest. A value of an unexpected form is not shown, only that it exists. */
export function headersOf(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(allowed).flatMap(([name, form]) => {
      const value = headers[name]?.split(';')[0]?.trim().toLowerCase()
      if (value === undefined) return []
      return [[name, form.test(value) ? value : otherValue] as const]
    }),
  )
}

/** Codes in Qualys' form: `INVALID_REQUEST`, `1965`; of single words only the known one. */
export const codeForm = /^(?:UNAUTHORIZED|[A-Z]{2,20}(?:_[A-Z]{2,20}){1,4}|\d{1,5})$/
export const otherCode = '(another code)'

export const codeOf = (code: string): string => (codeForm.test(code) ? code : otherCode)

/**
 * Sentences that Qualys is known to send (qualys-platform.md 4, saq-api.md 1.5), and this program's name for
 * each.
 */
const phrases: readonly (readonly [string, RegExp])[] = [
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

export const phraseNames = phrases.map(([name]) => name) as [string, ...string[]]

/** The name of a known refusal sentence; undefined for others. */
export function phraseOf(message: string): string | undefined {
  return phrases.find(([, form]) => form.test(message))?.[0]
}
