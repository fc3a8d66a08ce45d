import { asPlace, tokenOf } from './forms/form.ts'
import type { Occurrences } from './forms/occurrences.ts'
import type { HostGroup } from './kinds.ts'
import { holdsDigit } from './lines/line-tokens.ts'
import type { PartialLine } from './places/findings.ts'
import { maxHostNames } from './places/place-findings.ts'
import { headedText } from './places/place-text.ts'

const maxLines = 12
/** Of one form of lines that one host alone has; where several hosts have it, its places are told. */
const maxLinesOfOneHost = 3

/** The lines that stand for a form that some hosts have: the one that most of them print. */
function linesOfForm({ lines, hosts }: Occurrences, textOf: (line: number) => string): readonly string[] {
  const counts = new Map<string, number>()
  for (const line of lines) counts.set(textOf(line), (counts.get(textOf(line)) ?? 0) + 1)
  const sorted = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([text]) => text)
  return sorted.slice(0, new Set(hosts).size === 1 ? maxLinesOfOneHost : 1)
}

/** The words of a form and what stands above them, whatever its numbers. */
const wordsOf = ({ form: { parts, heading = '' } }: Occurrences): string =>
  [heading, ...parts.map((part) => (holdsDigit(tokenOf(part) ?? '') ? asPlace(part) : part))].join('\u0004')

/** Tells the forms whose words stand in lines of all hosts: they differ in numbers alone, such as the events of a log. */
function commonWords({ hosts, occurrences }: HostGroup): (own: Occurrences) => boolean {
  const hostsOfWords = new Map<string, Set<number>>()
  for (const own of occurrences) {
    const words = wordsOf(own)
    const known = hostsOfWords.get(words) ?? new Set()
    hostsOfWords.set(words, known)
    for (const host of own.hosts) known.add(host)
  }
  return (own) => hostsOfWords.get(wordsOf(own))?.size === hosts.length
}

/** A line with how much it says: one with words that some hosts lack says more. */
interface Candidate {
  readonly line: PartialLine
  readonly isCommon: boolean
}

/** The rarest first, and one line of each host before the second of any: no host pushes out the others. */
function inFairOrder(candidates: readonly Candidate[]): readonly PartialLine[] {
  const sorted = [...candidates].sort(
    ({ line: a, ...one }, { line: b, ...other }) =>
      a.count - b.count || Number(one.isCommon) - Number(other.isCommon) || (a.line < b.line ? -1 : 1),
  )
  const seen = new Map<string, number>()
  return sorted
    .map(({ line }) => {
      const key = `${line.count} ${line.hosts.join()}`
      const turn = seen.get(key) ?? 0
      seen.set(key, turn + 1)
      return { line, turn }
    })
    .sort((a, b) => a.turn - b.turn)
    .map(({ line }) => line)
}

/** The lines that only some hosts of a kind have. */
export function partialLines(
  group: HostGroup,
  odd: readonly PartialLine[],
  textOf: (line: number) => string,
  nameOf: (host: number) => string,
): { readonly lines: readonly PartialLine[]; readonly more: number } {
  const { hosts, occurrences } = group
  const isCommon = commonWords(group)
  const partial = occurrences.flatMap((own): Candidate[] => {
    const having = new Set(own.hosts)
    if (having.size === hosts.length) return []
    const isMissing = having.size * 2 > hosts.length
    const named = isMissing ? hosts.filter((host) => !having.has(host)) : [...having]
    return linesOfForm(own, textOf).map((text) => ({
      line: {
        line: headedText(own.form, text),
        count: named.length,
        hosts: named.slice(0, maxHostNames).map(nameOf),
        ...(isMissing && { isMissing }),
      },
      isCommon: isCommon(own),
    }))
  })
  const lines = inFairOrder([...partial, ...odd.map((line) => ({ line, isCommon: false }))])
  const shown = lines.slice(0, maxLines).sort((a, b) => a.count - b.count)
  return { lines: shown, more: Math.max(0, lines.length - maxLines) }
}
