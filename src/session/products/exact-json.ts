import { parse, stringify } from 'lossless-json'
import { randomUUID } from '../../shared/crypto.ts'
import { bigintsAsText, parseJson, withoutMark } from '../../shared/json.ts'

// JSON with every digit of its whole numbers. JSON.parse rounds those beyond 2^53, and JSON.stringify takes no
// bigint. Both could do without a library from Node 22 on.

/** The fewest digits of a number beyond 2^53. */
const minDigits = 16

/** A number of 16 digits or more where a value may stand: no other number can be beyond 2^53. */
const longNumber = /(?:^|[[:,\s])-?\d{16}/

/** Above this, a text is kept from the library, which builds it letter by letter: each takes 36 bytes of memory. */
const maxTextLength = 256

/** More digits than any id has. They take time to read, so such a number is rounded. */
const wholeNumber = /^(-?\d{16,40})(?:\.0+)?$/

/** A whole number beyond 2^53 as a bigint, any other as usual: a long fraction is rounded. */
function numberOf(token: string): number | bigint {
  const digits = wholeNumber.exec(token)?.[1]
  return digits === undefined || Number.isSafeInteger(Number(digits)) ? Number(token) : BigInt(digits)
}

/** The index behind the text that begins at `open`. */
function endOfText(json: string, open: number): number {
  for (let close = json.indexOf('"', open + 1); close > 0; close = json.indexOf('"', close + 1)) {
    let first = close
    while (json[first - 1] === '\\') first--
    // Two backslashes are one that escapes nothing.
    if ((close - first) % 2 === 0) return close + 1
  }
  return json.length
}

/** What is outside texts, and the text behind it; the last part has none. */
interface Part {
  readonly outside: string
  readonly text: string
  readonly end: number
}

function* partsOf(json: string): Generator<Part, void, void> {
  for (let at = 0; at < json.length; ) {
    const found = json.indexOf('"', at)
    const open = found < 0 ? json.length : found
    const end = found < 0 ? json.length : endOfText(json, open)
    yield { outside: json.slice(at, open), text: json.slice(open, end), end }
    at = end
  }
}

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39

/** True if enough digits for such a number stand together. Looks backwards from where the last of them would stand. */
function hasDigitRun(json: string): boolean {
  for (let end = minDigits - 1; end < json.length; ) {
    const start = end - minDigits
    let at = end
    while (at > start && isDigit(json.charCodeAt(at))) at--
    if (at === start) return true
    end = at + minDigits
  }
  return false
}

function hasLongNumber(json: string): boolean {
  if (!hasDigitRun(json)) return false
  for (const { outside } of partsOf(json)) if (longNumber.test(outside)) return true
  return false
}

/** True if the text that ends there is the name of a member. */
function isName(json: string, end: number): boolean {
  const colon = /\s*:/y
  colon.lastIndex = end
  return colon.test(json)
}

/** Reads JSON with a long number in it. Long texts are read by JSON.parse. */
function parseExact(json: string): unknown {
  const marker = randomUUID()
  const longTexts: string[] = []
  let short = ''
  for (const { outside, text, end } of partsOf(json)) {
    const isKept = text.length > maxTextLength && !isName(json, end)
    short += outside + (isKept ? `"${marker}${longTexts.push(text) - 1}"` : text)
  }
  const restore = (_key: string, value: unknown): unknown =>
    typeof value === 'string' && value.startsWith(marker)
      ? JSON.parse(longTexts[Number(value.slice(marker.length))] ?? '')
      : value
  // JSON.parse takes the last of two members with one name.
  const onDuplicateKey = ({ newValue }: { newValue: unknown }): unknown => newValue
  return parse(short, restore, { parseNumber: numberOf, onDuplicateKey })
}

/**
 * The JSON value of a text; undefined if it is not JSON. Whole numbers beyond 2^53 become text, unless `convert`,
 * which gets them as bigints, does otherwise.
 */
export function readJson(text: string, convert: (exact: unknown) => unknown = bigintsAsText): unknown {
  const json = withoutMark(text)
  if (!hasLongNumber(json)) return parseJson(json)
  try {
    return convert(parseExact(json))
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** JSON in which a bigint is a number. */
export const writeJson = (value: object): string => stringify(value) ?? ''
