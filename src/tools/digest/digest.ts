import { runAtOnce, runSteps, type Steps } from '../../shared/turns/steps.ts'
import { type HostResult, hostNameOf } from './host-result.ts'
import type { Kind } from './kind.ts'
import { groupHosts, type HostGroup } from './kinds.ts'
import { orderFindings } from './line-order.ts'
import { type ComparedLines, LineStore, noLines } from './lines/line-store.ts'
import { withoutName } from './lines/output-lines.ts'
import { partialLines } from './partial-lines.ts'
import { columnTitles } from './places/column-titles.ts'
import { findingsOf } from './places/line-findings.ts'
import { clausesOf, nameApart } from './places/name-apart.ts'
import { noFindings, type PlaceFindings, placeFindings } from './places/place-findings.ts'
import { readableLine } from './places/place-text.ts'
import { classOf } from './places/value-class.ts'
import { compareHosts, resultKey, type Sample, Samples, signatureOf } from './samples.ts'

/** One host without its output. */
interface Host {
  readonly result: HostResult
  readonly characters: number
  readonly key: string
  /** Its position in the store. */
  readonly at: number
}

/** Hosts that can be of one kind, and their lines. */
interface Outcome {
  readonly hosts: readonly Host[]
  readonly outputs: readonly ComparedLines[]
}

const maxHostNames = 5

/** True for a place whose rarest value is on few hosts. */
const rarest = ({ values }: { readonly values: readonly { readonly count: number }[] }): number =>
  values[0]?.count ?? 0

/**
 * The outputs of a run, compared with each other in bounded memory: lines that are alike but for some places are one
 * form, and hosts with much the same forms are one kind (design 4). The order of the hosts makes no difference.
 */
export class Digest {
  readonly #store = new LineStore()
  readonly #samples = new Samples()
  readonly #hosts: Host[] = []
  #hostsOfNoKind = 0

