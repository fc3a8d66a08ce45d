import { type Occurrences, restrictTo } from '../forms/occurrences.ts'
import type { Steps } from '../lines/steps.ts'
import type { PartialLine } from './findings.ts'
import { oddLines } from './odd-lines.ts'
import {
  countFindings,
  maxHostNames,
  noFindings,
  type PlaceFindings,
  placeFindings,
} from './place-findings.ts'
import { headedText, readableLine } from './place-text.ts'
import { hostsByValue, placesOf } from './segments.ts'

const maxExample = 60

/** The beginning of one of the lines. */
function exampleOf({ lines }: Occurrences, textOf: (line: number) => string): string {
  const first = [...new Set(lines)].map(textOf).reduce((a, b) => (a < b ? a : b))
  const example = readableLine(first)
  return example.length > maxExample ? `${example.slice(0, maxExample - 1)}…` : example
}

/** What the lines of a form show. `textOf`: the text of a line. */
export function* findingsOf(
  all: Occurrences,
  textOf: (line: number) => string,
  nameOf: (host: number) => string,
): Steps<PlaceFindings[]> {
  const places = yield* placesOf(all, textOf)
  const odd = yield* oddLines(all, places)
  const usual = odd.size > 0 ? restrictTo(all, (_, line) => !odd.has(line)) : all
  const hosts = { all: [...new Set(usual.hosts)], nameOf }
  const findings: PlaceFindings[] = []
  for (const place of odd.size > 0 ? yield* placesOf(usual, textOf) : places) {
    yield
    findings.push(placeFindings(place.name, hostsByValue(usual, place), place.classify, hosts))
  }
  const lines = [...odd].map((line): PartialLine => {
    const own = [...new Set(restrictTo(all, (_, other) => other === line).hosts)]
    return {
      line: headedText(all.form, textOf(line)),
      count: own.length,
      hosts: own.slice(0, maxHostNames).map(nameOf),
    }
  })
  const allHosts = { all: [...new Set(all.hosts)], nameOf }
  return [...findings, { ...noFindings, lines }, countFindings(all, allHosts, exampleOf(all, textOf))]
}
