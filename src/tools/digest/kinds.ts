import type { Steps } from '../../shared/turns/steps.ts'
import { formsOf } from './forms/group-lines.ts'
import { familiesOf } from './forms/merge-forms.ts'
import { type Occurrences, occurrencesOf, restrictTo } from './forms/occurrences.ts'
import { hashOf } from './lines/hashes.ts'
import { hostsOfLines } from './lines/hosts-of-lines.ts'
import type { ComparedLines, LineStore } from './lines/line-store.ts'

/** Kinds of output per outcome; hosts beyond it are counted only. */
const maxKinds = 200
/** A share of the forms of two outputs together that both have, from which they are of one kind. */
const minShared = 0.5

/** Hosts with one kind of output, by their positions, and the forms of their lines. */
export interface HostGroup {
  readonly hosts: readonly number[]
  readonly occurrences: readonly Occurrences[]
}

/** Outputs with the same forms. */
interface FormSet {
  readonly forms: readonly number[]
  readonly hosts: number[]
}

function formSets(occurrences: readonly Occurrences[], count: number): FormSet[] {
  const formsByHost = Array.from({ length: count }, (): number[] => [])
  for (const [form, { hosts }] of occurrences.entries())
    for (const host of new Set(hosts)) formsByHost[host]?.push(form)
  const sets = new Map<string, FormSet>()
  for (const [host, forms] of formsByHost.entries()) {
    const key = forms.join()
    const set = sets.get(key)
    if (set) set.hosts.push(host)
    else sets.set(key, { forms, hosts: [host] })
  }
  return [...sets.values()]
}

function isAlike(a: ReadonlySet<number>, b: ReadonlySet<number>): boolean {
  if (a.size === 0 || b.size === 0) return a.size === b.size
  const shared = [...b].filter((form) => a.has(form)).length
  return shared >= minShared * (a.size + b.size - shared)
}

/** Forms, and the families that they belong to: some hosts print a line for each of three users, some for one. */
interface KindForms {
  readonly forms: ReadonlySet<number>
  readonly families: ReadonlySet<number>
}

/** Hosts of one outcome by the kind of their output, and the number of those for which there are too many kinds. */
export function* groupHosts(
  outputs: readonly ComparedLines[],
  store: LineStore,
): Steps<{ readonly groups: readonly HostGroup[]; readonly rest: number }> {
  const { lines, hostsOf } = yield* hostsOfLines(outputs, store.lineCount)
  const textOf = (line: number): string => store.textOf(line)
  const forms = yield* formsOf(lines, hostsOf, store, outputs.length)
  const keyOf = ({ form }: Occurrences): string => `${form.parts.join('\u0004')}\u0005${form.heading ?? ''}`
  const keys = new Map<Occurrences, string>()
  const firstLine = ({ lines }: Occurrences): string =>
    Array.from(lines, textOf).reduce((a, b) => (a < b ? a : b))
  // In one order, whatever the order of the hosts.
  const found = yield* occurrencesOf(forms, outputs, (line) => hostsOf(line).length, textOf)
  for (const one of found) keys.set(one, keyOf(one))
  const occurrences = found.sort((a, b) => {
    const [first = '', second = ''] = [keys.get(a), keys.get(b)]
    if (first === second) return firstLine(a) < firstLine(b) ? -1 : 1
    return first < second ? -1 : 1
  })
  const families = yield* familiesOf(occurrences.map(({ form }) => form))
  const kinds: (KindForms & { readonly hosts: number[] })[] = []
  let rest = 0
  const sets = formSets(occurrences, outputs.length)
    .map((set) => ({ ...set, hash: hashOf(set.forms.join()) }))
    .sort((a, b) => b.hosts.length - a.hosts.length || a.hash - b.hash)
  for (const { forms: own, hosts } of sets) {
    yield
    const set: KindForms = {
      forms: new Set(own),
      families: new Set(own.map((form) => families[form] ?? form)),
    }
    const kind = kinds.find(
      (other) => isAlike(other.forms, set.forms) || isAlike(other.families, set.families),
    )
    if (kind) kind.hosts.push(...hosts)
    else if (kinds.length < maxKinds) kinds.push({ ...set, hosts: [...hosts] })
    else rest += hosts.length
  }
  const groups = kinds.map(({ hosts }) => {
    const isMember = new Uint8Array(outputs.length)
    for (const host of hosts) isMember[host] = 1
    const own = occurrences.flatMap((all) => {
      const within = restrictTo(all, (host) => isMember[host] === 1)
      return within.hosts.length > 0 ? [within] : []
    })
    return { hosts: hosts.sort((a, b) => a - b), occurrences: own }
  })
  return { groups, rest }
}
