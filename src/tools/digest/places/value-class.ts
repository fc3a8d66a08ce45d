import { isIPv6 } from 'node:net'
import { isCalendarWord } from '../lines/calendar.ts'

const guid = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i
const hardwareAddress = /^[\da-f]{2}([:-])(?:[\da-f]{2}\1){4,6}[\da-f]{2}$/i
const longHex = /^(?=.*[a-f])[\da-f]{12,}$/i
/** Identifiers within a path or a longer name. */
const identifiers =
  /(?<![a-z\d])(?:[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}|(?=[\da-f]*[a-f])(?=[\da-f]*\d)[\da-f]{8,})(?![a-z\d])/gi
const quantity = /^\d+\p{L}+$/u
/** `16,384`: a count with its thousands apart. */
const grouped = /^\d{1,3}(?:[,']\d{3})+$/
const duration = /^(?:\d+[dhms]){2,}$/i
const octet = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'
const address = new RegExp(`^(?:${octet}\\.){3}${octet}(?:/\\d+)?$`)
const date = /^(?:\d{4}[-/.]\d\d?[-/.]\d\d?|\d\d?[-/]\d\d?[-/]\d{2,4}|\d\d\.\d\d\.(?:\d\d|\d{4})\.?)$/
const instant = /^\d{4}-\d\d-\d\d[T_ ]\d\d:?\d\d/
const timeOfDay = /^\d{1,2}:\d\d(?::\d\d)?(?:[.,]\d+)?$/

/** True for a date, a time of day or both. */
export const isTime = (value: string): boolean =>
  date.test(value) || instant.test(value) || timeOfDay.test(value)

/** Words before a number that make it a name. */
const naming =
  /(?:\b(?:KB|CVE|QID|port|version|ver|v|build|release|rev|error|errno|code|event|rule)[\s:#]*|\bREG_\w+\s+)$/i

/** A key or a part of an image, in base64. */
const longBase64 = /^(?=.*\d)(?=.*[A-Z])(?=.*[a-z])[\w+/=-]{40,}$/

/** True for an identifier that is made for one thing: a GUID, a hardware address, a hash. */
const isIdentifier = (value: string): boolean =>
  longBase64.test(value) ||
  guid.test(value) ||
  hardwareAddress.test(value) ||
  longHex.test(value) ||
  isIPv6(value.replace(/%\w+$/, ''))

export const isHex = (value: string): boolean => /^[\da-f]+$/i.test(value)

/** Shorter ones may be numbers and words. */
const minHexLength = 7
/** A share of the values; the others may be odd. */
const mostValues = 0.9

/** The length of the hexadecimal values of a place, if nearly all values are such and have one: parts of hashes. */
export function lengthOfHex(values: Iterable<string>): number | undefined {
  const counts = new Map<number, number>()
  let count = 0
  let mixed = 0
  for (const value of values) {
    count++
    if (value.length < minHexLength || !isHex(value)) continue
    counts.set(value.length, (counts.get(value.length) ?? 0) + 1)
    if (/[a-f]/i.test(value) && /\d/.test(value)) mixed++
  }
  const [length] = [...counts].find(([, own]) => own >= count * mostValues) ?? []
  return mixed * 2 >= count ? length : undefined
}

/**
 * True for a number that names or measures something: `KB5032189`, `CVE-2026-1234`, `0x1f`, `1.2.3`, `-5`, `50.5`, a
 * port. Such values are results even where every host has its own. Identifiers, addresses and times are none.
 */
function isName(value: string, before: string): boolean {
  if (isTime(value) || duration.test(value) || quantity.test(value) || grouped.test(value)) return false
  if (address.test(value)) return /\bv(?:er(?:sion)?)?[\s:=]*$/i.test(before)
  if (/^[+-]\d/.test(value) || naming.test(before)) return /\d/.test(value)
  return /\d[.,]\d/.test(value) || /\p{L}.*\p{N}/u.test(value.replace(identifiers, ''))
}

/**
 * What a value looks like; of a quantity, its unit. Values of different classes at one place are not compared with each
 * other.
 */
export type ValueClass = string

/** The class of a value. `before`: what stands before it on the line. */
export function classOf(value: string, before: string): ValueClass {
  if (value === '') return 'nothing'
  if (isIdentifier(value)) return 'identifier'
  if (!/\p{N}/u.test(value)) return 'word'
  if (isName(value, before)) return 'name'
  if (quantity.test(value)) return `quantity in ${value.replace(/^\d+/, '')}`
  return /\p{L}/u.test(value) && !instant.test(value) ? 'mixed' : 'number'
}

const written = /^([+-]?\d[\d.,']*)(?:%|\p{L}{1,3})?$/u

/** The number that a value writes, a day or a time as milliseconds; undefined for any other value. */
export function numberIn(value: string): number | undefined {
  if (/^\d{4}-\d\d-\d\d/.test(value)) {
    const time = Date.parse(
      /^[ _]/.test(value.slice(10)) ? `${value.slice(0, 10)}T${value.slice(11)}` : value,
    )
    return Number.isNaN(time) ? undefined : time
  }
  const [, digits] = written.exec(value) ?? []
  if (digits === undefined) return undefined
  const number = Number(digits.replace(/'(?=\d{3})|,(?=\d{3}(?!\d))/g, '').replace(',', '.'))
  return Number.isFinite(number) ? number : undefined
}

/** The year of a date with the name of a month or a day; undefined for any other value. */
export function yearIn(value: string): number | undefined {
  const words = value.split(/[\s,]+/)
  const years = words.filter((word) => /^(?:19|20)\d\d\.?$/.test(word))
  return years.length === 1 && words.some(isCalendarWord) ? Number.parseInt(years[0] ?? '', 10) : undefined
}

/** True for a number that a date may hold: a day, or a year. */
export const isDatePart = (value: string): boolean =>
  /^(?:0?[1-9]|[12]\d|3[01])\.?$|^(?:19|20)\d\d\.?$/.test(value)
