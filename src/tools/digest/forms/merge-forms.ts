import type { Steps } from '../../../shared/turns/steps.ts'
import { addHashes, hashOf } from '../lines/hashes.ts'
import { asPlace, countIn, type Form, isPlace, tokenOf, unionOf } from './form.ts'

/**
 * Forms that differ in one word are one form with a place, if the words are alternatives: `nginx running` on most
 * hosts and `nginx stopped` on others. `sshd running` and `nginx running` on the same hosts are two.
 */

/** Above this number, the forms are too different for a comparison to be worth its time. */
const maxForms = 20_000
const maxParts = 80
const maxRounds = 6
/** A share of hosts that print several of the alternatives. */
const maxOverlap = 0.05
/** The number of hosts from which a word can be called a value of its own for each. */
const minHosts = 5

const joined = (parts: readonly string[]): string => parts.join('\u0004')

/** A hash of the parts by position, from which one part is exchanged without reading the others. */
const positionHash = (part: string, at: number): number => hashOf(`${at}\u0004${part}`)

interface Candidate {
  /** The position of the place; -1 until a member with a word there is known. */
  readonly at: number
  readonly members: Form[]
}

/** Forms by their parts with one of them made a place. */
function* candidatesOf(forms: readonly Form[]): Steps<Candidate[]> {
  const byKey = new Map<number, Candidate>()
  const add = (key: number, at: number, form: Form): void => {
    const candidate = byKey.get(key)
    if (!candidate) byKey.set(key, { at, members: [form] })
    else if (candidate.at >= 0 || at < 0) candidate.members.push(form)
    else byKey.set(key, { at, members: [...candidate.members, form] })
  }
  for (const form of forms) {
    yield
    const { parts } = form
    if (form.paths || form.flexible !== undefined || parts.length > maxParts) continue
    const hashes = parts.map(positionHash)
    const whole = hashes.reduce(addHashes, parts.length)
    if (parts.some(isPlace)) add(whole, -1, form)
    for (let at = 0; at < parts.length - 1; at++) {
      const part = parts[at] ?? ''
      if (isPlace(part)) continue
      const without = addHashes(whole, 2 ** 52 - (hashes[at] ?? 0))
      add(addHashes(without, positionHash(asPlace(part), at)), at, form)
    }
  }
  return [...byKey.values()].filter(({ at, members }) => at >= 0 && members.length > 1)
}

const withPlace = ({ parts }: Form, at: number): string[] =>
  parts.map((part, index) => (index === at ? asPlace(part) : part))

/** Groups of forms of which a host prints at most one, the most frequent first. */
function alternativesAmong(forms: readonly Form[]): Form[][] {
  const groups: { readonly forms: Form[]; readonly hosts: Set<number> }[] = []
  for (const form of forms) {
    const group = groups.find(({ hosts }) => countIn(form.hosts, hosts) <= maxOverlap * form.hosts.length)
    if (group) {
      group.forms.push(form)
      for (const host of form.hosts) group.hosts.add(host)
    } else if (groups.length < 20) groups.push({ forms: [form], hosts: new Set(form.hosts) })
  }
  return groups.map(({ forms }) => forms)
}

/** The groups of forms that are one form each. */
function groupsToMerge(forms: readonly Form[], hosts: number): Form[][] {
  const isOwnForEach = forms.length > hosts / 2 && hosts >= minHosts
  if (isOwnForEach) return [[...forms]]
  // Without a word in common, nothing says that they are about the same.
  const hasWord = forms[0]?.parts.some(
    (part, at) => Boolean(tokenOf(part)) && forms.every(({ parts }) => parts[at] === part),
  )
  return hasWord ? alternativesAmong(forms).filter((group) => group.length > 1) : []
}

const byFrequency = (a: Form, b: Form): number =>
  b.hosts.length - a.hosts.length || (joined(a.parts) < joined(b.parts) ? -1 : 1)

function* mergeOnce(forms: readonly Form[]): Steps<Form[]> {
  const candidates = (yield* candidatesOf(forms))
    .map(({ at, members }) => {
      const [first] = members
      const pattern = first ? joined(withPlace(first, at)) : ''
      const alike = members.filter((form) => joined(withPlace(form, at)) === pattern).sort(byFrequency)
      return { at, members: alike, pattern, hosts: unionOf(alike.map(({ hosts }) => hosts)).length }
    })
    .sort(
      (a, b) =>
        b.hosts - a.hosts ||
        b.at - a.at ||
        b.members.length - a.members.length ||
        (a.pattern < b.pattern ? -1 : 1),
    )
  const taken = new Set<Form>()
  const merged: Form[] = []
  for (const { at, members } of candidates) {
    yield
    const free = members.filter((form) => !taken.has(form))
    if (free.length < 2) continue
    const hosts = unionOf(free.map(({ hosts }) => hosts)).length
    for (const group of groupsToMerge(free, hosts)) {
      const [first] = group
      if (!first) continue
      for (const form of group) taken.add(form)
      merged.push({
        parts: withPlace(first, at),
        lines: group.flatMap(({ lines }) => lines),
        hosts: unionOf(group.map((form) => form.hosts)),
      })
    }
  }
  return [...forms.filter((form) => !taken.has(form)), ...merged]
}

