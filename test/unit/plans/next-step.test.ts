import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { timeWindows } from '../../../src/config/limits/windows.ts'
import type { PlanEvent } from '../../../src/tools/plans/plan.ts'
import { foldPlan } from '../../../src/tools/plans/state/fold.ts'
import { nextStep, type StepTimes } from '../../../src/tools/plans/state/next-step.ts'
import {
  bareLines,
  hostIds,
  intentFor,
  lineMs,
  possibleEvents,
  proposed,
  proposedAt,
  sampleApproval,
  samplePlan,
} from '../../support/plans/plan-lines.ts'
import { checkProperty } from '../../support/properties/property.ts'

const minute = 60_000
const day = 24 * 60 * minute
const doubtMs = 2 * minute

const plan = samplePlan()
const approved: PlanEvent = { kind: 'approved', approval: sampleApproval() }
const begun = [proposed(plan), approved]
const intent = intentFor(0, hostIds(2))
const sent: PlanEvent = { kind: 'sent', wave: 0, jobId: '701' }
const counts = { succeeded: 2, failed: 0, unknown: 0, open: 0 }
const ended: PlanEvent = { kind: 'seen', wave: 0, counts, isEnd: true }
const held: PlanEvent = { kind: 'held', reason: 'person', why: 'Wait.' }
const stopped: PlanEvent = { kind: 'stopped', why: 'Enough.' }

const timesAt = (now: number, windows: StepTimes['windows'] = []): StepTimes => ({ now, doubtMs, windows })

/** The next step after these events, so many minutes after the last one. */
function stepAfter(events: readonly PlanEvent[], minutes = 0, windows: StepTimes['windows'] = []) {
  const lines = bareLines(events)
  return nextStep(foldPlan(lines), timesAt((lines.at(-1)?.at ?? 0) + minutes * minute, windows))
}

describe('the next step of a rollout', () => {
  const until = proposedAt + 30_000
  const table: readonly (readonly [string, readonly PlanEvent[], number, object])[] = [
    ['that is proposed is to ask', [proposed(plan)], 0, { kind: 'ask about the plan' }],
    ['that is approved is to send its first wave', begun, 0, { kind: 'send', wave: { index: 0 } }],
    [
      'with an intent is nothing while it may be answered',
      [...begun, intent],
      0,
      { kind: 'none', until: until + doubtMs },
    ],
    ['with an old intent is to prove', [...begun, intent], 3, { kind: 'prove', wave: { index: 0 } }],
    ['with an old intent that is held is nothing', [...begun, intent, held], 60, { kind: 'none' }],
    ['with an old intent that is stopped is nothing', [...begun, intent, stopped], 60, { kind: 'none' }],
    [
      'whose intent lapsed is to send',
      [...begun, intent, { kind: 'lapsed', wave: 0, why: 'No.' }],
      0,
      { kind: 'send' },
    ],
    ['with a run is to watch', [...begun, intent, sent], 0, { kind: 'watch' }],
    ['with a run that is held is to watch', [...begun, intent, sent, held], 0, { kind: 'watch' }],
    ['with a run that is stopped is to watch', [...begun, intent, sent, stopped], 0, { kind: 'watch' }],
    [
      'whose wave has ended is nothing for its soak time',
      [...begun, intent, sent, ended],
      29,
      { kind: 'none' },
    ],
    [
      'whose soak time is over is to send',
      [...begun, intent, sent, ended],
      30,
      { kind: 'send', wave: { index: 1 } },
    ],
    ['in time is to send', [...begun, intent, sent, ended], 90, { kind: 'send', wave: { index: 1 } }],
    ['that is late is to say so', [...begun, intent, sent, ended], 91, { kind: 'late', wave: { index: 1 } }],
    ['that is held is nothing', [...begun, held], 30, { kind: 'none' }],
    [
      'that nobody touched for seven days is to expire',
      [...begun, held],
      7 * 24 * 60 + 1,
      { kind: 'expire' },
    ],
    [
      'that was not approved for seven days is to expire',
      [proposed(plan)],
      7 * 24 * 60 + 1,
      { kind: 'expire' },
    ],
    ['with an intent does not expire', [...begun, intent], 30 * 24 * 60, { kind: 'prove' }],
    ['with a run does not expire', [...begun, intent, sent], 30 * 24 * 60, { kind: 'watch' }],
    ['that is stopped is nothing', [...begun, stopped], 30 * 24 * 60, { kind: 'none' }],
  ]

  test.each(table)('%s', (_, events, minutes, step) => {
    expect(stepAfter(events, minutes)).toMatchObject(step)
  })

  test('is to judge a wave that ended and was not judged', () => {
    const failed: PlanEvent = {
      kind: 'seen',
      wave: 0,
      counts: { ...counts, succeeded: 0, failed: 2 },
      isEnd: true,
    }
    expect(stepAfter([...begun, intent, sent, failed], 60)).toMatchObject({
      kind: 'judge',
      wave: { index: 0 },
    })
  })

  test('is to ask about a wave that needs an approval, and then to send it', () => {
    const single = samplePlan({ waves: plan.waves.slice(2) })
    const events: readonly PlanEvent[] = [proposed(single), approved]
    expect(stepAfter(events)).toMatchObject({ kind: 'ask about a wave' })
    const yes: PlanEvent = { kind: 'approved', wave: 0, approval: sampleApproval('wave 0') }
    expect(stepAfter([...events, yes])).toMatchObject({ kind: 'send' })
  })

  test('is to finish when all waves have ended', () => {
    const single = samplePlan({ waves: plan.waves.slice(0, 1) })
    expect(stepAfter([proposed(single), approved, intent, sent, ended])).toEqual({ kind: 'finish' })
  })

  test('waits for the windows', () => {
    // The approval is at 12:01 on a Monday.
    const windows = [timeWindows.parse('14:00-15:00'), undefined]
    expect(stepAfter(begun, 0, windows)).toEqual({ kind: 'none', until: Date.UTC(2026, 10, 23, 14) })
    expect(stepAfter(begun, 119, windows)).toMatchObject({ kind: 'send' })
    expect(stepAfter(begun, 178, windows)).toMatchObject({ kind: 'send' })
  })
})

