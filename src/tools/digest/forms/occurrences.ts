import type { Steps } from '../../../shared/turns/steps.ts'
import type { ComparedLines } from '../lines/line-store.ts'
import { type Form, headingBreak } from './form.ts'
import { familiesOf } from './merge-forms.ts'

/** A form and where it occurs: each pair of a host and a line once, in the order of the hosts. */
export interface Occurrences {
  readonly form: Form
  readonly hosts: Uint32Array
  readonly lines: Uint32Array
  /** How often the host printed the line. */
  readonly times: Uint32Array
}

/** Collects the pairs of one form. */
class Pairs {
  readonly hosts: number[] = []
  readonly lines: number[] = []
  readonly times: number[] = []
  #host = -1
  #positions = new Map<number, number>()

  add(host: number, line: number): void {
    if (host !== this.#host) {
      this.#host = host
      this.#positions = new Map()
    }
    const known = this.#positions.get(line)
    if (known !== undefined) {
      this.times[known] = (this.times[known] ?? 0) + 1
      return
    }
    this.#positions.set(line, this.hosts.length)
    this.hosts.push(host)
    this.lines.push(line)
    this.times.push(1)
  }
}

/** The form of each line, and the family of each form. */
interface Lines {
  readonly formOf: ReadonlyMap<number, Form>
  readonly familyOf: ReadonlyMap<Form, number>
  readonly textOf: (line: number) => string
  /** True for a line that half of the hosts print. */
  readonly isCommon: (line: number) => boolean
}

/** Families of which some output holds several lines: what stands above them may tell them apart. */
function* repeatedFamilies(
  outputs: readonly ComparedLines[],
  { formOf, familyOf }: Lines,
): Steps<ReadonlySet<number>> {
  const repeated = new Set<number>()
  for (const { ids } of outputs) {
    yield
    const seen = new Set<number>()
    for (const line of ids) {
      const form = formOf.get(line)
      const family = form && familyOf.get(form)
      if (family === undefined) continue
      if (seen.has(family)) repeated.add(family)
      seen.add(family)
    }
  }
  return repeated
}

/**
 * Walks the lines of an output. Lines of a repeated family stand below a title, a line that every host has; if several
 * families repeat, they are the lines of records (`Name: a`, `State: running`), and the first of them begins each.
 */
function* headedLines(
  { ids }: ComparedLines,
  { formOf, familyOf, textOf, isCommon }: Lines,
  repeated: ReadonlySet<number>,
): Generator<{ line: number; form: Form; heading: string }> {
  let first: number | undefined
  let title = ''
  let start = ''
  for (const line of ids) {
    const form = formOf.get(line)
    if (!form) continue
    const family = familyOf.get(form) ?? -1
    const text = isCommon(line) ? textOf(line) : ''
    if (!repeated.has(family)) {
      title = text
      yield { line, form, heading: '' }
      continue
    }
    first ??= family
    if (family === first) start = text
    const above = family === first ? [title] : [title, start]
    yield { line, form, heading: above.filter((part) => part !== '').join(headingBreak) }
  }
}

interface Headed {
  readonly form: Form
  readonly heading: string
}

/** The headings of forms, as far as every host has much the same: otherwise the order of lines would make kinds. */
class Headings {
  readonly #byForm = new Map<Form, Map<string, Headed>>()
  readonly #counts = new Map<Form, { hosts: number; headings: number }>()

  add(form: Form, headings: ReadonlySet<string>): void {
    const known = this.#byForm.get(form) ?? new Map<string, Headed>()
    for (const heading of headings) if (!known.has(heading)) known.set(heading, { form, heading })
    this.#byForm.set(form, known)
    const { hosts, headings: count } = this.#counts.get(form) ?? { hosts: 0, headings: 0 }
    this.#counts.set(form, { hosts: hosts + 1, headings: count + headings.size })
  }

  /** The form under a heading; undefined if headings do not tell its lines apart. */
  find(form: Form, heading: string): Headed | undefined {
    const known = this.#byForm.get(form)
    const { hosts, headings } = this.#counts.get(form) ?? { hosts: 1, headings: 0 }
    return known && known.size > 1 && known.size <= (2 * headings) / hosts + 1
      ? known.get(heading)
      : undefined
  }
}

/** Where each form occurs. A form whose lines say nothing alone is told apart by what stands above them. */
export function* occurrencesOf(
  forms: readonly Form[],
  outputs: readonly ComparedLines[],
  hostsOf: (line: number) => number,
  textOf: (line: number) => string,
): Steps<Occurrences[]> {
  const families = yield* familiesOf(forms)
  const lines: Lines = {
    formOf: new Map(forms.flatMap((form) => form.lines.map((line) => [line, form] as const))),
    familyOf: new Map(forms.map((form, at) => [form, families[at] ?? at])),
    textOf,
    // Of two hosts, both.
    isCommon: (line) => hostsOf(line) >= Math.max(2, outputs.length / 2),
  }
  const repeated = yield* repeatedFamilies(outputs, lines)
  const headings = new Headings()
  for (const output of repeated.size > 0 ? outputs : []) {
    yield
    const found = new Map<Form, Set<string>>()
    for (const { form, heading } of headedLines(output, lines, repeated))
      if (heading !== '') found.set(form, (found.get(form) ?? new Set()).add(heading))
    for (const [form, names] of found) headings.add(form, names)
  }
  const pairs = new Map<Form | Headed, Pairs>()
  for (const [host, output] of outputs.entries()) {
    yield
    for (const { line, form, heading } of headedLines(output, lines, repeated)) {
      const key = (heading !== '' && headings.find(form, heading)) || form
      const list = pairs.get(key) ?? new Pairs()
      pairs.set(key, list)
      list.add(host, line)
    }
  }
  return [...pairs].map(([key, found]) => ({
    form: 'form' in key ? { ...key.form, heading: key.heading } : key,
    hosts: Uint32Array.from(found.hosts),
    lines: Uint32Array.from(found.lines),
    times: Uint32Array.from(found.times),
  }))
}

/** The occurrences that a test of the host and the line keeps. */
export function restrictTo(
  { form, hosts, lines, times }: Occurrences,
  isKept: (host: number, line: number) => boolean,
): Occurrences {
  const kept = [...lines.keys()].filter((at) => isKept(hosts[at] ?? 0, lines[at] ?? 0))
  const pick = (list: Uint32Array): Uint32Array => Uint32Array.from(kept, (at) => list[at] ?? 0)
  return { form, hosts: pick(hosts), lines: pick(lines), times: pick(times) }
}
