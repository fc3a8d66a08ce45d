import { counted } from '../../../shared/format.ts'
import type { Steps } from '../../../shared/turns/steps.ts'
import type { Form } from '../../digest/forms/form.ts'
import type { Occurrences } from '../../digest/forms/occurrences.ts'
import { addHashes, hashOf } from '../../digest/lines/hashes.ts'
import { headedText, readableLine } from '../../digest/places/place-text.ts'
import { type Place, placesOf } from '../../digest/places/segments.ts'
import { changedRecords } from './changed-texts.ts'
import { rangeOf, steadyValues } from './value-changes.ts'

/** A line that a host printed in one of the runs alone. */
export interface ChangedLine {
  readonly run: 'a' | 'b'
  readonly text: string
  /** Its number in the store. */
  readonly line: number
  /** Lines of one form stand together. */
  readonly form: number
}

/** A line by what tells it apart from others of its form. */
type KeyedLine = readonly [key: string, line: number]

/** How the output of a host changed. */
export interface LineChange {
  /** The same for hosts whose outputs changed in the same way. */
  readonly hash: number
  /** Some of the lines. */
  readonly lines: readonly ChangedLine[]
  readonly count: number
  /** True if the lines hold values that other hosts with the same change do not have. */
  readonly isExample: boolean
}

/** Values that changed on many hosts and count as no change. */
export interface PassedOver {
  readonly place: string
  readonly values: number
  readonly least: string
  readonly most: string
}

/** The lines of one form on one host. */
interface FormLines {
  /** One line for each key. */
  readonly lines: Map<string, number>
  /** How many lines there are. */
  count: number
}

function linesByHost(
  { hosts, lines, times }: Occurrences,
  keyOf: (line: number) => string,
): ReadonlyMap<number, FormLines> {
  const byHost = new Map<number, FormLines>()
  for (const [at, host] of hosts.entries()) {
    const own = byHost.get(host) ?? { lines: new Map<string, number>(), count: 0 }
    byHost.set(host, own)
    const line = lines[at] ?? 0
    const key = keyOf(line)
    if (!own.lines.has(key)) own.lines.set(key, line)
    own.count += times[at] ?? 1
  }
  return byHost
}

/** Which results belong to the same host: by the number of the result, in both directions. */
export interface Partners {
  readonly isOfA: (result: number) => boolean
  readonly of: (result: number) => number | undefined
}

const maxLines = 40
/** Stands for a value that may differ. No compared line holds it. */
const varyingValue = '\u0005'

/** The changes of hosts, by the number of the result in run A. */
export class LineChanges {
  readonly byResult = new Map<number, LineChange>()
  readonly passedOver: PassedOver[] = []
  readonly #textOf: (line: number) => string
  readonly #partners: Partners
  #forms = 0

  constructor(textOf: (line: number) => string, partners: Partners) {
    this.#textOf = textOf
    this.#partners = partners
  }

