import type { Steps } from '../../../shared/turns/steps.ts'
import type { Form } from '../forms/form.ts'
import { type Occurrences, restrictTo } from '../forms/occurrences.ts'
import type { PartialLine } from './findings.ts'
import { isRare, oddLines } from './odd-lines.ts'
import {
  countFindings,
  countHosts,
  maxHostNames,
  noFindings,
  type PlaceFindings,
  placeFindings,
} from './place-findings.ts'
import { headedText, readableLine } from './place-text.ts'
import { type HostsByValue, hostsByValue, type Naming, placesOf } from './segments.ts'

const maxExample = 60

/** The beginning of one of the lines. */
function exampleOf({ lines }: Occurrences, textOf: (line: number) => string): string {
  const first = [...new Set(lines)].map(textOf).reduce((a, b) => (a < b ? a : b))
  const example = readableLine(first)
  return example.length > maxExample ? `${example.slice(0, maxExample - 1)}…` : example
}

const maxLineLength = 160
const charactersBefore = 60

/** A line as it is shown: of a long one, what stands around its odd value. */
function shownLine(form: Form, text: string, value: string | undefined): string {
  const line = headedText(form, text)
  if (line.length <= maxLineLength) return line
  const start = Math.max(0, line.indexOf(readableLine(value ?? '')) - charactersBefore)
  const end = start + maxLineLength
  return `${start > 0 ? '…' : ''}${line.slice(start, end)}${end < line.length ? '…' : ''}`
}

/**
 * What the lines of a form show. `sample`: the host whose output is shown. What all others have at a place where it has
 * an odd value is told, since its output does not show it.
 */
export function* findingsOf(all: Occurrences, naming: Naming, sample: number): Steps<PlaceFindings[]> {
  const { form } = all
  const { textOf, nameOf } = naming
  if (form.isUnlike) return [unlikeFindings(all)]
  const places = yield* placesOf(all, naming)
  // The fields of a record are told one by one.
  const odd: ReadonlyMap<number, string> = form.paths ? new Map() : yield* oddLines(all, places)
  const hosts = { all: [...new Set(all.hosts)], nameOf }
  const findings: PlaceFindings[] = []
  const usualPlaces = odd.size > 0 ? yield* placesOf(all, naming, new Set(odd.keys())) : places
  for (const place of usualPlaces) {
    yield
    const byValue = hostsByValue(all, place)
    // An odd line is told whole, and only its usual values are counted here.
    for (const line of odd.keys()) {
      const value = place.textByLine.get(line) ?? ''
      if (isRare(byValue.get(value), hosts.all.length)) byValue.delete(value)
    }
    const counted = countHosts([...byValue.values()])
    const own = counted === hosts.all.length ? hosts : { all: hostsIn(byValue), nameOf }
    const isUnseen = byValue.size === 1 && hosts.all.includes(sample) && !own.all.includes(sample)
    findings.push(placeFindings(place.name, byValue, place.classify, isUnseen ? hosts : own))
  }
  const lines = [...odd].map(([line, value]): PartialLine => {
    const own = [...new Set(restrictTo(all, (_, other) => other === line).hosts)]
    return {
      line: shownLine(form, textOf(line), value),
      count: own.length,
      hosts: own.slice(0, maxHostNames).map(nameOf),
    }
  })
  return [...findings, { ...noFindings, lines }, countFindings(all, hosts, exampleOf(all, textOf))]
}

const hostsIn = (byValue: HostsByValue): number[] =>
  [...new Set([...byValue.values()].flat())].sort((a, b) => a - b)

/** Lines that are like no other, as far as they were compared. */
const unlikeFindings = ({ lines }: Occurrences): PlaceFindings => ({
  results: [],
  varying: [{ place: 'lines that are like no other', values: new Set(lines).size }],
})