describe('whatever the lines of a rollout are', () => {
  const lines = fc
    .array(fc.nat(), { maxLength: 14 })
    .map((picks) => bareLines(possibleEvents(samplePlan(), picks)))
  const moment = fc.integer({ min: -day, max: 10 * day })

  test('the step is the same when it is asked for again', () => {
    checkProperty(fc.tuple(lines, moment), 150, ([lines, after]) => {
      const state = foldPlan(lines)
      const times = timesAt(state.touchedAt + after)
      expect(nextStep(state, times)).toEqual(nextStep(foldPlan(structuredClone(lines)), times))
    })
  })

  test('nothing is sent while an intent stands, before it is due, too late, or while it is not running', () => {
    checkProperty(fc.tuple(lines, moment), 300, ([lines, after]) => {
      const state = foldPlan(lines)
      const now = state.touchedAt + after
      const step = nextStep(state, timesAt(now))
      if (step.kind !== 'send') return
      expect(state.phase).toBe('running')
      expect(state.waves.map(({ phase }) => phase)).not.toContain('sending')
      expect(state.waves.map(({ phase }) => phase)).not.toContain('sent')
      expect(step.wave.index).toBe(state.current)
      expect(step.wave.phase).toBe('waiting')
      expect(now).toBeGreaterThanOrEqual(state.dueAt ?? Number.POSITIVE_INFINITY)
      expect(now).toBeLessThanOrEqual((state.dueAt ?? 0) + state.plan.lateAfterMinutes * minute)
      if (step.wave.planned.needsApproval) expect(step.wave.approval).toBeDefined()
    })
  })

  test('nobody judges an intent before its time, its time-outs and the look-up are over', () => {
    checkProperty(fc.tuple(lines, moment), 300, ([lines, after]) => {
      const state = foldPlan(lines)
      const now = state.touchedAt + after
      const step = nextStep(state, timesAt(now))
      if (step.kind === 'prove') expect(now).toBeGreaterThanOrEqual(step.intent.until + doubtMs)
    })
  })

  test('a step that waits says when it is over, and something else is next then', () => {
    checkProperty(fc.tuple(lines, fc.integer({ min: 0, max: lineMs })), 200, ([lines, after]) => {
      const state = foldPlan(lines)
      const step = nextStep(state, timesAt(state.touchedAt + after))
      if (step.kind !== 'none' || step.until === undefined) return
      expect(nextStep(state, timesAt(step.until)).kind).not.toBe('none')
    })
  })
})
