import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openPlanFiles } from '../../../../src/tools/plans/journal/plan-files.ts'
import type { PlanLine } from '../../../../src/tools/plans/plan.ts'
import { foldPlan } from '../../../../src/tools/plans/state/fold.ts'
import { type ForgetfulDisk, forgetfulDisk, PowerCut } from '../../../support/plans/forgetful-disk.ts'
import { planId, possibleEvents, samplePlan } from '../../../support/plans/plan-lines.ts'
import { checkProperty } from '../../../support/properties/property.ts'

// The power is cut at any operation, and the disk forgets any part of what was not flushed: every line whose writing
// returned is there, and what is there is a beginning of what was written.

const events = fc.array(fc.nat(), { maxLength: 8 }).map((picks) => possibleEvents(samplePlan(), picks))
/** What the disk keeps of what it need not keep, one choice after the other. */
const kept = fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }))

const open = (disk: ForgetfulDisk) =>
  openPlanFiles('/home/me/state', { disk, networkOf: () => undefined, now: () => 1_000 })

/** Writes until the power is cut. Returns the lines whose writing returned, and the one that was being written. */
function writeAll(
  disk: ForgetfulDisk,
  all: ReturnType<typeof possibleEvents>,
  before: readonly PlanLine[] = [],
) {
  const journals = open(disk)
  const lines = [...before]
  try {
    for (const event of all.slice(before.length)) {
      const line = journals.append(planId, lines, event, 'somebody')
      if (!line) throw new Error('nobody else writes')
      lines.push(line)
    }
    return { lines, isCut: false }
  } catch (error) {
    if (!(error instanceof PowerCut)) throw error
    return { lines, isCut: true }
  }
}

function operationsFor(all: ReturnType<typeof possibleEvents>): number {
  const disk = forgetfulDisk()
  writeAll(disk, all)
  return disk.operations()
}

test('after a cut, all lines that were written are there, at most one more, and they fold', () => {
  const cut = fc.tuple(events, fc.double({ min: 0, max: 1, noNaN: true }), kept)
  checkProperty(cut, 120, ([all, moment, stream]) => {
    const disk = forgetfulDisk(Math.floor(operationsFor(all) * moment))
    const { lines } = writeAll(disk, all)
    const keeps = stream[Symbol.iterator]()
    disk.restart(() => keeps.next().value ?? 0)
    const found = open(disk).read(planId)
    expect(found.slice(0, lines.length)).toEqual(lines)
    expect(found.map(({ seq }) => seq)).toEqual(found.map((_, index) => index + 1))
    expect([lines.length, lines.length + 1]).toContain(found.length)
    if (found.length > 0) foldPlan(found)
    // It goes on from there.
    const next = all[found.length]
    if (next)
      expect(open(disk).append(planId, found, next, 'somebody')).toMatchObject({ seq: found.length + 1 })
  })
})

test('the cuts above hit every operation, and all of the lines are there without one', () => {
  const all = possibleEvents(samplePlan(), [0, 1, 2])
  const total = operationsFor(all)
  const written = Array.from({ length: total + 1 }, (_, power) => {
    const disk = forgetfulDisk(power)
    const { lines, isCut } = writeAll(disk, all)
    expect(isCut).toBe(power < total)
    disk.restart(() => 0)
    expect(open(disk).read(planId)).toEqual(lines)
    return lines.length
  })
  expect(new Set(written)).toEqual(new Set([0, 1, 2, 3, 4]))
})

/** Choices of what the disk keeps: each of three names is there or not. */
const patterns = Array.from({ length: 8 }, (_, bits) =>
  [bits & 1, bits & 2, bits & 4].map((bit) => (bit ? 0.9 : 0)),
)

test('a line on which another process builds is there if the next one is', () => {
  const all = possibleEvents(samplePlan(), [1, 1])
  expect(all).toHaveLength(3)
  // The first process is killed while it writes line 2; the power fails while the other one writes the next line.
  for (
    let killedAfter = operationsFor(all.slice(0, 1));
    killedAfter < operationsFor(all.slice(0, 2));
    killedAfter++
  )
    for (let cutAfter = 1; cutAfter < 16; cutAfter++)
      for (const pattern of patterns) {
        const disk = forgetfulDisk(killedAfter)
        writeAll(disk, all)
        disk.revive(Number.POSITIVE_INFINITY)
        const found = open(disk).read(planId)
        disk.revive(cutAfter)
        const { lines } = writeAll(disk, all, found)
        let choice = 0
        disk.restart(() => pattern[choice++ % pattern.length] ?? 0)
        const left = open(disk).read(planId)
        if (lines.length > found.length) expect(left.slice(0, lines.length)).toEqual(lines)
        else expect(left.length).toBeGreaterThanOrEqual(1)
      }
})
