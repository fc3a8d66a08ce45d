import { isIPv6 } from 'node:net'

/**
 * Removes what differs between hosts with the same result. A host may print a megabyte of anything, so every
 * pattern reads a bounded number of characters from each possible start.
 */

const octet = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'
const month =
  '(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)'
const weekday = '(?:(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?,? {1,3})?'
const day = '(?:[12]\\d|3[01]|0?[1-9])'
const year = '(?:19|20)\\d\\d'
const clock = '(?:[01]?\\d|2[0-3]):[0-5]\\d'

/** Control characters cannot occur in a cleaned text, so no host can print a placeholder. */
const standIn = {
  host: '\u0001',
  address: '\u0002',
  time: '\u0003',
  guid: '\u0004',
  number: '\u0005',
} as const

type Pattern = readonly [found: RegExp, becomes: string]

/** First the patterns that contain numbers, times and colons. */
const named: readonly Pattern[] = [
  [/(?<![\da-f])[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}(?![\da-f])/gi, standIn.guid],
  [
    new RegExp(
      `(?<!\\d)${year}-[01]\\d-[0-3]\\d[T ]${clock}(?::[0-5]\\d(?:[.,]\\d{1,9})?)?(?:Z|[+-]\\d\\d:?\\d\\d(?!\\d))?`,
      'g',
    ),
    standIn.time,
  ],
  [/(?<![\da-f])[\da-f]{2}([:-])(?:[\da-f]{2}\1){4}[\da-f]{2}(?![\da-f]|[:-][\da-f])/gi, standIn.address],
  [/(?<![\da-f.])[\da-f]{4}\.[\da-f]{4}\.[\da-f]{4}(?![\da-f]|\.[\da-f])/gi, standIn.address],
  // Versions look the same as addresses, but must be kept: hosts with different versions differ.
  [
    new RegExp(
      `(?<!\\d|\\d\\.|\\bv|version[\\s"]{0,20}[:=]?[\\s"]{0,3})(?:${octet}\\.){3}${octet}(?!\\d|\\.\\d)`,
      'gi',
    ),
    standIn.address,
  ],
]

const times: readonly Pattern[] = [
  [new RegExp(`(?<!\\d)${year}([-/])[01]?\\d\\1[0-3]?\\d(?!\\d)`, 'g'), standIn.time],
  [new RegExp(`(?<![\\d./-])[0-3]?\\d([./-])[0-3]?\\d\\1${year}(?!\\d)`, 'g'), standIn.time],
  [/(?<![\d/])[0-3]\d\/[0-3]\d\/\d\d(?![\d/])/g, standIn.time],
  [new RegExp(`${weekday}\\b${month} {1,3}${day}(?:st|nd|rd|th)?(?:,? ${year})?(?!\\d)`, 'g'), standIn.time],
  [new RegExp(`${weekday}(?<!\\d)${day}[ -]${month}[ ,-]{1,2}(?:${year}|\\d\\d)(?!\\d)`, 'g'), standIn.time],
  [new RegExp(`(?<![\\d:.])${clock}:[0-5]\\d(?:[.,]\\d{1,9})?(?: ?[AP]M\\b)?(?![\\d:])`, 'gi'), standIn.time],
  [/(?<![\d:.])(?:0?\d|1[0-2]):[0-5]\d ?[AP]M\b/gi, standIn.time],
  // With one digit before the colon it could be a score.
  [/(?<![\d:.])(?:[01]\d|2[0-3]):[0-5]\d(?![\d:])/g, standIn.time],
]

const numbers: readonly Pattern[] = [[/\d{5,}(?:\.\d+)?/g, standIn.number]]

const without = (text: string, patterns: readonly Pattern[]): string =>
  patterns.reduce((rest, [found, becomes]) => rest.replace(found, becomes), text)

/** Candidates for IPv6 addresses: groups of hexadecimal digits and colons. Node decides. */
const colons = /(?<![\da-f:])[\da-f]{0,4}(?::[\da-f]{0,4}){2,8}(?:%\w{1,15})?(?![\da-f:])/gi

function withoutIpv6(text: string): string {
  return text.replace(colons, (found) => {
    const [, before = '', address = '', after = ''] = /^(:(?!:))?(.*?)((?<!:):)?$/s.exec(found) ?? []
    return isIPv6(address) ? `${before}${standIn.address}${after}` : found
  })
}

/** Shorter names and plain numbers also occur in other texts. */
const isTelling = (name: string): boolean => name.length >= 3 && /[a-z]/i.test(name)

/** Matches a host's name, or its first label, as a whole word. */
function namePattern(host: string): RegExp | undefined {
  const names = [...new Set([host, host.split('.')[0] ?? ''])].filter(isTelling)
  if (names.length === 0) return undefined
  const words = names.map((name) => {
    const before = /^\d/.test(name) ? '(?<!\\d)' : '(?<![a-z])'
    const behind = /\d$/.test(name) ? '(?!\\d)' : '(?![a-z])'
    return `${before}${name.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')}${behind}`
  })
  return new RegExp(words.join('|'), 'gi')
}

/**
 * A cleaned text without what varies by host: its name, addresses, times, GUIDs, numbers of five digits or
 * more.
 */
export function withoutVarying(text: string, host: string | undefined): string {
  const name = host === undefined ? undefined : namePattern(host)
  const nameless = name ? text.replace(name, standIn.host) : text
  return without(without(withoutIpv6(without(nameless, named)), times), numbers).trim()
}
