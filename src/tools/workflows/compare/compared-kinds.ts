import { runSteps, type Steps } from '../../../shared/turns/steps.ts'
import type { Form } from '../../digest/forms/form.ts'
import type { Occurrences } from '../../digest/forms/occurrences.ts'
import { groupHosts } from '../../digest/kinds.ts'
import { type ComparedLines, type LineStore, noLines } from '../../digest/lines/line-store.ts'
import { type LineChange, LineChanges, type PassedOver } from './line-changes.ts'
import type { MatchedHosts } from './match-hosts.ts'
import type { RunHost } from './run-results.ts'

/** Hosts of both runs with one kind of output. */
export interface ComparedKind {
  readonly a: readonly RunHost[]
  readonly b: readonly RunHost[]
}

/** The outputs of both runs, compared with each other. */
export interface ComparedOutputs {
  readonly kinds: readonly ComparedKind[]
  /** Undefined for a host that is open, or for which there are too many kinds. */
  readonly kindOf: (host: RunHost) => ComparedKind | undefined
  /** The number of the kind of a host, if it has one. */
  readonly numberOf: (host: RunHost) => number | undefined
  /** How the lines of a host of run A changed; undefined if they did not. */
  readonly changeOf: (hostOfA: RunHost) => LineChange | undefined
  readonly passedOver: readonly PassedOver[]
}

/** The hosts of both runs that are done, by what must be equal in results that are compared. */
function resultsByKey({ both, onlyA, onlyB }: MatchedHosts) {
  const byKey = new Map<string, { readonly host: RunHost; readonly run: 'a' | 'b' }[]>()
  const add = (host: RunHost, run: 'a' | 'b'): void => {
    if (host.at === undefined) return
    const list = byKey.get(host.key)
    if (list) list.push({ host, run })
    else byKey.set(host.key, [{ host, run }])
  }
  for (const { a, b } of both) {
    add(a, 'a')
    add(b, 'b')
  }
  for (const host of onlyA) add(host, 'a')
  for (const host of onlyB) add(host, 'b')
  return byKey.values()
}

/** The forms of all kinds, each once: a kind has its own share of the lines. */
function wholeForms(parts: readonly Occurrences[]): Occurrences[] {
  const byForm = new Map<Form, Occurrences[]>()
  for (const part of parts) byForm.set(part.form, [...(byForm.get(part.form) ?? []), part])
  const joined = (lists: readonly Uint32Array[]): Uint32Array =>
    Uint32Array.from(lists.flatMap((list) => [...list]))
  return [...byForm].map(([form, own]) => ({
    form,
    hosts: joined(own.map(({ hosts }) => hosts)),
    lines: joined(own.map(({ lines }) => lines)),
    times: joined(own.map(({ times }) => times)),
  }))
}

function* comparing(matched: MatchedHosts, store: LineStore): Steps<ComparedOutputs> {
  const partner = new Map<RunHost, RunHost>()
  for (const { a, b } of matched.both) {
    partner.set(a, b)
    partner.set(b, a)
  }
  const linesOf = ({ at }: RunHost): ComparedLines =>
    at === undefined ? noLines : (store.hosts[at] ?? noLines)
  const kinds: ComparedKind[] = []
  const kindOf = new Map<RunHost, ComparedKind>()
  const changes = new Map<RunHost, LineChange>()
  const passedOver: PassedOver[] = []
  for (const results of resultsByKey(matched)) {
    const { groups } = yield* groupHosts(
      results.map(({ host }) => linesOf(host)),
      store,
    )
    const numbers = new Map(results.map(({ host }, at) => [host, at]))
    for (const { hosts } of groups) {
      const members = hosts.flatMap((at) => results[at] ?? [])
      const ofRun = (run: 'a' | 'b'): RunHost[] =>
        members.flatMap((member) => (member.run === run ? [member.host] : []))
      const kind = { a: ofRun('a'), b: ofRun('b') }
      kinds.push(kind)
      for (const { host } of members) kindOf.set(host, kind)
    }
    const lineChanges = new LineChanges((line) => store.textOf(line), {
      isOfA: (at) => results[at]?.run === 'a',
      of: (at) => {
        const other = results[at] && partner.get(results[at].host)
        // The lines of a host of no kind are not among those that are compared.
        return other && kindOf.has(other) ? numbers.get(other) : undefined
      },
    })
    for (const form of wholeForms(groups.flatMap(({ occurrences }) => occurrences)))
      yield* lineChanges.compare(form)
    for (const [at, change] of lineChanges.byResult) {
      const host = results[at]?.host
      if (host) changes.set(host, change)
    }
    passedOver.push(...lineChanges.passedOver)
  }
  const kindNumbers = new Map(kinds.map((kind, at) => [kind, at]))
  return {
    kinds,
    kindOf: (host) => kindOf.get(host),
    numberOf: (host) => {
      const kind = kindOf.get(host)
      return kind && kindNumbers.get(kind)
    },
    changeOf: (host) => changes.get(host),
    passedOver,
  }
}

/** Compares the outputs of both runs in one digest. Other work runs in between. */
export const compareOutputs = (
  matched: MatchedHosts,
  store: LineStore,
  signal: AbortSignal,
): Promise<ComparedOutputs> => runSteps(comparing(matched, store), signal)
