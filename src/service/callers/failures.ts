import { isIPv6 } from 'node:net'
import { LRUCache } from 'lru-cache'

/** Failures of one address that are answered at once, within the window. */
const freeFailures = 5
const windowMs = 60_000
const firstDelayMs = 250
const maxDelayMs = 4_000
/** As many as the longest delay needs. */
const maxKept = freeFailures + 1 + Math.log2(maxDelayMs / firstDelayMs)
const maxAddresses = 10_000

/** The eight groups of an IPv6 address, in hexadecimal without leading zeros. */
function groupsOf(address: string): readonly string[] {
  // The URL writes every form of an address in one way; a zone is not part of it.
  const { hostname } = new URL(`http://[${address.replace(/%.*$/, '')}]`)
  const [head = '', tail = ''] = hostname.slice(1, -1).split('::')
  const [first, last] = [head, tail].map((part) => part.split(':').filter((group) => group !== '')) as [
    string[],
    string[],
  ]
  return [...first, ...Array<string>(8 - first.length - last.length).fill('0'), ...last]
}

/** Who is slowed: an IPv4 address, or the network of an IPv6 address, within which anybody has as many as they like. */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address
  const groups = groupsOf(address)
  // An IPv4 address, as sockets for both kinds give it: ::ffff:10.1.2.3.
  if (groups.slice(0, 6).join(':') === '0:0:0:0:0:ffff') {
    const bytes = groups
      .slice(6)
      .flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255])
    return bytes.join('.')
  }
  return `${groups.slice(0, 4).join(':')}::/64`
}

/** Slows who brings wrong tokens again and again. Nobody is locked out: others may share the address. */
export class FailureDelays {
  readonly #failures = new LRUCache<string, readonly number[]>({ max: maxAddresses })
  readonly #now: () => number

  /** `now`: any time, in ms. */
  constructor({ now = () => performance.now() }: { readonly now?: () => number } = {}) {
    this.#now = now
  }

  /** Notes that an address brought no good token. */
  failed(address: string): void {
    const network = networkOf(address)
    this.#failures.set(network, [...this.#recent(network), this.#now()].slice(-maxKept))
  }

  /** How long the answer to a failed request of this address has to wait, in ms. */
  delayFor(address: string): number {
    const excess = this.#recent(networkOf(address)).length - freeFailures
    return excess <= 0 ? 0 : Math.min(maxDelayMs, firstDelayMs * 2 ** (excess - 1))
  }

  #recent(network: string): readonly number[] {
    const start = this.#now() - windowMs
    return (this.#failures.get(network) ?? []).filter((time) => time > start)
  }
}
