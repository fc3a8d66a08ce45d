import { ownName } from './line-tokens.ts'
import { jsonLines } from './records.ts'

/**
 * An output as lines that can be compared: without what makes no difference (blanks, rules, the name of the host),
 * and JSON by its fields.
 */

/** Shorter names and plain numbers also occur in other texts. */
const isDistinctive = (name: string): boolean => name.length >= 3 && /[a-z]/i.test(name)

const escapeRegExp = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')

/** Matches the beginning of a name before a blank, as a narrow column of a table cuts it. */
function cutName(label: string): string {
  const least = Math.max(6, Math.ceil(label.length / 2))
  const optional = [...label.slice(least)].reduceRight(
    (rest, letter) => `(?:${escapeRegExp(letter)}${rest})?`,
    '',
  )
  return `(?<![\\w-])${escapeRegExp(label.slice(0, least))}${optional}(?=(?:\\.\\.\\.|…)?(?:\\s|$))`
}

/** Matches a host's name, or its first label, as a whole word. */
function hostNamePattern(host: string): RegExp | undefined {
  const [label = ''] = host.split('.')
  // Windows cuts its own name after 15 characters (NetBIOS).
  const names = [...new Set([host, label, label.slice(0, 15)])].filter(isDistinctive)
  if (names.length === 0) return undefined
  const words = names.map((name) => {
    const before = /^\d/.test(name) ? '(?<!\\d)' : '(?<![a-z])'
    const after = /\d$/.test(name) ? '(?!\\d)' : '(?![a-z])'
    return `${before}${escapeRegExp(name)}${after}`
  })
  return new RegExp([...words, ...(isDistinctive(label) ? [cutName(label)] : [])].join('|'), 'gi')
}

/** A bar of progress, a row of points: how long it is makes no difference. */
const bar = /([=_*~#.>━─═█▓▒░■▬])\1{4,}|(?<=^|\s)-{5,}(?=\s|$)/g

/** A line of nothing but the signs that rules are made of. */
const rule = /^[-=_*~+#|.─━═ ]{3,}$/

/** One line without what makes no difference; undefined for one that says nothing. */
function comparableLine(line: string): string | readonly string[] | undefined {
  // A blank of another kind in a number groups its digits: "16 272" in French and Russian.
  const blanksFolded = /[\s\u00a0]{2}|[\t\v\f\u1680\u2000-\u2008\u205f\u3000]/.test(line)
    ? line.replace(/[\s\u00a0]+/g, ' ')
    : line
  const text = blanksFolded
    .replace(/(?<=\d)[\u00a0\u2009\u202f](?=\d{3})/g, "'")
    .replace(bar, (run) => run.slice(0, 3))
    .trim()
  if (text === '' || rule.test(text)) return undefined
  return (text.startsWith('{') && text.endsWith('}') && jsonLines(text)) || text
}

/** The text with a sign in place of the name of its host. */
export function withoutName(text: string, host: string | undefined): string {
  const name = host === undefined ? undefined : hostNamePattern(host)
  return name ? text.replace(name, ownName) : text
}

/** The lines of a cleaned text that are compared. */
export function outputLines(text: string, host: string | undefined): string[] {
  const nameless = withoutName(text, host)
  return jsonLines(nameless) ?? nameless.split('\n').flatMap((line) => comparableLine(line) ?? [])
}
