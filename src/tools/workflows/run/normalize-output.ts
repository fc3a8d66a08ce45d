import { isIPv6 } from 'node:net'

/**
 * Replaces what differs between hosts with the same result. A host may print a megabyte of anything, so every
 * pattern reads a bounded number of characters from each possible start.
 */

const octet = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'
const month =
  '(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)'
const weekday = '(?:(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?,? {1,3})?'
const day = '(?:[12]\\d|3[01]|0?[1-9])'
const year = '(?:19|20)\\d\\d'
const timeOfDay = '(?:[01]?\\d|2[0-3]):[0-5]\\d'

/** Control characters cannot occur in a cleaned text, so no host can print a placeholder. */
const placeholders = {
  host: '\u0001',
  address: '\u0002',
  time: '\u0003',
  guid: '\u0004',
  number: '\u0005',
} as const

type Substitution = readonly [pattern: RegExp, placeholder: string]

/** Applied first, since these contain numbers, times and colons. */
const compoundPatterns: readonly Substitution[] = [
  [/(?<![\da-f])[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}(?![\da-f])/gi, placeholders.guid],
  [
    new RegExp(
      `(?<!\\d)${year}-[01]\\d-[0-3]\\d[T ]${timeOfDay}(?::[0-5]\\d(?:[.,]\\d{1,9})?)?(?:Z|[+-]\\d\\d:?\\d\\d(?!\\d))?`,
      'g',
    ),
    placeholders.time,
  ],
  [
    /(?<![\da-f])[\da-f]{2}([:-])(?:[\da-f]{2}\1){4}[\da-f]{2}(?![\da-f]|[:-][\da-f])/gi,
    placeholders.address,
  ],
  [/(?<![\da-f.])[\da-f]{4}\.[\da-f]{4}\.[\da-f]{4}(?![\da-f]|\.[\da-f])/gi, placeholders.address],
  // Versions look the same as addresses, but must be kept: hosts with different versions differ.
  [
    new RegExp(
      `(?<!\\d|\\d\\.|\\bv|version[\\s"]{0,20}[:=]?[\\s"]{0,3})(?:${octet}\\.){3}${octet}(?!\\d|\\.\\d)`,
      'gi',
    ),
    placeholders.address,
  ],
]

const timePatterns: readonly Substitution[] = [
  [new RegExp(`(?<!\\d)${year}([-/])[01]?\\d\\1[0-3]?\\d(?!\\d)`, 'g'), placeholders.time],
  [new RegExp(`(?<![\\d./-])[0-3]?\\d([./-])[0-3]?\\d\\1${year}(?!\\d)`, 'g'), placeholders.time],
  [/(?<![\d/])[0-3]\d\/[0-3]\d\/\d\d(?![\d/])/g, placeholders.time],
  [
    new RegExp(`${weekday}\\b${month} {1,3}${day}(?:st|nd|rd|th)?(?:,? ${year})?(?!\\d)`, 'g'),
    placeholders.time,
  ],
  [
    new RegExp(`${weekday}(?<!\\d)${day}[ -]${month}[ ,-]{1,2}(?:${year}|\\d\\d)(?!\\d)`, 'g'),
    placeholders.time,
  ],
  [
    new RegExp(`(?<![\\d:.])${timeOfDay}:[0-5]\\d(?:[.,]\\d{1,9})?(?: ?[AP]M\\b)?(?![\\d:])`, 'gi'),
    placeholders.time,
  ],
  [/(?<![\d:.])(?:0?\d|1[0-2]):[0-5]\d ?[AP]M\b/gi, placeholders.time],
  // With one digit before the colon it could be a score.
  [/(?<![\d:.])(?:[01]\d|2[0-3]):[0-5]\d(?![\d:])/g, placeholders.time],
]

const numberPatterns: readonly Substitution[] = [[/\d{5,}(?:\.\d+)?/g, placeholders.number]]

const substitute = (text: string, patterns: readonly Substitution[]): string =>
  patterns.reduce((rest, [pattern, placeholder]) => rest.replace(pattern, placeholder), text)

/** Candidates for IPv6 addresses: groups of hexadecimal digits and colons. Node decides. */
const ipv6Candidate = /(?<![\da-f:])[\da-f]{0,4}(?::[\da-f]{0,4}){2,8}(?:%\w{1,15})?(?![\da-f:])/gi

function replaceIpv6(text: string): string {
  return text.replace(ipv6Candidate, (candidate) => {
    const [, before = '', address = '', after = ''] = /^(:(?!:))?(.*?)((?<!:):)?$/s.exec(candidate) ?? []
    return isIPv6(address) ? `${before}${placeholders.address}${after}` : candidate
  })
}

/** Shorter names and plain numbers also occur in other texts. */
const isDistinctive = (name: string): boolean => name.length >= 3 && /[a-z]/i.test(name)

/** Matches a host's name, or its first label, as a whole word. */
function hostNamePattern(host: string): RegExp | undefined {
  const names = [...new Set([host, host.split('.')[0] ?? ''])].filter(isDistinctive)
  if (names.length === 0) return undefined
  const words = names.map((name) => {
    const before = /^\d/.test(name) ? '(?<!\\d)' : '(?<![a-z])'
    const after = /\d$/.test(name) ? '(?!\\d)' : '(?![a-z])'
    return `${before}${name.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')}${after}`
  })
  return new RegExp(words.join('|'), 'gi')
}

/**
 * Replaces what varies between hosts in a cleaned text: the host name, addresses, times, GUIDs, numbers of five
 * digits or more.
 */
export function normalizeOutput(text: string, host: string | undefined): string {
  const name = host === undefined ? undefined : hostNamePattern(host)
  const nameless = name ? text.replace(name, placeholders.host) : text
  return substitute(
    substitute(replaceIpv6(substitute(nameless, compoundPatterns)), timePatterns),
    numberPatterns,
  ).trim()
}
