import { describe, expect, test } from 'vitest'
import { JournalError } from '../../../../src/tools/plans/journal-error.ts'
import type { PlanEvent } from '../../../../src/tools/plans/plan.ts'
import { foldPlan } from '../../../../src/tools/plans/state/fold.ts'
import type { PlanState } from '../../../../src/tools/plans/state/plan-state.ts'
import {
  hostIds,
  intentFor,
  lineMs,
  linesOf,
  planId,
  proposed,
  proposedAt,
  sampleApproval,
  samplePlan,
} from '../../../support/plans/plan-lines.ts'

const plan = samplePlan()
const approval = sampleApproval()
const again = sampleApproval('again')
const start: readonly PlanEvent[] = [proposed(plan), { kind: 'approved', approval }]
const hosts = hostIds(2)
const intent = intentFor(0, hosts)
const sent: PlanEvent = { kind: 'sent', wave: 0, jobId: '701', correlationUuid: 'c-701' }
const good = { succeeded: 2, failed: 0, unknown: 0, open: 0 }
const bad = { succeeded: 0, failed: 1, unknown: 1, open: 0 }
const missing = { succeeded: 0, failed: 0, unknown: 1, open: 1 }
const ended: PlanEvent = { kind: 'seen', wave: 0, counts: good, isEnd: true }
const hold = (reason: 'failures' | 'not reported' | 'person'): PlanEvent => ({
  kind: 'held',
  reason,
  why: 'Look.',
  wave: 0,
})
const resumed: PlanEvent = { kind: 'resumed', approval: again, sha256: 'f'.repeat(64) }

const fold = (...events: readonly PlanEvent[]): PlanState => foldPlan(linesOf([...start, ...events]))
/** When the line with this number was written. */
const at = (seq: number): number => proposedAt + (seq - 1) * lineMs
const minutes = (count: number): number => count * 60_000

describe('a plan', () => {
  test('waits for its approval', () => {
    const state = foldPlan(linesOf(start.slice(0, 1)))
    expect(state).toMatchObject({
      plan,
      phase: 'proposed',
      sha256: plan.script.sha256,
      current: 0,
      acceptedFailures: [0, 0, 0],
      proposedAt: at(1),
      touchedAt: at(1),
    })
    expect(state.waves.map(({ index, planned, phase }) => [index, planned, phase])).toEqual(
      plan.waves.map((wave, index) => [index, wave, 'waiting']),
    )
    expect(state).not.toHaveProperty('dueAt')
    expect(state).not.toHaveProperty('approval')
  })

  test('runs once it is approved, and its first wave is due at once', () => {
    expect(fold()).toMatchObject({ phase: 'running', approval, approvedAt: at(2), dueAt: at(2), current: 0 })
  })

  test('is held with a reason, and no wave of it is due', () => {
    const state = fold(hold('person'))
    expect(state).toMatchObject({ phase: 'held', held: { reason: 'person', why: 'Look.', at: at(3) } })
    expect(state).not.toHaveProperty('dueAt')
  })

  test('goes on when it is resumed, with the script and the approval of that moment', () => {
    const state = fold(hold('person'), resumed)
    expect(state).toMatchObject({ phase: 'running', approval: again, sha256: 'f'.repeat(64), dueAt: at(4) })
    expect(state).not.toHaveProperty('held')
  })

  test('is stopped by somebody, with a reason', () => {
    const events: readonly PlanEvent[] = [...start, hold('person'), { kind: 'stopped', why: 'No.' }]
    const state = foldPlan(linesOf(events, 'somebody'))
    expect(state).toMatchObject({ phase: 'stopped', stopped: { why: 'No.', at: at(4), who: 'somebody' } })
    expect(state).not.toHaveProperty('held')
  })

  test('that is stopped still shows what was on its way', () => {
    const stop: PlanEvent = { kind: 'stopped', why: 'No.' }
    expect(fold(intent, stop, sent, ended)).toMatchObject({
      phase: 'stopped',
      current: 1,
      waves: [{ phase: 'ended', counts: good }, {}, {}],
    })
    expect(fold(intent, stop, { kind: 'lapsed', wave: 0, why: 'x' }).waves[0]).toMatchObject({
      phase: 'waiting',
    })
  })

  test('expires', () => {
    expect(fold(hold('person'), { kind: 'expired' })).toMatchObject({ phase: 'expired', touchedAt: at(4) })
  })

  test('is done after its last wave', () => {
    const whole = [0, 1, 2].flatMap((wave): readonly PlanEvent[] => [
      ...(wave === 2 ? [{ kind: 'approved', wave, approval: again } as const] : []),
      intentFor(wave, hosts),
      { kind: 'sent', wave },
      { kind: 'seen', wave, counts: good, isEnd: true },
    ])
    const state = fold(...whole)
    expect(state.phase).toBe('running')
    expect(state).not.toHaveProperty('current')
    expect(state).not.toHaveProperty('dueAt')
    expect(fold(...whole, { kind: 'done' }).phase).toBe('done')
  })
})

