import { type ComparedLines, type LineStore, noLines } from '../../digest/lines/line-store.ts'
import { isOpen } from '../run/outcomes.ts'
import type { ComparedOutputs } from './compared-kinds.ts'
import type { ChangedLine } from './line-changes.ts'
import type { Pair } from './match-hosts.ts'
import type { RunHost } from './run-results.ts'
import { inOrder, isSame, otherLines, type ShownLines } from './shown-lines.ts'

/** Hosts with the same outcome and another output, in the same way. */
export interface OutputChange {
  /** The first of the hosts, whose lines are shown. */
  readonly example: Pair
  readonly hosts: readonly RunHost[]
  readonly lines: readonly ChangedLine[]
  /** Number of lines that changed; some of them are in `lines`. */
  readonly count: number
  /** True if the lines of the other hosts hold other values. */
  readonly isExample: boolean
  /** True if it is now one of another kind. */
  readonly isMove: boolean
}

interface Group extends OutputChange {
  readonly hosts: RunHost[]
  isExample: boolean
}

/** Groups the hosts of the same outcome by how their outputs changed. */
export class OutputChanges {
  readonly #outputs: ComparedOutputs
  readonly #store: LineStore
  readonly #groups = new Map<string, Group>()
  /** Hosts whose outputs could not be compared, since there are too many kinds. */
  uncompared = 0
  /** Hosts of which Qualys does not show whether they have an output. */
  unknown = 0
  /** Hosts with long outputs whose compared parts are the same, and what lies between these is not. */
  otherRest = 0

  constructor(outputs: ComparedOutputs, store: LineStore) {
    this.#outputs = outputs
    this.#store = store
  }

  /** The changes, those on most hosts first. */
  get all(): readonly OutputChange[] {
    return [...this.#groups.values()].sort((x, y) => y.hosts.length - x.hosts.length)
  }

  /** Adds a host, unless it is open or ended otherwise than before. */
  add(pair: Pair): void {
    const { a, b } = pair
    if (a.result.outcome !== b.result.outcome || isOpen(a.result.outcome)) return
    const { changeOf, kindOf } = this.#outputs
    const [linesA, linesB] = [this.#linesOf(a), this.#linesOf(b)]
    const [kindA, kindB] = [kindOf(a), kindOf(b)]
    const change = changeOf(a)
    if (a.key !== b.key) this.#addMove(pair)
    else if (change) {
      const isMove = kindA !== kindB
      const lines = (): ShownLines => ({ ...change, lines: inOrder(change.lines, linesA, linesB, isMove) })
      this.#group(`${a.key} ${change.hash} ${isMove}`, pair, lines)
    } else if (a.result.hidesOutput) this.unknown++
    else if (kindA === undefined || kindB === undefined) {
      if (!isSame(linesA, linesB)) this.uncompared++
    } else if (linesA.rest !== linesB.rest) this.otherRest++
  }

  /** A host whose exit status is another one. Its lines have no forms in common with those before. */
  #addMove(pair: Pair): void {
    const { a, b } = pair
    const [linesA, linesB] = [this.#linesOf(a), this.#linesOf(b)]
    const way = [a, b].map((host) => `${host.key} ${this.#outputs.numberOf(host)}`).join(' ')
    const group = this.#group(way, pair, () => otherLines(linesA, linesB, this.#store))
    const { example } = group
    group.isExample ||= !isSame(linesA, this.#linesOf(example.a)) || !isSame(linesB, this.#linesOf(example.b))
  }

  #group(key: string, pair: Pair, linesOf: () => ShownLines): Group {
    const known = this.#groups.get(key)
    if (known) {
      known.hosts.push(pair.b)
      return known
    }
    const { kindOf } = this.#outputs
    const isMove = kindOf(pair.a) !== kindOf(pair.b)
    const group = { example: pair, hosts: [pair.b], isMove, ...linesOf() }
    this.#groups.set(key, group)
    return group
  }

  #linesOf({ at }: RunHost): ComparedLines {
    return at === undefined ? noLines : (this.#store.hosts[at] ?? noLines)
  }
}