  /** Adds the result of one host at once. */
  add(result: HostResult): void {
    runAtOnce(this.#adding(result))
  }

  /** Adds the result of one host, and lets other work run in between. The next one is added once this one is. */
  addInTurns(result: HostResult, signal: AbortSignal): Promise<void> {
    return runSteps(this.#adding(result), signal)
  }

  *#adding(result: HostResult): Steps<void> {
    const { output, ...others } = result
    const at = this.#store.hosts.length
    yield* this.#store.adding(output ?? '', result.host)
    const key = resultKey(result)
    const lines = this.#store.hosts[at]
    const signature = signatureOf(key, lines ? this.#store.signatureOf(lines) : 0)
    this.#samples.add(signature, result)
    this.#hosts.push({ result: others, characters: output?.length ?? 0, key, at })
  }

  /** The number of hosts. */
  get size(): number {
    return this.#hosts.length
  }

  /** Characters of each output that are compared, of which a fifth at its end; the rest is compared by its hash. */
  get comparedLength(): number {
    return this.#store.comparedLength
  }

  /** Number of hosts of no kind, since there are too many kinds. Known once the kinds are. */
  get hostsOfNoKind(): number {
    return this.#hostsOfNoKind
  }

  /** The kinds of output: failures first, then the largest. Other work runs in between. */
  kinds(signal?: AbortSignal): Promise<readonly Kind[]> {
    return runSteps(this.#compare(), signal)
  }

  *#compare(): Steps<readonly Kind[]> {
    this.#hostsOfNoKind = 0
    const kinds: Kind[] = []
    for (const outcome of this.#outcomes()) {
      const { groups, rest } = yield* groupHosts(outcome.outputs, this.#store)
      this.#hostsOfNoKind += rest
      for (const group of groups) kinds.push(yield* this.#kindOf(outcome, group))
    }
    const rank = ({ outcome }: Kind): number => (outcome === 'succeeded' ? 1 : 0)
    return kinds.sort((a, b) => rank(a) - rank(b) || b.count - a.count || compareHosts(a.sample, b.sample))
  }

  #outcomes(): readonly Outcome[] {
    const byKey = new Map<string, Host[]>()
    for (const host of [...this.#hosts].sort((a, b) => compareHosts(a.result, b.result))) {
      const hosts = byKey.get(host.key)
      if (hosts) hosts.push(host)
      else byKey.set(host.key, [host])
    }
    return [...byKey.values()].map((hosts) => ({
      hosts,
      outputs: hosts.map((host) => this.#linesOf(host)),
    }))
  }

  *#kindOf(outcome: Outcome, group: HostGroup): Steps<Kind> {
    const nameOf = (host: number): string => {
      const found = outcome.hosts[host]
      return found ? hostNameOf(found.result) : ''
    }
    const textOf = (line: number): string => this.#store.textOf(line)
    const hosts = group.hosts.flatMap((host) => outcome.hosts[host] ?? [])
    const sample = this.#sampleOf(hosts)
    const titles = columnTitles(sample.result.output ?? '', sample.result.host)
    const findings = hostFindings(outcome, group, nameOf)
    const shown = outcome.hosts.findIndex(({ result }) => compareHosts(result, sample.result) === 0)
    for (const occurrences of group.occurrences)
      findings.push(...(yield* findingsOf(occurrences, { textOf, nameOf, titles }, shown)))
    const { results, varying } = nameApart(findings, clausesOf(group.occurrences, textOf))
    const order = yield* orderFindings(group, outcome.outputs, textOf, nameOf)
    const odd = [...findings.flatMap(({ lines = [] }) => lines), ...order]
    const { lines, more } = partialLines(group, odd, textOf, nameOf)
    const { outcome: word, code, text, assetJobId } = sample.result
    const others = hosts.filter(({ result }) => result.assetJobId !== assetJobId)
    return {
      outcome: word,
      ...(code !== undefined && { code }),
      ...(text !== undefined && { text }),
      count: hosts.length,
      hosts: [sample.result, ...others.map(({ result }) => result)].slice(0, maxHostNames).map(hostNameOf),
      sample: sample.result,
      characters: sample.characters,
      results: results.sort((a, b) => rarest(a) - rarest(b) || (a.place < b.place ? -1 : 1)),
      varying,
      lines,
      moreLines: more,
    }
  }

  #linesOf({ at }: Host): ComparedLines {
    return this.#store.hosts[at] ?? noLines
  }

  /** The output that stands for a kind: one that most of its hosts are like. */
  #sampleOf(hosts: readonly Host[]): Sample {
    const bySignature = new Map<number, Host[]>()
    for (const host of hosts) {
      const signature = signatureOf(host.key, this.#store.signatureOf(this.#linesOf(host)))
      const alike = bySignature.get(signature)
      if (alike) alike.push(host)
      else bySignature.set(signature, [host])
    }
    const sorted = [...bySignature].sort(([a, x], [b, y]) => y.length - x.length || a - b)
    for (const [signature] of this.#store.isCut ? [] : sorted) {
      const sample = this.#samples.get(signature)
      // Hosts of another kind may have the same forms with other values.
      if (sample && hosts.some(({ result }) => compareHosts(result, sample.result) === 0)) return sample
    }
    const first = sorted[0]?.[1][0]
    if (!first) throw new Error('a kind has hosts')
    const output = Array.from(this.#linesOf(first).ids, (line) =>
      readableLine(this.#store.textOf(line)),
    ).join('\n')
    return { result: { ...first.result, output }, characters: first.characters }
  }
}

const textWithoutName = (result: HostResult | undefined): string | undefined =>
  result?.text && withoutName(result.text, result.host)

/** What differs between hosts beside the compared lines: the text of the outcome, and the rest of long outputs. */
function hostFindings(
  { hosts, outputs }: Outcome,
  group: HostGroup,
  nameOf: (host: number) => string,
): PlaceFindings[] {
  const values = {
    'text of the outcome': (host: number) => textWithoutName(hosts[host]?.result),
    'what lies between the compared parts (by its hash)': (host: number) =>
      outputs[host]?.rest === undefined ? undefined : outputs[host].rest.toString(16).slice(0, 8),
  }
  return Object.entries(values).map(([place, read]) => {
    const byValue = new Map<string, number[]>()
    for (const host of group.hosts) {
      const value = read(host)
      if (value !== undefined) byValue.set(value, [...(byValue.get(value) ?? []), host])
    }
    return byValue.size < 2
      ? noFindings
      : placeFindings(
          { name: place, fullName: place, separator: ': ' },
          byValue,
          (value) => classOf(value, ''),
          {
            all: group.hosts,
            nameOf,
          },
        )
  })
}
