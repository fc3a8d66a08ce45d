import type { Occurrences } from './forms/occurrences.ts'
import type { HostGroup } from './kinds.ts'
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

/** The rarest first, and one line of each host before the second of any: no host pushes out the others. */
function inFairOrder(lines: readonly PartialLine[]): readonly PartialLine[] {
  const sorted = [...lines].sort((a, b) => a.count - b.count || (a.line < b.line ? -1 : 1))
  const seen = new Map<string, number>()
  return sorted
    .map((line) => {
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
  { hosts, occurrences }: HostGroup,
  odd: readonly PartialLine[],
  textOf: (line: number) => string,
  nameOf: (host: number) => string,
): { readonly lines: readonly PartialLine[]; readonly more: number } {
  const partial = occurrences.flatMap((own): PartialLine[] => {
    const having = new Set(own.hosts)
    if (having.size === hosts.length) return []
    const isMissing = having.size * 2 > hosts.length
    const named = isMissing ? hosts.filter((host) => !having.has(host)) : [...having]
    return linesOfForm(own, textOf).map((text) => ({
      line: headedText(own.form, text),
      count: named.length,
      hosts: named.slice(0, maxHostNames).map(nameOf),
      ...(isMissing && { isMissing }),
    }))
  })
  const lines = inFairOrder([...partial, ...odd])
  const shown = lines.slice(0, maxLines).sort((a, b) => a.count - b.count)
  return { lines: shown, more: Math.max(0, lines.length - maxLines) }
}
