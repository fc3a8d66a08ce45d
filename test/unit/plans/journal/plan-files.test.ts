import { createHash } from 'node:crypto'
import { existsSync, lstatSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openPlanFiles } from '../../../../src/tools/plans/journal/plan-files.ts'
import type { PlanJournals } from '../../../../src/tools/plans/journal/port.ts'
import type { PlanEvent, PlanLine } from '../../../../src/tools/plans/plan.ts'
import { newPlanId } from '../../../../src/tools/plans/plan-id.ts'
import { newStateDir } from '../../../support/approvals/state-folder.ts'
import {
  hostIds,
  intentFor,
  planId,
  proposed,
  sampleApproval,
  samplePlan,
  sampleWave,
} from '../../../support/plans/plan-lines.ts'

const plan = samplePlan()
const approved: PlanEvent = { kind: 'approved', approval: sampleApproval() }
const stopped: PlanEvent = { kind: 'stopped', why: 'Somebody asked.' }

function write(journals: PlanJournals, ...events: readonly PlanEvent[]): PlanLine[] {
  const lines: PlanLine[] = []
  for (const event of events) {
    const line = journals.append(planId, lines, event, 'somebody')
    if (!line) throw new Error('not written')
    lines.push(line)
  }
  return lines
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

describe('the files of a journal', () => {
  test('are one a line, each with the hash of the text of the one before', () => {
    const stateDir = newStateDir()
    const journals = openPlanFiles(stateDir, { now: () => 5 })
    const lines = write(journals, proposed(plan), approved, intentFor(0, hostIds(2)))
    const folder = join(stateDir, 'plans', planId)
    const names = readdirSync(folder).sort()
    expect(names).toEqual(['000001.json', '000002.json', '000003.json'])
    const texts = names.map((name) => readFileSync(join(folder, name), 'utf8'))
    expect(texts.map((text) => JSON.parse(text) as unknown)).toEqual(lines)
    expect(texts.every((text) => text.indexOf('\n') === text.length - 1)).toBe(true)
    expect(lines.map(({ prev }) => prev)).toEqual(['0'.repeat(64), ...texts.slice(0, 2).map(sha256)])
    expect(lines.map(({ seq, at, who, id }) => [seq, at, who, id])).toEqual(
      [1, 2, 3].map((seq) => [seq, 5, 'somebody', planId]),
    )
    expect(journals.read(planId)).toEqual(lines)
  })

  test.skipIf(process.platform === 'win32')('are for their owner only', () => {
    const stateDir = newStateDir()
    write(openPlanFiles(stateDir), proposed(plan))
    const modeOf = (...parts: readonly string[]) => lstatSync(join(stateDir, ...parts)).mode & 0o777
    expect([modeOf(), modeOf('plans'), modeOf('plans', planId)]).toEqual([0o700, 0o700, 0o700])
    expect(modeOf('plans', planId, '000001.json')).toBe(0o600)
  })

  test('hold a plan of 10,000 hosts', () => {
    const journals = openPlanFiles(newStateDir())
    const hosts = hostIds(10_000, 100_000_000)
    const [line] = write(journals, proposed(samplePlan({ waves: [sampleWave({ hosts })] })))
    expect(journals.read(planId)).toEqual([line])
  })

  test('hold names as they are, whatever is in them', () => {
    const journals = openPlanFiles(newStateDir())
    const name = 'a\nb\u2028\u202e"\\ é 漢 \ud800'
    const [line] = write(journals, proposed(samplePlan({ hostNames: { 1: name } })))
    expect(journals.read(planId)).toEqual([line])
    expect(line).toMatchObject({ plan: { hostNames: { 1: name } } })
  })

  test('are none for a plan that nobody proposed, and nothing is made by looking', () => {
    const stateDir = newStateDir()
    const journals = openPlanFiles(stateDir)
    expect([journals.list(), journals.read(planId), journals.lease(planId, 'a', 1_000)]).toEqual([
      [],
      [],
      undefined,
    ])
    expect(existsSync(stateDir)).toBe(false)
  })

  test('are found by their ids, and other names beside them are left alone', () => {
    const stateDir = newStateDir()
    const journals = openPlanFiles(stateDir)
    const ids = ['ZZZZ9999', planId, '22223333']
    for (const id of ids) journals.append(id, [], proposed(samplePlan({ id })), 'somebody')
    for (const name of ['notes.txt', 'ABCD0000', 'QQQQ7777']) writeFileSync(join(stateDir, 'plans', name), '')
    expect(journals.list()).toEqual(ids.sort())
  })
})

describe('a line', () => {
  test('is not written if somebody else wrote that line first', () => {
    const stateDir = newStateDir()
    const [one, other] = [openPlanFiles(stateDir), openPlanFiles(stateDir)]
    const lines = write(one, proposed(plan))
    const second = other.append(planId, lines, approved, 'other')
    expect(one.append(planId, lines, stopped, 'one')).toBeUndefined()
    expect(one.append(planId, [], proposed(plan), 'one')).toBeUndefined()
    expect(one.read(planId)).toEqual([...lines, second])
    expect(readdirSync(join(stateDir, 'plans', planId))).toHaveLength(2)
  })

  test('is told to whoever asked for it, until they end that', () => {
    const journals = openPlanFiles(newStateDir())
    const told: string[] = []
    const end = journals.notify((id) => told.push(id))
    const lines = write(journals, proposed(plan))
    expect(journals.append(planId, [], proposed(plan), 'late')).toBeUndefined()
    expect(told).toEqual([planId])
    end()
    journals.append(planId, lines, stopped, 'somebody')
    expect(told).toEqual([planId])
  })

  test.each<[string, readonly PlanEvent[], PlanEvent, RegExp]>([
    ['cannot follow', [proposed(plan)], { kind: 'done' }, /cannot follow/],
    ['lacks something', [proposed(plan)], { kind: 'stopped' } as never, /"why"/],
    ['says more than there is', [], { ...proposed(plan), more: 1 } as never, /"more"/],
    ['is the plan of another id', [], proposed(samplePlan({ id: 'ZZZZ9999' })), /of another plan/],
  ])('is not written if it %s', (_, before, event, message) => {
    const stateDir = newStateDir()
    const journals = openPlanFiles(stateDir)
    const lines = write(journals, ...before)
    expect(() => journals.append(planId, lines, event, 'somebody')).toThrow(message)
    expect(journals.read(planId)).toEqual(lines)
    expect(existsSync(stateDir)).toBe(before.length > 0)
  })

  test('is not written if it is larger than what is read', () => {
    const journals = openPlanFiles(newStateDir())
    const huge = proposed(samplePlan({ description: 'x'.repeat(4_200_000) }))
    expect(() => journals.append(planId, [], huge, 'somebody')).toThrow(/4,194,304.*kept/)
    expect(journals.list()).toEqual([])
  })

  test.each(['../evil', '/tmp/x', '..', '', 'abcd2345', 'ABCD2345/..', 'ABCD23456'])(
    'is neither read nor written for the id %j',
    (id) => {
      const stateDir = newStateDir()
      const journals = openPlanFiles(stateDir)
      expect([journals.read(id), journals.lease(id, 'a', 1_000)]).toEqual([[], undefined])
      expect(() => journals.append(id, [], proposed(samplePlan({ id })), 'somebody')).toThrow(/not written/)
      expect(existsSync(stateDir)).toBe(false)
    },
  )
})

test('what a killed process left is ignored, and swept after an hour', () => {
  const stateDir = newStateDir()
  const journals = openPlanFiles(stateDir)
  const lines = write(journals, proposed(plan))
  const folder = join(stateDir, 'plans', planId)
  const leave = (digit: string, minutesAgo: number, place = folder) => {
    const path = join(place, `${digit.repeat(8)}-0000-4000-8000-000000000000.new`)
    writeFileSync(path, 'half')
    const time = Date.now() / 1_000 - minutesAgo * 60
    utimesSync(path, time, time)
    return path
  }
  const [old, young] = [leave('1', 61), leave('2', 59)]
  expect(journals.read(planId)).toEqual(lines)
  expect([existsSync(old), existsSync(young)]).toEqual([true, true])
  journals.append(planId, lines, stopped, 'somebody')
  expect([existsSync(old), existsSync(young)]).toEqual([false, true])
  const ofTrial = leave('3', 61, join(stateDir, 'plans'))
  journals.append('ZZZZ9999', [], proposed(samplePlan({ id: 'ZZZZ9999' })), 'somebody')
  expect(existsSync(ofTrial)).toBe(false)
})

test('new ids are ids, and differ', () => {
  const ids = Array.from({ length: 50 }, newPlanId)
  expect(ids.every((id) => /^[2-9A-HJKMNP-TV-Z]{8}$/.test(id))).toBe(true)
  expect(new Set(ids).size).toBe(50)
})
