import { describe, expect, test } from 'vitest'
import { drawOf } from '../../support/outputs/draw.ts'
import { type FleetHost, fleetOf, fleetWith } from '../../support/outputs/fleet.ts'
import { type FleetOutput, holds, type Odd } from '../../support/outputs/fleet-output.ts'
import { fleetOutputs } from '../../support/outputs/fleet-outputs.ts'
import { kindSizes, type RunReply, runReplyOf, tells } from '../../support/outputs/run-reply.ts'

// Runs of 200 hosts as real fleets print them: what is the same is told once, and what is another result is shown
// with its hosts.

const seed = 17
const hostCount = 200
const oddIndex = 137

const expectSum = (reply: RunReply, count: number): void =>
  expect(kindSizes(reply).reduce((sum, size) => sum + size, 0)).toBe(count)

/** The text and the rows show the label. */
function expectShown({ text, rows }: RunReply, shown: string | RegExp | undefined): void {
  if (shown === undefined) return
  expect(holds(text, shown), `${shown} in\n${text}`).toBe(true)
  expect(holds(JSON.stringify(rows), shown), `${shown} in ${JSON.stringify(rows)}`).toBe(true)
}

/** The text names the host, and the rows tell its result as one of so many hosts. */
function expectTold(reply: RunReply, count: number, hosts: readonly FleetHost[], { shows }: Odd): void {
  expect(
    hosts.filter(({ name }) => reply.text.includes(name)).length,
    `an odd host in\n${reply.text}`,
  ).toBeGreaterThan(0)
  expectShown(reply, shows)
  expect(
    tells(reply, count, hosts, shows),
    `${count} hosts with ${shows} in ${JSON.stringify(reply.rows)}`,
  ).toBe(true)
}

const labelOf = ({ replace, by }: Odd): string => `${replace} -> ${JSON.stringify(by)}`

describe.each(fleetOutputs)('$name', (printed: FleetOutput) => {
  const hosts = fleetOf(printed, hostCount, seed)
  const cases = printed.odd.map((odd) => ({ label: labelOf(odd), odd }))

  test('the same result is one kind', async () => {
    const sizes = kindSizes(await runReplyOf(hosts))
    expect(Math.max(...sizes)).toBeGreaterThanOrEqual(hostCount * 0.95)
    expect(sizes.length).toBeLessThanOrEqual(5)
  })

  test.each(cases)('one odd host is shown: $label', async ({ odd }) => {
    const fleet = fleetWith(hosts, odd, (index) => index === oddIndex)
    const reply = await runReplyOf(fleet)
    expectSum(reply, hostCount)
    expect(Math.max(...kindSizes(reply))).toBeGreaterThanOrEqual((hostCount - 1) * 0.95)
    expectTold(reply, 1, fleet.slice(oddIndex, oddIndex + 1), odd)
  })

  test.each(cases)('40 hosts with another result are shown: $label', async ({ odd }) => {
    const isOdd = (index: number): boolean => index % 5 === 2
    const fleet = fleetWith(hosts, odd, isOdd)
    const reply = await runReplyOf(fleet)
    expectSum(reply, hostCount)
    const [few, most] = [fleet.filter((_, index) => isOdd(index)), fleet.filter((_, index) => !isOdd(index))]
    expectTold(reply, few.length, few, odd)
    const { usual } = odd
    if (usual === undefined) return
    expectShown(reply, usual)
    // What most hosts have may be told by those that lack it.
    expect(
      tells(reply, most.length, most, usual) || tells(reply, few.length, few, usual),
      `${most.length} hosts with ${usual} in ${JSON.stringify(reply.rows)}`,
    ).toBe(true)
  })

  test('the order of hosts changes nothing', async () => {
    const [odd] = printed.odd
    const fleet = fleetWith(hosts, odd, (index) => index % 50 === 7)
    const expected = await runReplyOf(fleet)
    expect(await runReplyOf(drawOf(seed, 'order').shuffled(fleet))).toEqual(expected)
  })

  test('one host, two and five are shown', async () => {
    const [odd] = printed.odd
    const fleet = fleetWith(hosts.slice(0, 5), odd, (index) => index === 1)
    const one = await runReplyOf(fleet.slice(1, 2))
    expectShown(one, odd.shows)
    for (const count of [2, 5]) {
      const reply = await runReplyOf(fleet.slice(0, count))
      expectSum(reply, count)
      expectTold(reply, 1, fleet.slice(1, 2), odd)
      expectShown(reply, odd.usual)
    }
  })
})