  /** Compares the lines of one form. */
  *compare(occurrences: Occurrences): Steps<void> {
    const { form } = occurrences
    if (form.isUnlike) return
    this.#forms++
    const places = yield* placesOf(occurrences, {
      textOf: this.#textOf,
      nameOf: () => '',
      titles: new Map(),
    })
    const byHost = linesByHost(occurrences, this.#keysOf(occurrences, places))
    const isSteadyCount = this.#steadyCounts(byHost)
    for (const [host, own] of byHost) {
      yield
      const other = this.#partners.of(host)
      if (other === undefined) continue
      const isOfA = this.#partners.isOfA(host)
      const theirs = byHost.get(other)
      // Each pair once: from run A, unless that printed no such line.
      if (!isOfA && theirs) continue
      const result = isOfA ? host : other
      const [before, after] = isOfA ? [own, theirs] : [theirs, own]
      const gone = [...(before?.lines ?? [])].filter(([key]) => !after?.lines.has(key))
      const come = [...(after?.lines ?? [])].filter(([key]) => !before?.lines.has(key))
      if (gone.length + come.length > 0) this.#addLines(result, form, gone, come)
      else if (before && after) this.#addCounts(result, before, after, isSteadyCount)
    }
  }

  /** Tells the numbers of lines that say something: of a log, they do not. */
  #steadyCounts(byHost: ReadonlyMap<number, FormLines>): (count: number) => boolean {
    const counts = { a: new Map<number, Set<string>>(), b: new Map<number, Set<string>>() }
    for (const [host, { count }] of byHost)
      counts[this.#partners.isOfA(host) ? 'a' : 'b'].set(host, new Set([String(count)]))
    const partnerOf = this.#partners.of
    const { isSteady } = steadyValues({ ...counts, partnerOf, classify: () => 'number' })
    return (count) => isSteady(String(count))
  }

  /** What tells the lines of a form apart: their values that stay the same where nothing happened. */
  #keysOf({ hosts, lines }: Occurrences, places: readonly Place[]): (line: number) => string {
    const steady = places.map((place) => {
      const values = { a: new Map<number, Set<string>>(), b: new Map<number, Set<string>>() }
      for (const [at, line] of lines.entries()) {
        const host = hosts[at] ?? 0
        const side = values[this.#partners.isOfA(host) ? 'a' : 'b']
        side.set(host, (side.get(host) ?? new Set()).add(place.textByLine.get(line) ?? ''))
      }
      const { classify } = place
      const { isSteady, passedOver } = steadyValues({ ...values, partnerOf: this.#partners.of, classify })
      if (passedOver.length > 0) this.passedOver.push({ place: place.name.name, ...rangeOf(passedOver) })
      return { textByLine: place.textByLine, isSteady }
    })
    const keys = new Map<number, string>()
    return (line) => {
      const known = keys.get(line)
      if (known !== undefined) return known
      const values = steady.map(({ textByLine, isSteady }) => {
        const value = textByLine.get(line) ?? ''
        return isSteady(value) ? value : varyingValue
      })
      const key = values.join('\u0004')
      keys.set(line, key)
      return key
    }
  }

  /** The same lines, more or less often. */
  #addCounts(
    result: number,
    before: FormLines,
    after: FormLines,
    isSteadyCount: (count: number) => boolean,
  ): void {
    if (before.count === after.count || !isSteadyCount(before.count)) return
    const [line = 0] = before.lines.values()
    const add = (run: 'a' | 'b', { count }: FormLines): void => {
      const text = `${counted(count, 'line')} like: ${readableLine(this.#textOf(line))}`
      this.#add(result, run, [`count ${count}`, line], text)
    }
    add('a', before)
    add('b', after)
  }

  #addLines(result: number, form: Form, gone: readonly KeyedLine[], come: readonly KeyedLine[]): void {
    const [[before] = [], [after] = []] = [gone, come]
    if (form.paths && before && after && gone.length === 1 && come.length === 1) {
      const [from, to] = changedRecords(form, this.#textOf(before[1]), this.#textOf(after[1]))
      this.#add(result, 'a', before, from)
      this.#add(result, 'b', after, to)
      return
    }
    const textOf = ([, line]: KeyedLine): string => headedText(form, this.#textOf(line))
    for (const line of gone) this.#add(result, 'a', line, textOf(line))
    for (const line of come) this.#add(result, 'b', line, textOf(line))
  }

  #add(result: number, run: 'a' | 'b', [key, line]: KeyedLine, text: string): void {
    const known = this.byResult.get(result) ?? { hash: 0, lines: [], count: 0, isExample: false }
    const form = this.#forms
    const lines = known.lines.length < maxLines ? [...known.lines, { run, text, line, form }] : known.lines
    const hash = addHashes(known.hash, hashOf(`${run} ${form} ${key}`))
    const isExample = known.isExample || key.includes(varyingValue)
    this.byResult.set(result, { hash, lines, count: known.count + 1, isExample })
  }
}