describe('a wave', () => {
  test('is being sent after its intent, which names who is left out and who joined', () => {
    const leftOut = [{ id: '1002', why: 'is gone' }]
    const event = { ...intent, hosts: ['1001'], leftOut, joined: ['9'] } as PlanEvent
    const state = fold(event)
    expect(state.waves[0]).toMatchObject({
      phase: 'sending',
      intent: { ...event, at: at(3) },
      leftOut,
      joined: ['9'],
    })
    expect(state).not.toHaveProperty('dueAt')
  })

  test('has a run once it is sent', () => {
    expect(fold(intent, sent).waves[0]).toMatchObject({
      phase: 'sent',
      run: { jobId: '701', correlationUuid: 'c-701', sentAt: at(4) },
    })
  })

  test('has a run that was adopted by its mark', () => {
    const adopted: PlanEvent = { kind: 'sent', wave: 0, jobId: '702', adopted: 'by its mark' }
    expect(fold(intent, adopted).waves[0]?.run).toEqual({
      jobId: '702',
      adopted: 'by its mark',
      sentAt: at(4),
    })
  })

  test('waits again after it lapsed, and a later intent replaces the first', () => {
    const lapsed: PlanEvent = { kind: 'lapsed', wave: 0, why: 'x' }
    const state = fold(intent, lapsed)
    expect(state.waves[0]).toMatchObject({ phase: 'waiting', intent: { at: at(3) } })
    expect(state.dueAt).toBe(at(2))
    expect(fold(intent, lapsed, intent).waves[0]).toMatchObject({ phase: 'sending', intent: { at: at(5) } })
  })

  test('shows what was seen last, and the number of its run once that is known', () => {
    const counts = { succeeded: 1, failed: 0, unknown: 0, open: 1 }
    const seen: PlanEvent = { kind: 'seen', wave: 0, counts, jobId: '703' }
    const state = fold(intent, { kind: 'sent', wave: 0, correlationUuid: 'c' }, seen)
    expect(state.waves[0]).toMatchObject({
      phase: 'sent',
      counts,
      run: { correlationUuid: 'c', jobId: '703', sentAt: at(4) },
    })
  })

  test('ends, and the next one is due after its soak time', () => {
    const state = fold(intent, sent, ended)
    expect(state.waves[0]).toMatchObject({ phase: 'ended', counts: good, endedAt: at(5) })
    expect(state).toMatchObject({ current: 1, dueAt: at(5) + minutes(30) })
  })

  test('is not due before the plan was resumed', () => {
    const late = linesOf([...start, intent, sent, ended, hold('person'), resumed]).map((line) =>
      line.kind === 'resumed' ? { ...line, at: at(5) + minutes(500) } : line,
    )
    expect(foldPlan(late).dueAt).toBe(at(5) + minutes(500))
    expect(fold(intent, sent, ended, hold('person'), resumed).dueAt).toBe(at(5) + minutes(30))
  })

  test('is not due before its own approval', () => {
    const second: readonly PlanEvent[] = [
      intentFor(1, hosts),
      { kind: 'sent', wave: 1 },
      { kind: 'seen', wave: 1, counts: good, isEnd: true },
    ]
    const events = [...start, intent, sent, ended, ...second]
    const state = foldPlan(linesOf(events))
    expect(state).toMatchObject({ current: 2, dueAt: at(8) + minutes(30) })
    const lines = linesOf([...events, { kind: 'approved', wave: 2, approval: again }])
    const approvedLate = lines.map((line) => (line.seq === 9 ? { ...line, at: at(8) + minutes(45) } : line))
    expect(foldPlan(approvedLate)).toMatchObject({
      dueAt: at(8) + minutes(45),
      approval,
      waves: [{}, {}, { approval: again, approvedAt: at(8) + minutes(45) }],
    })
  })

  test('goes on when the plan was held while it was sent', () => {
    const state = fold(intent, sent, hold('person'), resumed)
    expect(state).toMatchObject({ phase: 'running', current: 0, waves: [{ phase: 'sent' }, {}, {}] })
    expect(state).not.toHaveProperty('dueAt')
  })

  test('whose run a person names is sent, and whose run a person denies waits', () => {
    const held: PlanEvent = { kind: 'held', reason: 'unproved run', why: 'Look.', wave: 0 }
    const adopt = { jobId: '9', correlationUuid: 'c-9' }
    expect(fold(intent, held, { ...resumed, adopt } as PlanEvent).waves[0]).toMatchObject({
      phase: 'sent',
      run: { ...adopt, adopted: 'by a person', sentAt: at(5) },
    })
    expect(fold(intent, held, { ...resumed, notRun: true } as PlanEvent)).toMatchObject({
      dueAt: at(5),
      waves: [{ phase: 'waiting' }, {}, {}],
    })
    expect(fold(intent, held, resumed).waves[0]).toMatchObject({ phase: 'sending' })
  })
})

