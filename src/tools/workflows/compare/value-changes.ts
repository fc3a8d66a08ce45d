import { isCalendarWord } from '../../digest/lines/calendar.ts'
import { maxNamedValues, minHosts } from '../../digest/places/place-findings.ts'
import type { ValueClass } from '../../digest/places/value-class.ts'
import { isDatePart, isTime, numberIn } from '../../digest/places/value-class.ts'

// Which values of a place may change without being a change. Values that differ from host to host (a PID) and times say
// nothing; a number that most hosts had in common and no longer have says much.

/** Where a value may stand: the results of both runs that have the place. */
export interface ComparedPlace {
  /** The values of each host of run A, and of run B, by the number of the result. */
  readonly a: ReadonlyMap<number, ReadonlySet<string>>
  readonly b: ReadonlyMap<number, ReadonlySet<string>>
  /** The result of the same host in run B. */
  readonly partnerOf: (resultOfA: number) => number | undefined
  readonly classify: (value: string) => ValueClass
}

/** True for a date, a time or both, with the words of dates in many languages. */
function isTimeText(value: string): boolean {
  const words = value.split(/[\s,]+/).filter((word) => word !== '')
  const isCertain = (word: string): boolean => isTime(word) || isCalendarWord(word)
  return (
    /\d/.test(value) && words.some(isCertain) && words.every((word) => isCertain(word) || isDatePart(word))
  )
}

/** The values of one class in one run. */
class ClassValues {
  readonly hosts = new Map<number, string[]>()
  readonly counts = new Map<string, number>()

  add(host: number, value: string): void {
    this.counts.set(value, (this.counts.get(value) ?? 0) + 1)
    const own = this.hosts.get(host)
    if (own) own.push(value)
    else this.hosts.set(host, [value])
  }

  /** The values of a host in one text; undefined if it has none of this class. */
  textOf(host: number): string | undefined {
    return this.hosts.get(host)?.sort().join('\u0004')
  }

  /** True if more than half of the hosts have a value of their own (design 4). */
  get isOwnForEach(): boolean {
    return this.hosts.size >= minHosts && this.counts.size * 2 > this.hosts.size
  }

  /** True if no value is on more than half of the hosts. */
  get isSpread(): boolean {
    return [...this.counts.values()].every((count) => count * 2 <= this.hosts.size)
  }
}

/** The values of one class in both runs. */
interface Sides {
  readonly a: ClassValues
  readonly b: ClassValues
}

/** How many hosts have such values in both runs, and how many of these have others than before. */
function movesOf({ a, b }: Sides, partnerOf: ComparedPlace['partnerOf']) {
  let [compared, moved] = [0, 0]
  for (const host of a.hosts.keys()) {
    const partner = partnerOf(host)
    const after = partner === undefined ? undefined : b.textOf(partner)
    if (after === undefined) continue
    compared++
    if (after !== a.textOf(host)) moved++
  }
  return { compared, moved }
}

/** True if values of this class may differ from run to run on a host to which nothing happened. */
function varies(valueClass: string, sides: Sides, compared: number, moved: number): boolean {
  const runs = [sides.a, sides.b].filter(({ hosts }) => hosts.size > 0)
  const values = new Set(runs.flatMap(({ counts }) => [...counts.keys()]))
  const isFewWords = valueClass === 'word' && values.size <= maxNamedValues
  const isOwnForEach = runs.every((run) => run.isOwnForEach)
  if (valueClass !== 'name' && !isFewWords && isOwnForEach) return true
  // No host has them in both runs: they only tell apart hosts whose lines are new, or gone, in the same way.
  if (compared === 0 && !['name', 'word'].includes(valueClass))
    return values.size * 2 > runs.reduce((sum, { hosts }) => sum + hosts.size, 0)
  if (moved * 2 <= compared) return false
  if (['time', 'identifier', 'mixed'].includes(valueClass)) return true
  // A measured value such as 50.5; a version or the name of an update is none.
  if (valueClass === 'name')
    return isOwnForEach && [...values].every((value) => numberIn(value) !== undefined)
  const isNumber = valueClass === 'number' || valueClass.startsWith('quantity')
  return isNumber && runs.every((run) => run.isSpread)
}

/** What is known of the values of a place. */
export interface SteadyValues {
  /** True for a value whose change is a change of the output. */
  readonly isSteady: (value: string) => boolean
  /** The values that changed without being a change; empty if none did. */
  readonly passedOver: readonly string[]
}

/** Tells the values of a place that stay the same where nothing happened. */
export function steadyValues({ a, b, partnerOf, classify }: ComparedPlace): SteadyValues {
  const classOf = (value: string): string => (isTimeText(value) ? 'time' : classify(value))
  const classes = new Map<string, Sides>()
  const add = (side: keyof Sides, values: ComparedPlace['a']): void => {
    for (const [host, own] of values)
      for (const value of own) {
        const name = classOf(value)
        const sides = classes.get(name) ?? { a: new ClassValues(), b: new ClassValues() }
        classes.set(name, sides)
        sides[side].add(host, value)
      }
  }
  add('a', a)
  add('b', b)
  const varying = new Set<string>()
  const passedOver = new Set<string>()
  for (const [name, sides] of classes) {
    const { compared, moved } = movesOf(sides, partnerOf)
    if (!varies(name, sides, compared, moved)) continue
    varying.add(name)
    if (moved === 0) continue
    for (const value of [...sides.a.counts.keys(), ...sides.b.counts.keys()]) passedOver.add(value)
  }
  return { isSteady: (value) => !varying.has(classOf(value)), passedOver: [...passedOver] }
}

/** How many values these are, and those at the ends of their order. */
export function rangeOf(values: readonly string[]) {
  const sorted = values
    .map((value) => ({ value, number: numberIn(value) ?? 0 }))
    .sort((x, y) => x.number - y.number || (x.value < y.value ? -1 : 1))
  return { values: values.length, least: sorted[0]?.value ?? '', most: sorted.at(-1)?.value ?? '' }
}
