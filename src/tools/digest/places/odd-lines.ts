import type { Steps } from '../../../shared/turns/steps.ts'
import type { Occurrences } from '../forms/occurrences.ts'
import { farNumbers } from './far-numbers.ts'
import { countHosts, maxNamedValues, maxOddShare, minHosts } from './place-findings.ts'
import { type HostsByValue, hostsByValue, type Place } from './segments.ts'
import type { ValueClass } from './value-class.ts'

/** A share of the hosts; a value that fewer have makes its line odd. */
const oddShare = 0.02

const mostOf = (hosts: number): number => Math.max(1, Math.floor(hosts * oddShare))

/** True for the hosts of a value that hardly any host has. */
export const isRare = (own: readonly number[] | undefined, hosts: number): boolean =>
  own !== undefined && own.length <= mostOf(hosts)

/** The values of hardly any host at a place where the others agree, or have values of another class. */
function oddValues(
  byValue: HostsByValue,
  classify: (value: string) => ValueClass,
  hosts: number,
): readonly string[] {
  const most = mostOf(hosts)
  const perClass = new Map<ValueClass, number>()
  for (const [value, own] of byValue) {
    const valueClass = classify(value)
    perClass.set(valueClass, (perClass.get(valueClass) ?? 0) + own.length)
  }
  const isFew = byValue.size <= maxNamedValues
  const isFar = farNumbers([...byValue.keys()].filter((value) => classify(value) !== 'identifier'))
  const odd = [...byValue].filter(
    ([value, own]) =>
      own.length <= most && (isFew || isFar(value) || (perClass.get(classify(value)) ?? 0) <= most),
  )
  const oddHosts = countHosts(odd.map(([, own]) => own))
  return oddHosts <= Math.max(most, hosts * maxOddShare) ? odd.map(([value]) => value) : []
}

/**
 * The lines with odd values, and the first such value of each. They are shown whole: what is odd about them may be
 * more than one value.
 */
export function* oddLines(
  occurrences: Occurrences,
  places: readonly Place[],
): Steps<ReadonlyMap<number, string>> {
  const hosts = new Set(occurrences.hosts).size
  const lines = new Map<number, string>()
  if (hosts < minHosts) return lines
  for (const place of places) {
    yield
    const odd = new Set(oddValues(hostsByValue(occurrences, place), place.classify, hosts))
    for (const [line, value] of place.textByLine)
      if (odd.has(value) && !lines.has(line)) lines.set(line, value)
  }
  return lines
}
