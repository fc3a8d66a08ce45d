// How long Qualys asks to wait: in a header, or in the words of the refusal.

/** Header names in lower case. */
type Headers = Readonly<Record<string, string>>

/** The number in the first of these headers that has one. */
export function numberIn(headers: Headers, ...names: readonly string[]): number | undefined {
  const text = names
    .map((name) => headers[name])
    .find((value) => value !== undefined && /^\d{1,9}(\.\d{1,9})?$/.test(value.trim()))
  return text === undefined ? undefined : Number(text)
}

/**
 * `Retry-After` in seconds or as a date (RFC 9110, 10.2.3). A date is compared with the answer's own date.
 */
function retryAfter(headers: Headers): number | undefined {
  const seconds = numberIn(headers, 'retry-after')
  if (seconds !== undefined) return seconds
  const until = Date.parse(headers['retry-after'] ?? '')
  const now = Date.parse(headers['date'] ?? '')
  const wait = (until - (Number.isNaN(now) ? Date.now() : now)) / 1000
  return Number.isNaN(wait) ? undefined : Math.max(0, wait)
}

/** The seconds to wait in the headers; 0 also comes with answers that are not limited. */
export const secondsInHeaders = (headers: Headers): number | undefined =>
  numberIn(headers, 'x-ratelimit-towait-sec') ?? retryAfter(headers)

const amount = String.raw`(?<![-\d.,])(?:\d{1,3}(?:,\d{3})+|\d{1,9}(?:\.\d{1,9})?)\s*(?:s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|days?)(?![a-z])|(?<!\b(?:half|of)\s+)\b(?:an?|one)\s+(?:second|minute|hour|day)\b`
/** `1 minute and 30 seconds`. */
const duration = String.raw`((?:${amount})(?:[\s,]*(?:and\s+)?(?:${amount}))*)`

/** "This API cannot be run again for another N seconds" (qualys-platform.md 3.2), and the like. */
const untilNextCall = new RegExp(
  String.raw`\b(?:another|again|wait|retry|next|resets?|available)\b[^.\d]{0,60}?${duration}`,
  'i',
)
/** Within a refusal that is known as a limit; not the limit itself, "300 calls in 3600 seconds". */
const untilLimitEnds = new RegExp(
  String.raw`(?<!\b(?:calls?|requests?|executions?|times|allowed|made)\s+)\b(?:in|after|for)\s+(?:about\s+|at\s+least\s+)?${duration}`,
  'i',
)

const secondsPerUnit: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 }

function secondsOf(text: string): number {
  return [...text.matchAll(/([\d.,]+|\b(?:an?|one)\b)\s*([smhd])/gi)].reduce(
    (sum, [, count = '', unit = '']) => {
      const number = /\d/.test(count) ? numberOf(count) : 1
      return sum + number * (secondsPerUnit[unit.toLowerCase()] ?? 0)
    },
    0,
  )
}

const count = String.raw`(-?(?:\d{1,3}(?:,\d{3})+|\d{1,12})(?:\.\d{1,9})?)(?![\w.,]|\s*[a-z])`
/** A key and its value (`ITEM_LIST` of a `SIMPLE_RETURN`, or a member of JSON), in any notation and either order. */
const itemsWithSeconds = [
  String.raw`(?:\bseconds_?to_?wait|\bretry[-_]?after(?:[-_]?seconds)?)(?![-\w])(?:\W|KEY|VALUE|CDATA)*?${count}`,
  String.raw`<ITEM>\s*<VALUE>(?:\s|<!\[CDATA\[)*${count}(?:\s|\]\]>)*</VALUE>\s*<KEY>\s*SECONDS_TO_WAIT`,
].map((pattern) => new RegExp(pattern, 'i'))

/** Marks of emphasis, and entities, within a sentence. */
const markup = /<\/?\w[^<>]{0,100}>|&(?:nbsp|quot|apos|#\d{1,5});/g

/** A longer wait is an error of the sender: windows of limits have up to a day. */
const maxSeconds = 7 * 86_400
const numberOf = (text: string): number => Number(text.replaceAll(',', ''))
const wordsOf = (text: string): string => text.replace(markup, ' ')
const isPlausible = (seconds: number): boolean => seconds > 0 && seconds <= maxSeconds

/** A refusal is short. */
const maxTextLength = 4_000

/** The seconds until the next call in the text of an answer, if it says them in so many words. */
export function secondsUntilNextCall(text: string): number | undefined {
  const start = text.slice(0, maxTextLength)
  const items = itemsWithSeconds.map((item) => numberOf(item.exec(start)?.[1] ?? ''))
  return [...items, secondsOf(untilNextCall.exec(wordsOf(start))?.[1] ?? '')].find(isPlausible)
}

/** The seconds to wait that a limit names: in its headers, or else in its text. */
export function secondsTold({ headers, text }: { readonly headers: Headers; readonly text: string }) {
  const inHeaders = secondsInHeaders(headers)
  if (inHeaders) return inHeaders
  const other = secondsOf(untilLimitEnds.exec(wordsOf(text.slice(0, maxTextLength)))?.[1] ?? '')
  return secondsUntilNextCall(text) ?? (isPlausible(other) ? other : inHeaders)
}
