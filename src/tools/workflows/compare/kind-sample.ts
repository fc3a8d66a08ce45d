import { hostNameOf } from '../../digest/host-result.ts'
import type { Kind } from '../../digest/kind.ts'
import { type ComparedLines, type LineStore, noLines } from '../../digest/lines/line-store.ts'
import { readableLine } from '../../digest/places/place-text.ts'
import { signatureOf } from '../../digest/samples.ts'
import type { RunHost, RunResults } from './run-results.ts'

const maxNames = 5

/** The hosts of one run with one kind of output, as it is shown: what differs between them is left out. */
export function kindOfHosts(hosts: readonly RunHost[], run: RunResults, store: LineStore): Kind {
  const linesOf = ({ at }: RunHost): ComparedLines =>
    at === undefined ? noLines : (store.hosts[at] ?? noLines)
  const byJob = new Map(hosts.map((host) => [host.result.assetJobId, host]))
  const kept = store.isCut
    ? undefined
    : hosts
        .map((host) => run.samples.get(signatureOf(host.key, store.signatureOf(linesOf(host)))))
        .find((sample) => sample && byJob.has(sample.result.assetJobId))
  const [first] = hosts
  const host = (kept && byJob.get(kept.result.assetJobId)) ?? first
  if (host === undefined) throw new Error('a kind has hosts')
  const text = (): string =>
    Array.from(linesOf(host).ids, (line) => readableLine(store.textOf(line))).join('\n')
  const { outcome, code, text: status } = host.result
  const hasOutput = kept !== undefined || host.characters > 0
  return {
    outcome,
    ...(code !== undefined && { code }),
    ...(status !== undefined && { text: status }),
    count: hosts.length,
    hosts: [host, ...hosts.filter((other) => other !== host)]
      .slice(0, maxNames)
      .map(({ result }) => hostNameOf(result)),
    sample: kept?.result ?? { ...host.result, ...(hasOutput && { output: text() }) },
    characters: host.characters,
    results: [],
    varying: [],
    lines: [],
    moreLines: 0,
  }
}