describe('failures', () => {
  const seen = (counts: typeof bad, isEnd?: true): PlanEvent => ({
    kind: 'seen',
    wave: 0,
    counts,
    ...(isEnd && { isEnd }),
  })

  test.each(['failures', 'not reported'] as const)('are accepted by resuming after a hold: %s', (reason) => {
    const state = fold(intent, sent, seen(missing, true), hold(reason), resumed)
    expect([state.acceptedFailures, state.acceptedNotReported]).toEqual([
      [1, 0, 0],
      [1, 0, 0],
    ])
  })

  test('are accepted as they are then, also those that were seen while the plan was held', () => {
    const state = fold(intent, sent, seen(missing), hold('failures'), seen(bad), resumed)
    expect(state.acceptedFailures).toEqual([2, 0, 0])
  })

  test('are not accepted by resuming after another hold', () => {
    const state = fold(intent, sent, seen(bad, true), hold('person'), resumed)
    expect(state.acceptedFailures).toEqual([0, 0, 0])
  })

  test('stay accepted after a later hold for another reason', () => {
    const events = [intent, sent, seen(bad, true), hold('failures'), resumed, hold('person'), resumed]
    expect(fold(...events).acceptedFailures).toEqual([2, 0, 0])
  })

  test('leave open hosts of a run that has not ended out of what is accepted', () => {
    const state = fold(intent, sent, seen(missing), hold('failures'), resumed)
    expect(state.acceptedNotReported).toEqual([0, 0, 0])
  })
})

test('lines in an order that cannot be are a damaged journal', () => {
  const impossible = () => fold(sent)
  expect(impossible).toThrow(JournalError)
  expect(impossible).toThrow(
    `The journal of plan ${planId} is damaged: its lines are in an order that cannot be, since line 3 (sent) comes while wave 1 is waiting.`,
  )
  expect(() => foldPlan([])).toThrow('A plan has at least one line.')
})
