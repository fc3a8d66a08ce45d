import { describe, expect, test } from 'vitest'
import type { PlanEvent, RolloutPlan, WaveCounts } from '../../../../src/tools/plans/plan.ts'
import { foldPlan } from '../../../../src/tools/plans/state/fold.ts'
import { judgeWave, type Verdict } from '../../../../src/tools/plans/state/judge.ts'
import {
  hostIds,
  intentFor,
  linesOf,
  proposed,
  sampleApproval,
  samplePlan,
  sampleWave,
} from '../../../support/plans/plan-lines.ts'

const counts = (succeeded: number, failed: number, open = 0, unknown = 0): WaveCounts => ({
  succeeded,
  failed,
  unknown,
  open,
})

const sizeOf = (one: WaveCounts): number => one.succeeded + one.failed + one.unknown + one.open

/** A plan with waves of these sizes. */
const planOf = (sizes: readonly number[], changes: Partial<RolloutPlan> = {}): RolloutPlan =>
  samplePlan({
    waves: sizes.map((size, index) => sampleWave({ hosts: hostIds(size, (index + 1) * 100_000) })),
    ...changes,
  })

const start = (plan: RolloutPlan): readonly PlanEvent[] => [
  proposed(plan),
  { kind: 'approved', approval: sampleApproval() },
]

const sending = (plan: RolloutPlan, wave: number): readonly PlanEvent[] => [
  intentFor(wave, plan.waves[wave]?.hosts ?? []),
  { kind: 'sent', wave },
]

const end = (wave: number, seen: WaveCounts): PlanEvent => ({ kind: 'seen', wave, counts: seen, isEnd: true })
const held: PlanEvent = { kind: 'held', reason: 'failures', why: 'x' }
const resumed: PlanEvent = { kind: 'resumed', approval: sampleApproval('again'), sha256: 'f'.repeat(64) }

/** Judges a wave after these events, so many minutes after its run was sent. */
function judge(events: readonly PlanEvent[], wave: number, seen: WaveCounts, minutes = 1): Verdict {
  const state = foldPlan(linesOf(events))
  const judged = state.waves[wave]
  if (!judged?.run) throw new Error('the wave was not sent')
  return judgeWave(state, judged, seen, judged.run.sentAt + minutes * 60_000)
}

/** Judges the first wave of a plan, and says what came of it in short. */
function judgeFirst(seen: WaveCounts, changes: Partial<RolloutPlan>, minutes?: number): string {
  const plan = planOf([sizeOf(seen), 450], changes)
  const verdict = judge([...start(plan), ...sending(plan, 0)], 0, seen, minutes)
  return verdict.kind === 'hold' ? `hold: ${verdict.reason}${verdict.isEnd ? ', end' : ''}` : verdict.kind
}

describe('failures of a wave', () => {
  const wave = (hosts: number): Partial<RolloutPlan> => ({ stopAfter: { wave: { hosts } } })
  const share = (percent: number): Partial<RolloutPlan> => ({ stopAfter: { wave: { percent } } })

  test.each<[string, Partial<RolloutPlan>, WaveCounts, string]>([
    ['2 of 50, and 3 hold', wave(3), counts(48, 2), 'end'],
    ['3 of 50, and 3 hold', wave(3), counts(47, 3), 'hold: failures, end'],
    ['3 of 50 while 40 are open', wave(3), counts(7, 3, 40), 'hold: failures'],
    ['2 of 50 while 40 are open', wave(3), counts(8, 2, 40), 'go on'],
    ['1 of 50, and 1 holds', wave(1), counts(9, 1, 40), 'hold: failures'],
    ['2 of 50, and 5% hold: 2.5, rounded up', share(5), counts(48, 2), 'end'],
    ['3 of 50, and 5% hold', share(5), counts(47, 3), 'hold: failures, end'],
    ['4 of 100, and 5% hold', share(5), counts(96, 4), 'end'],
    ['5 of 100, and 5% hold', share(5), counts(95, 5), 'hold: failures, end'],
    ['1 of 3, and 1% holds', share(1), counts(2, 1), 'hold: failures, end'],
    ['1 of which nobody knows how it ended counts', wave(3), counts(47, 2, 0, 1), 'hold: failures, end'],
    ['only such ones count', wave(3), counts(7, 0, 40, 3), 'hold: failures'],
    ['none', wave(3), counts(50, 0), 'end'],
    ['none, whatever number holds', wave(0), counts(50, 0), 'end'],
    ['none yet', wave(3), counts(0, 0, 50), 'go on'],
    ['all, and 100% hold', share(100), counts(0, 50), 'hold: failures, end'],
    ['all but one, and 100% hold', share(100), counts(1, 49), 'end'],
  ])('%s', (_, changes, seen, verdict) => {
    expect(judgeFirst(seen, changes)).toBe(verdict)
  })
})

