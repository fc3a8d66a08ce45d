import { describe, expect, test } from 'vitest'
import type { FleetHost } from '../../support/outputs/fleet.ts'
import { runReplyOf, tells } from '../../support/outputs/run-reply.ts'

// What differs between hosts is folded and told, or it is a result.

const hostsWith = (outputs: readonly string[]): FleetHost[] =>
  outputs.map((output, index) => ({
    id: String(50_000 + index),
    name: `ws-${String(index).padStart(3, '0')}`,
    code: 0,
    output,
  }))

const fleetOf = (count: number, output: (index: number) => string): FleetHost[] =>
  hostsWith(Array.from({ length: count }, (_, index) => output(index)))

describe('names that hold digits are results, even if every host has its own', () => {
  test.each<[what: string, before: string, nameOf: (index: number) => string]>([
    ['a KB', 'installed ', (index) => `KB${5_030_000 + index * 7}`],
    ['a CVE', 'open: ', (index) => `CVE-2026-${10_000 + index * 3}`],
    ['a QID', 'found ', (index) => `QID-${38_000 + index}`],
    ['a hexadecimal number', 'result ', (index) => `0x8007${(4_096 + index).toString(16)}`],
    ['a version of three numbers', 'version ', (index) => `4.${index}.1`],
    ['a version of four numbers', 'AntivirusSignatureVersion : ', (index) => `1.421.${index + 100}.0`],
    ['a port', 'listening on port ', (index) => String(4_000 + index)],
    [
      'a value of the registry',
      '    MinLength    REG_DWORD    ',
      (index) => `0x${(index + 256).toString(16)}`,
    ],
    ['a negative number', 'offset ', (index) => String(-1_000 - index)],
    ['a decimal number', 'score ', (index) => `${index}.5`],
  ])('%s', async (_what, before, nameOf) => {
    const hosts = fleetOf(200, (index) => `${before}${nameOf(index)}`)
    const reply = await runReplyOf(hosts)
    const shown = hosts.filter((host, index) => tells(reply, [host], nameOf(index)))
    expect(shown.length, reply.text).toBeGreaterThanOrEqual(2)
    expect(shown.length, reply.text).toBeLessThanOrEqual(12)
    expect(reply.text).toMatch(/and 1[89]\d more values on 1[89]\d hosts/)
  })
})

describe('what nearly every host has for itself is folded, and told', () => {
  test.each<[what: string, output: (index: number) => string]>([
    ['a count', (index) => `agent (PID ${302 + index * 11}) is running`],
    ['a count with commas', (index) => `agent (PID ${(1_302 + index * 11).toLocaleString('en')}) is running`],
    ['a time', (index) => `PID file written at 10:${10 + (index % 50)}:${10 + Math.floor(index / 5)}`],
    ['an identifier', (index) => `PID a81761e1-470b-40ab-89db-ef0260${100_000 + index}`],
    ['an address', (index) => `PID 10.1.${index}.17`],
  ])('%s', async (_what, output) => {
    const { text, rows } = await runReplyOf(fleetOf(200, output))
    expect(rows).toHaveLength(1)
    expect(text).toMatch(/PID.*: 200 values/)
  })

  test('with the smallest and the largest number', async () => {
    const { text } = await runReplyOf(fleetOf(200, (index) => `agent (PID ${302 + index * 11}) is running`))
    expect(text).toMatch(/PID: 200 values, 302 to 2,?491/)
  })
})

describe('a number is folded if more than half of five hosts or more have one of their own', () => {
  test.each<[hosts: number, values: number, isFolded: boolean]>([
    [4, 4, false],
    [5, 2, false],
    [5, 5, true],
    [6, 3, false],
    [6, 4, true],
    [200, 100, false],
    [200, 101, true],
  ])('%i hosts with %i values: %s', async (hosts, values, isFolded) => {
    const { text } = await runReplyOf(
      fleetOf(hosts, (index) => `agent has PID ${302 + (index % values) * 11}`),
    )
    expect(text.includes(`PID: ${values} values`), text).toBe(isFolded)
  })
})
