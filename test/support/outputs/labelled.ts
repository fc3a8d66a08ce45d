import { describe, expect, test } from 'vitest'
import { drawOf } from './draw.ts'
import { type FleetHost, fleetOf, fleetWith } from './fleet.ts'
import { type FleetOutput, holds, type Odd } from './fleet-output.ts'
import { counts, kindSizes, type RunReply, rowTexts, runReplyOf, tells } from './run-reply.ts'

// Runs of 200 hosts as real fleets print them: what is the same is told once, and what is another result is shown
// with its hosts.

const fixedSeed = 17
const hostCount = 200
const oddIndex = 137
/** A share of hosts that all did the same, in the largest kind. */
const minShare = 0.95
const maxKinds = 5

/** Every host is in a kind, and the hosts with the usual result are in one. */
function expectFolded(reply: RunReply, hosts: number, usualHosts: number): void {
  const sizes = kindSizes(reply)
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(hosts)
  expect(Math.max(...sizes), reply.text).toBeGreaterThanOrEqual(Math.floor(usualHosts * minShare))
  expect(sizes.length, reply.text).toBeLessThanOrEqual(maxKinds)
}

/** The text and the rows show this. */
function expectShown(reply: RunReply, shown: string | RegExp | undefined): void {
  if (shown === undefined) return
  for (const text of [reply.text, rowTexts(reply)])
    expect(holds(text, shown), `${shown} in\n${text}`).toBe(true)
}

/** The text names such a host, and the rows tell how many have its result. */
function expectTold(reply: RunReply, hosts: readonly FleetHost[], shown: string | RegExp | undefined): void {
  const { text, rows } = reply
  expect(hosts.filter(({ name }) => text.includes(name)).length, `a host in\n${text}`).toBeGreaterThan(0)
  expectShown(reply, shown)
  const what = `${hosts.length} hosts with ${shown} in\n${text}\n${JSON.stringify(rows)}`
  expect(tells(reply, hosts, shown), what).toBe(true)
}

const labelOf = ({ replace, by }: Odd): string => `${replace} -> ${JSON.stringify(by)}`

interface FleetTests {
  /** The outputs are drawn from it. */
  readonly seed?: number
  /** True for every odd result and every order; otherwise a part that shows a mistake soon. */
  readonly isWhole?: boolean
}

/** The tests of some fleets. */
export function testFleets(
  fleets: readonly FleetOutput[],
  { seed = fixedSeed, isWhole = false }: FleetTests = {},
): void {
  describe.each(fleets)('$name', (printed: FleetOutput) => {
    const hosts = fleetOf(printed, hostCount, seed)
    const [first] = printed.odd
    const cases = printed.odd.slice(0, isWhole ? undefined : 1).map((odd) => ({ label: labelOf(odd), odd }))

    test('the same result is one kind', async () => {
      expectFolded(await runReplyOf(hosts), hostCount, hostCount)
    })

    test.each(cases)('one odd host is shown: $label', async ({ odd }) => {
      const fleet = fleetWith(hosts, odd, (index) => index === oddIndex)
      const reply = await runReplyOf(fleet)
      expectFolded(reply, hostCount, hostCount - 1)
      expectTold(reply, fleet.slice(oddIndex, oddIndex + 1), odd.shows)
    })

    test.each(cases)('40 hosts with another result are shown: $label', async ({ odd }) => {
      const isOdd = (index: number): boolean => index % 5 === 2
      const fleet = fleetWith(hosts, odd, isOdd)
      const few = fleet.filter((_, index) => isOdd(index))
      const reply = await runReplyOf(fleet)
      expectFolded(reply, hostCount, hostCount - few.length)
      expectTold(reply, few, odd.shows)
      if (odd.usual === undefined) return
      expectShown(reply, odd.usual)
      // What most hosts have may be told by those that lack it.
      const isCounted = [hostCount - few.length, few.length].some((count) =>
        counts(reply, count, odd.usual ?? ''),
      )
      expect(isCounted, `${odd.usual} in\n${reply.text}\n${JSON.stringify(reply.rows)}`).toBe(true)
    })

    if (isWhole) {
      test('the order of hosts changes nothing', async () => {
        const fleet = fleetWith(hosts, first, (index) => index % 50 === 7)
        const expected = await runReplyOf(fleet)
        expect(await runReplyOf(drawOf(seed, 'order').shuffled(fleet))).toEqual(expected)
      })
    }

    test('one host, two and five are shown', async () => {
      const fleet = fleetWith(hosts.slice(0, 5), first, (index) => index === 1)
      expectShown(await runReplyOf(fleet.slice(1, 2)), first.shows)
      for (const count of [2, 5]) {
        const reply = await runReplyOf(fleet.slice(0, count))
        expect(kindSizes(reply).reduce((sum, size) => sum + size, 0)).toBe(count)
        expectTold(reply, fleet.slice(1, 2), first.shows)
        expectShown(reply, first.usual)
      }
    })
  })
}