describe('a wave without any success', () => {
  const never: Partial<RolloutPlan> = {
    stopAfter: { all: { hosts: 1_000 } },
    notReported: { percent: 100 },
  }

  test.each<[string, WaveCounts, number, string]>([
    ['of one host that failed', counts(0, 1), 1, 'hold: failures, end'],
    ['of one host that succeeded', counts(1, 0), 1, 'end'],
    ['of one host that is open', counts(0, 0, 1), 1, 'go on'],
    ['of one host that did not report', counts(0, 0, 1), 240, 'hold: not reported, end'],
    ['of one host of which nobody knows how it ended', counts(0, 0, 0, 1), 1, 'hold: failures, end'],
    ['whose hosts all failed', counts(0, 5), 1, 'hold: failures, end'],
    ['whose hosts failed as far as they are done', counts(0, 4, 1), 239, 'go on'],
    ['whose hosts failed or did not report', counts(0, 4, 1), 240, 'hold: failures, end'],
    ['but one', counts(1, 3, 1), 240, 'end'],
  ])('%s', (_, seen, minutes, verdict) => {
    expect(judgeFirst(seen, never, minutes)).toBe(verdict)
  })
})

describe('hosts that do not report', () => {
  const rules = (percent: number): Partial<RolloutPlan> => ({
    stopAfter: { wave: { hosts: 100 } },
    notReported: { percent },
  })

  test.each<[string, WaveCounts, number, number, string]>([
    ['1 of 5, and more than 10% hold', counts(4, 0, 1), 10, 240, 'end'],
    ['2 of 5, and more than 10% hold', counts(3, 0, 2), 10, 240, 'hold: not reported, end'],
    ['5 of 50, and more than 10% hold', counts(45, 0, 5), 10, 240, 'end'],
    ['6 of 50, and more than 10% hold', counts(44, 0, 6), 10, 240, 'hold: not reported, end'],
    ['6 of 50 while there is time', counts(44, 0, 6), 10, 239, 'go on'],
    ['49 of 50, and all may be missing', counts(1, 0, 49), 100, 240, 'end'],
  ])('%s', (_, seen, percent, minutes, verdict) => {
    expect(judgeFirst(seen, rules(percent), minutes)).toBe(verdict)
  })

  test('are no failures', () => {
    expect(judgeFirst(counts(48, 0, 2), { stopAfter: { wave: { hosts: 1 } } }, 240)).toBe('end')
  })
})

describe('failures of all waves', () => {
  const plan = planOf([10, 50, 440], { stopAfter: { all: { percent: 1 } } })
  const second = (first: WaveCounts, ...more: readonly PlanEvent[]) => [
    ...start(plan),
    ...sending(plan, 0),
    end(0, first),
    ...more,
    ...sending(plan, 1),
  ]

  test.each<[string, WaveCounts, WaveCounts, string]>([
    ['4 of 500, and 1% holds', counts(8, 2), counts(40, 2, 8), 'go on'],
    ['5 of 500, and 1% holds', counts(8, 2), counts(40, 3, 7), 'hold'],
    ['those of an earlier wave count', counts(6, 4), counts(40, 1, 9), 'hold'],
    ['unknown ones count in both', counts(8, 0, 0, 2), counts(40, 0, 7, 3), 'hold'],
  ])('%s', (_, first, seen, verdict) => {
    expect(judge(second(first), 1, seen).kind).toBe(verdict)
  })

  test.each<[string, WaveCounts, string]>([
    ['4 more', counts(40, 4, 6), 'go on'],
    ['5 more', counts(40, 5, 5), 'hold'],
  ])('that a person accepted do not count again: %s', (_, seen, verdict) => {
    expect(judge(second(counts(5, 5), held, resumed), 1, seen).kind).toBe(verdict)
  })

  test('that a person accepted and that turned out to be none do not make room for others', () => {
    const events = [
      ...start(plan),
      ...sending(plan, 0),
      { kind: 'seen', wave: 0, counts: counts(0, 0, 5, 5) },
      held,
      resumed,
      end(0, counts(9, 1)),
      ...sending(plan, 1),
    ] as const
    expect(judge(events, 1, counts(40, 4, 6)).kind).toBe('go on')
    expect(judge(events, 1, counts(40, 5, 5)).kind).toBe('hold')
  })

  test('of a wave that is judged before its counts are written are taken from what is seen', () => {
    const events = [...second(counts(8, 2)), { kind: 'seen', wave: 1, counts: counts(40, 2, 8) }] as const
    expect(judge(events, 1, counts(41, 2, 7)).kind).toBe('go on')
    expect(judge(events, 1, counts(40, 3, 7)).kind).toBe('hold')
  })
})