/** Merges forms that differ in single words. */
export function* mergeForms(forms: readonly Form[]): Steps<Form[]> {
  let current = [...forms]
  for (let round = 0; round < maxRounds && current.length > 1 && current.length <= maxForms; round++) {
    const next: Form[] = yield* mergeOnce(current)
    if (next.length === current.length) return next
    current = next
  }
  return current
}

/** The family of each form: forms that differ in one word belong to one, even if the same hosts print them. */
export function* familiesOf(forms: readonly Form[]): Steps<number[]> {
  const families = [...forms.keys()]
  const rootOf = (at: number): number => {
    let root = at
    while (families[root] !== root) root = families[root] ?? 0
    families[at] = root
    return root
  }
  if (forms.length > maxForms) return families
  const positions = new Map(forms.map((form, at) => [form, at]))
  for (const { members } of yield* candidatesOf(forms)) {
    const [first, ...others] = members.map((form) => rootOf(positions.get(form) ?? 0)).sort((a, b) => a - b)
    if (members.every(({ parts }) => parts.length > 2))
      for (const other of others) families[other] = first ?? other
  }
  return [...forms.keys()].map(rootOf)
}

const maxFlexibleForms = 400

/** True for equal parts, and for a place and a word that may stand there. */
const fits = (a = '', b = ''): boolean => a === b || ((isPlace(a) || isPlace(b)) && asPlace(a) === asPlace(b))

/** How many parts of two forms fit at the beginning and at the end, and how many of these are equal. */
interface Overlap {
  readonly head: number
  readonly tail: number
  readonly equal: number
}

function overlapOf(a: readonly string[], b: readonly string[]): Overlap {
  const most = Math.min(a.length, b.length)
  let head = 0
  let equal = 0
  while (head < most - 1 && fits(a[head], b[head])) {
    if (a[head] === b[head]) equal++
    head++
  }
  // What stands behind the last token goes with the tail.
  let tail = 1
  while (tail < most - head && fits(a.at(-1 - tail), b.at(-1 - tail))) {
    if (a.at(-1 - tail) === b.at(-1 - tail)) equal++
    tail++
  }
  return { head, tail, equal }
}

/**
 * Merges alternatives that have another number of words in one place: `up 12 days, 3:22, 2 users` and
 * `up 3:22, 2 users`.
 */
export function mergeFlexibly(forms: readonly Form[], hosts: number): Form[] {
  const isCandidate = ({ hosts: own, paths, parts }: Form): boolean =>
    own.length < hosts && !paths && parts.length <= maxParts
  const candidates = forms.filter(isCandidate).sort(byFrequency)
  if (candidates.length < 2 || candidates.length > maxFlexibleForms) return [...forms]
  const merged: Form[] = []
  for (const form of candidates) {
    const at = merged.findIndex((base) => {
      const { head, tail, equal } = overlapOf(base.parts, form.parts)
      const longest = Math.max(base.parts.length, form.parts.length) - 1
      const isWithin =
        base.flexible === undefined ||
        (head >= base.flexible && tail >= base.parts.length - 1 - base.flexible)
      return (
        equal > 0 &&
        equal * 2 >= longest &&
        isWithin &&
        countIn(form.hosts, new Set(base.hosts)) <= maxOverlap * form.hosts.length
      )
    })
    const base = merged[at]
    if (!base) {
      merged.push(form)
      continue
    }
    const { head, tail } = overlapOf(base.parts, form.parts)
    const flexible = base.flexible ?? Math.min(head, base.parts.length - 1)
    const end = base.flexible === undefined ? Math.max(flexible, base.parts.length - tail) : flexible + 1
    const common = (part: string, other = ''): string => (part === other ? part : asPlace(part))
    const behind = base.parts.length - end
    merged[at] = {
      parts: [
        ...base.parts.slice(0, flexible).map((part, index) => common(part, form.parts[index])),
        asPlace(base.parts[flexible] ?? ''),
        ...base.parts.slice(end).map((part, index) => common(part, form.parts.at(index - behind))),
      ],
      flexible,
      lines: [...base.lines, ...form.lines],
      hosts: unionOf([base.hosts, form.hosts]),
    }
  }
  const kept = forms.filter((form) => !isCandidate(form))
  return [...kept, ...merged]
}
