import { describe, expect, test } from 'vitest'
import { fleetOf } from '../../support/outputs/fleet.ts'
import { holds, oddOutput } from '../../support/outputs/fleet-output.ts'
import { fleetOutputs } from '../../support/outputs/fleet-outputs.ts'

// The labels of the fleets: what is odd is in one output only, and the hosts do not print the same.

test('there are outputs of many kinds and languages', () => {
  const names = fleetOutputs.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
  expect(names.length).toBeGreaterThan(120)
  expect(new Set(fleetOutputs.map(({ language }) => language)).size).toBeGreaterThanOrEqual(18)
})

describe.each(fleetOutputs)('$name', (printed) => {
  const outputs = fleetOf(printed, 50, 1).map(({ output }) => output)

  test('differs between hosts, and is the same for the same seed', () => {
    expect(new Set(outputs).size).toBeGreaterThan(10)
    expect(fleetOf(printed, 50, 1).map(({ output }) => output)).toEqual(outputs)
  })

  test.each(printed.odd)('%o', (odd) => {
    const { shows, usual } = odd
    const changed = outputs.map((output) => oddOutput(odd, output))
    if (shows !== undefined) expect(changed.filter((output) => !holds(output, shows))).toEqual([])
    if (typeof shows === 'string') expect(outputs.filter((output) => holds(output, shows))).toEqual([])
    if (usual === undefined) return
    expect(outputs.filter((output) => !holds(output, usual))).toEqual([])
    expect(changed.filter((output) => holds(output, usual))).toEqual([])
  })
})
