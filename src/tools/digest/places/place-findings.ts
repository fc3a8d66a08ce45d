import type { Occurrences } from '../forms/occurrences.ts'
import { farNumbers } from './far-numbers.ts'
import type { PartialLine, ResultPlace, ValueHosts, VaryingPlace } from './findings.ts'
import { type PlaceName, readableLine } from './place-text.ts'
import type { HostsByValue } from './segments.ts'
import { numberIn, type ValueClass, yearIn } from './value-class.ts'

/** What one place shows. */
export interface PlaceFindings {
  readonly results: readonly ResultPlace[]
  readonly varying: readonly VaryingPlace[]
  /** Lines that hardly any host printed, whole. */
  readonly lines?: readonly PartialLine[]
}

export const noFindings: PlaceFindings = { results: [], varying: [] }

/** The number of hosts from which a value can vary. */
export const minHosts = 5
export const maxNamedValues = 12
/** Of more values, the smallest and the largest of the rarest say enough. */
const endsOfMany = 3
/** Of more numbers, the smallest and the largest one. */
const endsOfNumbers = 1
export const maxHostNames = 3
/** Of more values than this, one host each is named where many have the value. */
const maxDescribedValues = 4
/** A share of the hosts that may be odd at one place. */
export const maxOddShare = 0.05

/** Counts the different hosts of several lists. */
export const countHosts = (lists: readonly (readonly number[])[]): number => new Set(lists.flat()).size

/** Numbers by their size, and before other values. */
function compareValues(a: string, b: string): number {
  const [first, second] = [numberIn(a), numberIn(b)]
  if (first !== undefined && second !== undefined && first !== second) return first - second
  if ((first === undefined) !== (second === undefined)) return first === undefined ? 1 : -1
  return a < b ? -1 : 1
}

/** The hosts of a form, and their names. */
export interface Hosts {
  /** Those that have the form at all, in order. */
  readonly all: readonly number[]
  readonly nameOf: (host: number) => string
}

/** How a value is told. `isInverted`: by the hosts that lack it. */
function valueHosts(
  value: string,
  own: readonly number[],
  { isInverted, maxNames }: { readonly isInverted: boolean; readonly maxNames: number },
  { all, nameOf }: Hosts,
): ValueHosts {
  const having = new Set(own)
  const counted = isInverted ? all.filter((host) => !having.has(host)) : own
  const names = counted.length > maxHostNames ? maxNames : maxHostNames
  return {
    value: readableLine(value),
    count: counted.length,
    hosts: counted.slice(0, names).map(nameOf),
    ...(isInverted && { isMissing: true }),
  }
}

/** The number of hosts from which a value that they share is a result even where others vary. */
const sharedBy = (hosts: number): number => Math.max(minHosts, hosts * maxOddShare)

type Entry = readonly [value: string, hosts: readonly number[]]

/** How many values are named of each end of the order: fewer where nearly every host has its own. */
function endsFor(rarest: readonly Entry[], isOwnForEach: boolean): number {
  if (!isOwnForEach) return maxNamedValues / 2
  const areNumbers =
    rarest.length > 2 * endsOfMany && rarest.every(([value]) => numberIn(value) !== undefined)
  return areNumbers ? endsOfNumbers : endsOfMany
}

/** Of many values, the rarest: of many of these, those at the ends of their order. And those that many hosts share. */
function endsOf(
  sorted: readonly Entry[],
  weight: (own: readonly number[]) => number,
  hosts: number,
): readonly Entry[] {
  const least = weight(sorted[0]?.[1] ?? [])
  const rarest = sorted.filter(([, own]) => weight(own) === least)
  const shared = sorted.filter(([, own]) => own.length >= sharedBy(hosts)).slice(-endsOfMany)
  const room = maxNamedValues - shared.length
  const ends = Math.min(endsFor(rarest, sorted.length * 2 > hosts), Math.floor(room / 2))
  const first =
    rarest.length > 2 * ends ? [...rarest.slice(0, ends), ...rarest.slice(-ends)] : sorted.slice(0, 2 * ends)
  const named = new Set([...first, ...shared])
  return sorted.filter((entry) => named.has(entry))
}

/** The values of a place as results, the rarest first; of many, those at the ends of the order. */
function resultPlace(
  { name, fullName, separator }: PlaceName,
  byValue: HostsByValue,
  hosts: Hosts,
): ResultPlace {
  const occurrences = [...byValue.values()].reduce((sum, own) => sum + own.length, 0)
  const isOneOfSeveral = occurrences > countHosts([...byValue.values()])
  const weight = (own: readonly number[]): number =>
    isOneOfSeveral ? Math.min(own.length, hosts.all.length - own.length) : own.length
  const sorted = [...byValue]
    .filter(([, own]) => !isOneOfSeveral || own.length < hosts.all.length)
    .sort(([a, x], [b, y]) => weight(x) - weight(y) || compareValues(a, b))
  const shown = sorted.length > maxNamedValues ? endsOf(sorted, weight, hosts.all.length) : sorted
  const maxNames = shown.length > maxDescribedValues ? 1 : maxHostNames
  const rest = sorted.filter((entry) => !shown.includes(entry))
  return {
    place: name,
    fullPlace: fullName,
    separator,
    values: shown.map(([value, own]) => {
      const isInverted = isOneOfSeveral && own.length * 2 > hosts.all.length
      return valueHosts(value, own, { isInverted, maxNames }, hosts)
    }),
    moreValues: rest.length,
    moreHosts: countHosts(rest.map(([, own]) => own)),
  }
}

