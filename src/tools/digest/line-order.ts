import type { Steps } from '../../shared/turns/steps.ts'
import type { HostGroup } from './kinds.ts'
import { addHashes, hashOf } from './lines/hashes.ts'
import { type ComparedLines, noLines } from './lines/line-store.ts'
import type { PartialLine } from './places/findings.ts'
import { maxHostNames, minHosts } from './places/place-findings.ts'
import { readableLine } from './places/place-text.ts'

/** A share of the hosts that must have one order, so that another one is told; of few hosts, each order is. */
const usualShare = 0.8

/** What stands for each line in an order: the line, if half of the hosts print it, otherwise its form. */
function* keysByLine({ hosts, occurrences }: HostGroup): Steps<ReadonlyMap<number, number>> {
  const keys = new Map<number, number>()
  for (const [form, { lines }] of occurrences.entries()) {
    yield
    const counts = new Map<number, number>()
    for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1)
    for (const [line, count] of counts) keys.set(line, count * 2 >= hosts.length ? line : -1 - form)
  }
  return keys
}

interface Order {
  readonly keys: readonly number[]
  readonly ids: Uint32Array
  readonly hosts: number[]
}

/** The hosts by the order of their lines, the most frequent first, among those that print the same lines. */
function* ordersOf(group: HostGroup, outputs: readonly ComparedLines[]): Steps<readonly Order[]> {
  const keyOf = yield* keysByLine(group)
  const byLines = new Map<number, Map<string, Order>>()
  for (const host of group.hosts) {
    yield
    const { ids } = outputs[host] ?? noLines
    const keys = Array.from(ids, (id) => keyOf.get(id) ?? -1)
    const sum = keys.map((key) => hashOf(String(key))).reduce(addHashes, keys.length)
    const orders = byLines.get(sum) ?? new Map<string, Order>()
    byLines.set(sum, orders)
    const order = orders.get(keys.join())
    if (order) order.hosts.push(host)
    else orders.set(keys.join(), { keys, ids, hosts: [host] })
  }
  const countOf = (orders: ReadonlyMap<string, Order>): number =>
    [...orders.values()].reduce((sum, { hosts }) => sum + hosts.length, 0)
  const [[, most] = [0, new Map<string, Order>()]] = [...byLines].sort(
    ([a, x], [b, y]) => countOf(y) - countOf(x) || a - b,
  )
  return [...most.values()].sort(
    (a, b) => b.hosts.length - a.hosts.length || (a.keys.join() < b.keys.join() ? -1 : 1),
  )
}

/**
 * The hosts that print the same lines in another order than nearly all others: their results may belong to other
 * headings. Where every host has its own order, it says nothing.
 */
export function* orderFindings(
  group: HostGroup,
  outputs: readonly ComparedLines[],
  textOf: (line: number) => string,
  nameOf: (host: number) => string,
): Steps<readonly PartialLine[]> {
  const [usual, ...others] = yield* ordersOf(group, outputs)
  if (!usual || others.length === 0) return []
  const otherHosts = others.flatMap(({ hosts }) => hosts).sort((a, b) => a - b)
  const all = usual.hosts.length + otherHosts.length
  // Where most hosts print other lines, no order is usual.
  if (all * 2 < group.hosts.length) return []
  if (all >= minHosts && usual.hosts.length < all * usualShare) return []
  const [{ keys, ids } = usual] = others
  const at = keys.findIndex((key, index) => key !== usual.keys[index])
  return [
    {
      line: `the same lines in another order, first: ${readableLine(textOf(ids[at] ?? 0))}`,
      count: otherHosts.length,
      hosts: otherHosts.slice(0, maxHostNames).map(nameOf),
    },
  ]
}
