import type { Steps } from '../../../shared/turns/steps.ts'
import { beforeOf, type Form, isPlace, tokenOf, valuesOf, withToken } from '../forms/form.ts'
import type { Occurrences } from '../forms/occurrences.ts'
import { isCalendarWord } from '../lines/calendar.ts'
import type { ColumnTitles } from './column-titles.ts'
import { type PlaceName, placeName } from './place-text.ts'
import { classOf, isDatePart, isHex, isTime, lengthOfHex, type ValueClass } from './value-class.ts'

/** The hosts that have each value, in order; a host may have several values. */
export type HostsByValue = ReadonlyMap<string, readonly number[]>

/** A place may span several parts: a date is one value. */
interface Segment {
  readonly from: number
  readonly to: number
}

/** The values of a part, on all lines. */
type PartValues = ReadonlySet<string | undefined>

function isDateLike(
  part: string,
  values: PartValues,
): { readonly isPart: boolean; readonly isCertain: boolean } {
  const all = [...values, tokenOf(part)].filter((value) => value !== undefined)
  const everyIs = (test: (value: string) => boolean): boolean => all.length > 0 && all.every(test)
  const isCertain = everyIs((value) => isCalendarWord(value) || (isTime(value) && !/^\d+:/.test(value)))
  return {
    isCertain,
    isPart: isCertain || everyIs(isTime) || everyIs(isDatePart) || everyIs((value) => isCalendarWord(value)),
  }
}

/** The places of a form; parts of a date that stand together are one. */
function segmentsOf(form: Form, values: readonly PartValues[]): Segment[] {
  const { parts, paths, flexible } = form
  const holdsPlace = (from: number, to: number): boolean => parts.slice(from, to).some(isPlace)
  if (paths)
    return [...parts.keys()].filter((at) => isPlace(parts[at] ?? '')).map((at) => ({ from: at, to: at + 1 }))
  const dates = parts
    .slice(0, -1)
    .map((part, at) =>
      at === flexible ? { isPart: false, isCertain: false } : isDateLike(part, values[at] ?? new Set()),
    )
  const segments: Segment[] = []
  for (let at = 0; at < dates.length; ) {
    if (at === flexible) {
      // With its neighbours, since a reader cannot see where in the line some words are missing.
      const from = at > 0 && !isPlace(parts[at - 1] ?? '\0') ? at - 1 : at
      const to = at + 1 < dates.length && !isPlace(parts[at + 1] ?? '\0') ? at + 2 : at + 1
      segments.push({ from, to })
      at++
      continue
    }
    let to = at + 1
    while (dates[at]?.isPart && dates[to]?.isPart) to++
    const isDate = to - at > 1 && dates.slice(at, to).some(({ isCertain }) => isCertain)
    const width = isDate ? to - at : 1
    for (; at < to; at += width) if (holdsPlace(at, at + width)) segments.push({ from: at, to: at + width })
  }
  return segments
}

function segmentText(
  { parts, flexible }: Form,
  values: readonly (string | undefined)[],
  { from, to }: Segment,
): string {
  return parts
    .slice(from, to)
    .map((part, at) => {
      const text = values[from + at] ?? tokenOf(part) ?? ''
      const isFirst = at === 0 || from + at === flexible || from + at - 1 === flexible
      return isFirst ? text : beforeOf(part) + text
    })
    .join('')
    .trim()
}

/** What stands directly before a place on its lines. */
const textBefore = ({ parts }: Form, at: number): string =>
  (tokenOf(parts[at - 1] ?? '\0') ?? '') + beforeOf(parts[at] ?? '')

/** The values of one segment on each line, and the hosts that have them. */
export interface Place {
  readonly name: PlaceName
  readonly classify: (value: string) => ValueClass
  readonly textByLine: ReadonlyMap<number, string>
}

/** What findings are told with. */
export interface Naming {
  readonly textOf: (line: number) => string
  readonly nameOf: (host: number) => string
  readonly titles: ColumnTitles
}

/** The form with what is the same on all its lines in place of places. */
function withConstants(form: Form, values: readonly PartValues[]): Form {
  if (form.paths) return form
  const parts = form.parts.map((part, at) => {
    const [value, ...others] = values[at] ?? []
    return value !== undefined && others.length === 0 ? withToken(part, value) : part
  })
  return { ...form, parts }
}

/** The places of a form at which its lines differ. */
export function* placesOf(
  { form, lines }: Occurrences,
  { textOf, titles }: Naming,
  odd: ReadonlySet<number> = new Set(),
): Steps<Place[]> {
  const distinct = [...new Set(lines)]
  const valuesByLine = new Map<number, readonly (string | undefined)[]>()
  for (const line of distinct) {
    yield
    valuesByLine.set(line, valuesOf(form, textOf(line)))
  }
  // An odd line would hide that the others hold a date.
  const usual = distinct.filter((line) => !odd.has(line))
  const partValues = form.parts.map((_, at) => new Set(usual.map((line) => valuesByLine.get(line)?.[at])))
  const named = withConstants(form, partValues)
  const above =
    form.flexible === undefined ? distinct.map((line) => titles.get(textOf(line))).find(Boolean) : undefined
  const places: Place[] = []
  for (const segment of segmentsOf(form, partValues)) {
    yield
    const textByLine = new Map(
      distinct.map((line) => [line, segmentText(form, valuesByLine.get(line) ?? [], segment)]),
    )
    if (new Set(textByLine.values()).size < 2) continue
    const { from, to } = segment
    const before = textBefore(form, from)
    // A text of several tokens is no name of one thing; without the flexible part it is a date.
    const isIdentified = [...textByLine.values()].some((value) => classOf(value, before) === 'identifier')
    const hexLength = lengthOfHex(textByLine.values())
    const classify = (value: string): ValueClass => {
      // An identifier may hold digits alone.
      if (isIdentified && /^\d{8,}$/.test(value)) return 'identifier'
      if (value.length === hexLength && isHex(value)) return 'identifier'
      if (to - from === 1) return classOf(value, before)
      return form.flexible === undefined ? 'number' : classOf(value.replace(/\S*\d\S*/g, '0'), '')
    }
    places.push({ name: placeName(named, from, to, above), classify, textByLine })
  }
  return places
}

export function hostsByValue({ hosts, lines }: Occurrences, { textByLine }: Place): Map<string, number[]> {
  const byValue = new Map<string, number[]>()
  for (const [index, line] of lines.entries()) {
    const value = textByLine.get(line) ?? ''
    const own = byValue.get(value) ?? []
    byValue.set(value, own)
    const host = hosts[index] ?? 0
    if (own.at(-1) !== host) own.push(host)
  }
  return byValue
}