/** The smallest and the largest number, if all values are numbers. */
function rangeOf(values: Iterable<string>): { readonly least: string; readonly most: string } | undefined {
  let [least, most, leastNumber, mostNumber] = ['', '', Infinity, -Infinity]
  for (const value of values) {
    const number = numberIn(value)
    if (number === undefined) return undefined
    if (number < leastNumber || (number === leastNumber && value < least))
      [least, leastNumber] = [value, number]
    if (number > mostNumber || (number === mostNumber && value > most)) [most, mostNumber] = [value, number]
  }
  return { least, most }
}

const varyingPlace = ({ name, fullName }: PlaceName, byValue: HostsByValue): VaryingPlace => ({
  place: name,
  fullPlace: fullName,
  values: byValue.size,
  ...rangeOf(byValue.keys()),
})

const maxYears = 3

/** The hosts by the years of their dates, if these are few and far apart: a certificate that has expired. */
function distantYears(byValue: HostsByValue): readonly Entry[] {
  const byYear = new Map<number, readonly number[]>()
  for (const [value, own] of byValue) {
    const year = yearIn(value)
    if (year === undefined) return []
    byYear.set(year, [...(byYear.get(year) ?? []), ...own])
  }
  const years = [...byYear.keys()].sort((a, b) => a - b)
  const isDistant = years.length <= maxYears && years.some((year, at) => year - (years[at - 1] ?? year) > 1)
  return isDistant ? [...byYear].map(([year, own]) => [`year ${year}`, [...own].sort((a, b) => a - b)]) : []
}

/** The number of hosts that have a value at all, unless these are so few that each of them is named. */
function comparedHosts(byValue: HostsByValue, { all }: Hosts): number {
  const having = countHosts([...byValue].flatMap(([value, own]) => (value === '' ? [] : [own])))
  return having > maxNamedValues ? having : all.length
}

/**
 * What the values of a place say: nothing if all hosts have the same, a range if nearly every host has its own
 * (design 4), otherwise results. Each class of values is taken alone: `none` among numbers is a result.
 */
export function placeFindings(
  place: PlaceName,
  byValue: HostsByValue,
  classify: (value: string) => ValueClass,
  hosts: Hosts,
): PlaceFindings {
  if ([...byValue.values()].every((own) => own.length === hosts.all.length)) return noFindings
  const count = comparedHosts(byValue, hosts)
  const classes = new Map<ValueClass, Map<string, readonly number[]>>()
  for (const [value, own] of byValue) {
    const valueClass = classify(value)
    classes.set(valueClass, (classes.get(valueClass) ?? new Map()).set(value, own))
  }
  const results = new Map<string, readonly number[]>()
  const varying: VaryingPlace[] = []
  for (const [valueClass, values] of classes) {
    // A few words are named: no range says which they are.
    const isFewWords = valueClass === 'word' && values.size <= maxNamedValues
    if (valueClass !== 'name' && !isFewWords && values.size > count / 2 && count >= minHosts) {
      varying.push(varyingPlace(place, values))
      // What many hosts share is a result even there, and so is what lies far from all others.
      const isFar = farNumbers(valueClass === 'identifier' ? [] : [...values.keys()])
      for (const [value, own] of values)
        if (own.length >= sharedBy(count) || isFar(value)) results.set(value, own)
      for (const [year, own] of distantYears(values)) results.set(year, own)
    } else for (const [value, own] of values) results.set(value, own)
  }
  return { varying, results: results.size > 0 ? [resultPlace(place, results, hosts)] : [] }
}

/** Different numbers of lines that are told one by one. */
const maxCounts = 4

/** How many lines of a form each host printed, if that differs. */
export function countFindings(occurrences: Occurrences, hosts: Hosts, example: string): PlaceFindings {
  const counts = new Map<number, number>()
  for (const [at, host] of occurrences.hosts.entries())
    counts.set(host, (counts.get(host) ?? 0) + (occurrences.times[at] ?? 1))
  const byValue = new Map<string, number[]>()
  for (const [host, count] of counts) {
    const own = byValue.get(String(count))
    if (own) own.push(host)
    else byValue.set(String(count), [host])
  }
  if (byValue.size < 2) return noFindings
  const name = `number of lines like "${example}"`
  const place = { name, fullName: name, separator: ': ' }
  const isUsual =
    byValue.size <= maxCounts ||
    [...byValue.values()].some((own) => own.length >= hosts.all.length * (1 - maxOddShare))
  return isUsual
    ? { results: [resultPlace(place, byValue, hosts)], varying: [] }
    : { results: [], varying: [varyingPlace(place, byValue)] }
}
