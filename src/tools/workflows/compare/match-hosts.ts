import type { RunHost } from './run-results.ts'

/** A host in both runs. */
export interface Pair {
  readonly a: RunHost
  readonly b: RunHost
}

/** The hosts of two runs. */
export interface MatchedHosts {
  readonly both: readonly Pair[]
  readonly onlyA: readonly RunHost[]
  readonly onlyB: readonly RunHost[]
}

const nameOf = ({ result }: RunHost): string | undefined => result.host?.toLowerCase()

/** Ids that both show tell two hosts of one name apart. */
const mayBeSame = (a: RunHost, b: RunHost): boolean =>
  (a.keys.numbers.length === 0 || b.keys.numbers.length === 0) &&
  (a.keys.uuids.length === 0 || b.keys.uuids.length === 0)

/** Hosts by each of their keys. A key that several of them have names none. */
function indexOf(
  hosts: readonly RunHost[],
  keysOf: (host: RunHost) => readonly (string | undefined)[],
): ReadonlyMap<string, RunHost> {
  const index = new Map<string, RunHost>()
  const repeated = new Set<string>()
  for (const host of hosts)
    for (const key of keysOf(host)) {
      if (key === undefined) continue
      if (index.has(key)) repeated.add(key)
      index.set(key, host)
    }
  for (const key of repeated) index.delete(key)
  return index
}

/** Matches the hosts of two runs by their numbers, else by their UUIDs, else by their names. */
export function matchHosts(hostsA: readonly RunHost[], hostsB: readonly RunHost[]): MatchedHosts {
  const byNumber = indexOf(hostsB, ({ keys }) => keys.numbers)
  const byUuid = indexOf(hostsB, ({ keys }) => keys.uuids)
  const byName = indexOf(hostsB, (host) => [nameOf(host)])
  const namesOfA = indexOf(hostsA, (host) => [nameOf(host)])
  const pairs = new Map<RunHost, RunHost>()
  const taken = new Set<RunHost>()
  const match = (find: (a: RunHost) => RunHost | undefined): void => {
    for (const a of hostsA) {
      const b = pairs.has(a) ? undefined : find(a)
      if (b === undefined || taken.has(b)) continue
      pairs.set(a, b)
      taken.add(b)
    }
  }
  const first = (index: ReadonlyMap<string, RunHost>, keys: readonly string[]): RunHost | undefined =>
    keys.map((key) => index.get(key)).find((host) => host !== undefined)
  match(({ keys }) => first(byNumber, keys.numbers))
  match(({ keys }) => first(byUuid, keys.uuids))
  match((a) => {
    const name = nameOf(a)
    const b = name !== undefined && namesOfA.get(name) === a ? byName.get(name) : undefined
    return b && mayBeSame(a, b) ? b : undefined
  })
  return {
    both: [...pairs].map(([a, b]) => ({ a, b })),
    onlyA: hostsA.filter((host) => !pairs.has(host)),
    onlyB: hostsB.filter((host) => !taken.has(host)),
  }
}
