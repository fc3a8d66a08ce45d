import type { Occurrences } from '../forms/occurrences.ts'
import type { ResultPlace, VaryingPlace } from './findings.ts'
import type { PlaceFindings } from './place-findings.ts'
import { clause, clauseEnd, readableLine } from './place-text.ts'

/** What stands behind the first comma or bracket on one line of each form. */
export const clausesOf = (
  occurrences: readonly Occurrences[],
  textOf: (line: number) => string,
): readonly string[] =>
  occurrences.flatMap(({ lines: [line = 0] }) => readableLine(textOf(line)).split(clauseEnd).slice(1))

/**
 * The results and the varying places of a kind. Those that have one name get their longer ones, and so do those whose
 * words also stand elsewhere: `Chain INPUT (policy` above `Chain FORWARD (policy`.
 */
export function nameApart(
  findings: readonly PlaceFindings[],
  clauses: readonly string[],
): { readonly results: ResultPlace[]; readonly varying: VaryingPlace[] } {
  const fullNames = new Map<string, Set<string>>()
  for (const { results, varying } of findings)
    for (const { place, fullPlace = place } of [...results, ...varying])
      fullNames.set(place, (fullNames.get(place) ?? new Set()).add(fullPlace))
  const isShared = (place: string): boolean =>
    (fullNames.get(place)?.size ?? 0) > 1 ||
    clauses.filter((clause) => clause.startsWith(`${place} `)).length > 1
  const shared = new Set([...fullNames.keys()].filter(isShared))
  const named = <T extends ResultPlace | VaryingPlace>({ fullPlace, ...others }: T) => {
    const place = shared.has(others.place) ? (fullPlace ?? others.place) : others.place
    // No value stands behind words that are behind it.
    return { ...others, place, ...('separator' in others && place.includes('…') && { separator: clause }) }
  }
  return {
    results: findings.flatMap(({ results }) => results.map(named)),
    varying: findings.flatMap(({ varying }) => varying.map(named)),
  }
}