describe('a wave that was resumed after failures', () => {
  const plan = planOf([50, 50], { stopAfter: { wave: { hosts: 3 } } })
  const sent = [...start(plan), ...sending(plan, 0)]
  const seen: PlanEvent = { kind: 'seen', wave: 0, counts: counts(7, 3, 40) }
  const accepted = [...sent, seen, held, resumed]

  test.each<[string, WaveCounts, string]>([
    ['the same failures', counts(7, 3, 40), 'go on'],
    ['2 more', counts(7, 5, 38), 'go on'],
    ['3 more', counts(7, 6, 37), 'hold'],
    ['the same failures at its end', counts(47, 3), 'end'],
  ])('is held for further failures only: %s', (_, now, verdict) => {
    expect(judge(accepted, 0, now).kind).toBe(verdict)
  })

  test('says which failures are new', () => {
    expect(judge(accepted, 0, counts(7, 6, 37))).toMatchObject({
      why: '6 of 50 hosts of wave 1 (canary) failed, 3 of them since a person accepted the others, and the plan stops when 3 of 50 fail.',
    })
  })

  test.each<[string, WaveCounts]>([
    ['too many failures', counts(47, 3)],
    ['no success', counts(0, 50)],
    ['no report', counts(0, 0, 50)],
    ['some of each', counts(40, 3, 7)],
  ])('and has ended may be judged again: %s', (_, now) => {
    const ended = [...sent, end(0, now)]
    expect(judge(ended, 0, now).kind).toBe('hold')
    expect(judge([...ended, held, resumed], 0, now).kind).toBe('end')
    const byPerson: PlanEvent = { kind: 'held', reason: 'person', why: 'x' }
    expect(judge([...sent, byPerson, end(0, now), resumed], 0, now).kind).toBe('hold')
  })
})

describe('the reason is said with numbers', () => {
  const why = (seen: WaveCounts, changes: Partial<RolloutPlan>, minutes = 1): string => {
    const plan = planOf([100, sizeOf(seen), 2_000], changes)
    const events = [...start(plan), ...sending(plan, 0), end(0, counts(100, 0)), ...sending(plan, 1)]
    const verdict = judge(events, 1, seen, minutes)
    return verdict.kind === 'hold' ? verdict.why : verdict.kind
  }

  test.each<[WaveCounts, Partial<RolloutPlan>, number, string]>([
    [
      counts(46, 4),
      { stopAfter: { wave: { percent: 5 } } },
      1,
      '4 of 50 hosts of wave 2 (canary) failed, and the plan stops when 3 of 50 fail.',
    ],
    [
      counts(40, 1, 9),
      { stopAfter: { wave: { hosts: 1 } } },
      1,
      '1 of 50 hosts of wave 2 (canary) failed, and the plan stops when 1 of 50 fails.',
    ],
    [
      counts(43, 7),
      { stopAfter: { all: { hosts: 7 } } },
      1,
      '7 of 2,150 hosts of the plan failed, and the plan stops when 7 of 2,150 fail.',
    ],
    [
      counts(0, 3, 1),
      { stopAfter: { all: { hosts: 7 } } },
      240,
      'No host of wave 2 (canary) succeeded, of 4: 3 failed, 1 did not report.',
    ],
    [
      counts(44, 0, 6),
      { notReported: { percent: 10 } },
      240,
      '6 of 50 hosts of wave 2 (canary) did not report within 4 h, and the plan stops when more than 5 of 50 do not.',
    ],
  ])('%j', (seen, changes, minutes, text) => {
    expect(why(seen, changes, minutes)).toBe(text)
  })
})
