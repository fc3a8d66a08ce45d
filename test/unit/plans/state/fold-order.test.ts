import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { JournalError } from '../../../../src/tools/plans/journal-error.ts'
import type { PlanEvent, RolloutPlan } from '../../../../src/tools/plans/plan.ts'
import { foldPlan } from '../../../../src/tools/plans/state/fold.ts'
import type { PlanState } from '../../../../src/tools/plans/state/plan-state.ts'
import {
  allEvents,
  bareLines,
  hostIds,
  intentFor,
  isPossible,
  pickOne,
  possibleEvents,
  proposed,
  sampleApproval,
  samplePlan,
  sampleWave,
} from '../../../support/plans/plan-lines.ts'
import { checkProperty } from '../../../support/properties/property.ts'

// The order of lines against a second, smaller description of it, and by a table.

/** What the order depends on: a letter for the plan, one for each wave, and which waves are approved. */
interface Model {
  plan: 'none' | PlanState['phase']
  waves: PlanState['waves'][number]['phase'][]
  isApproved: boolean[]
}

const isOver = ({ plan }: Model): boolean => plan === 'done' || plan === 'expired'

/** True if the event may come; changes the model. */
function follow(model: Model, event: PlanEvent, plan: RolloutPlan): boolean {
  const { waves, isApproved } = model
  const first = waves.findIndex((phase) => phase !== 'ended')
  const isMoving = model.plan === 'running' || model.plan === 'held' || model.plan === 'stopped'
  const move = (mayMove: boolean, phase: Model['plan']): boolean => {
    if (mayMove) model.plan = phase
    return mayMove
  }
  const turn = (index: number, mayTurn: boolean, phase: Model['waves'][number]): boolean => {
    if (mayTurn) waves[index] = phase
    return mayTurn
  }
  const isAt = (phase: Model['waves'][number], index: number): boolean => waves[index] === phase
  switch (event.kind) {
    case 'proposed':
      return move(model.plan === 'none', 'proposed')
    case 'approved': {
      if (event.wave === undefined) return move(model.plan === 'proposed', 'running')
      const mayBe =
        (model.plan === 'running' || model.plan === 'held') &&
        isAt('waiting', event.wave) &&
        plan.waves[event.wave]?.needsApproval === true
      if (mayBe) isApproved[event.wave] = true
      return mayBe
    }
    case 'intent': {
      const isReady = plan.waves[event.wave]?.needsApproval !== true || isApproved[event.wave] === true
      const isNext = event.wave === first && isAt('waiting', event.wave)
      return turn(event.wave, model.plan === 'running' && isNext && isReady, 'sending')
    }
    case 'sent':
      return turn(event.wave, isMoving && isAt('sending', event.wave), 'sent')
    case 'lapsed':
      return turn(event.wave, isMoving && isAt('sending', event.wave), 'waiting')
    case 'seen':
      return turn(event.wave, isMoving && isAt('sent', event.wave), event.isEnd ? 'ended' : 'sent')
    case 'held':
      return move(model.plan === 'running' && (event.wave ?? 0) < waves.length, 'held')
    case 'resumed': {
      if (event.adopt && event.notRun) return false
      if (!event.adopt && !event.notRun) return move(model.plan === 'held', 'running')
      if (model.plan !== 'held' || !isAt('sending', first)) return false
      turn(first, true, event.adopt ? 'sent' : 'waiting')
      return move(true, 'running')
    }
    case 'done':
      return move(model.plan === 'running' && first < 0, 'done')
    case 'stopped':
    case 'expired':
      return move(model.plan !== 'none' && model.plan !== 'stopped' && !isOver(model), event.kind)
  }
}

const plans = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.boolean()), { minLength: 1, maxLength: 3 })
  .map((waves) =>
    samplePlan({
      waves: waves.map(([size, needsApproval], index) =>
        sampleWave({ hosts: hostIds(size, 1_000 + index * 100), needsApproval }),
      ),
    }),
  )

test('lines fold exactly if they may follow each other, and fold to what they say', () => {
  const picks = fc.array(fc.tuple(fc.nat(), fc.boolean()), { maxLength: 40, size: 'max' })
  let longest = 0
  checkProperty(fc.tuple(plans, picks), 400, ([plan, choices]) => {
    const model: Model = { plan: 'none', waves: plan.waves.map(() => 'waiting'), isApproved: [] }
    const all = allEvents(plan)
    const events: PlanEvent[] = []
    for (const [pick, isPossibleOne] of choices) {
      const among = isPossibleOne ? all.filter((event) => follow(structuredClone(model), event, plan)) : all
      const event = pickOne(among, pick)
      if (!event) continue
      const mayFollow = follow(model, event, plan)
      expect(isPossible([...events, event])).toBe(mayFollow)
      if (!mayFollow) continue
      events.push(event)
      const state = foldPlan(bareLines(events))
      expect([state.phase, state.waves.map(({ phase }) => phase)]).toEqual([model.plan, model.waves])
      const first = model.waves.findIndex((phase) => phase !== 'ended')
      expect(state.current ?? -1).toBe(first)
      expect(state.dueAt !== undefined).toBe(model.plan === 'running' && model.waves[first] === 'waiting')
      expect(state.touchedAt).toBe(bareLines(events).at(-1)?.at)
    }
    longest = Math.max(longest, events.length)
  })
  expect(longest).toBeGreaterThan(10)
})

test('every beginning of lines that fold folds', () => {
  checkProperty(fc.tuple(plans, fc.array(fc.nat(), { maxLength: 12 })), 50, ([plan, picks]) => {
    const events = possibleEvents(plan, picks)
    for (let length = 1; length <= events.length; length++) foldPlan(bareLines(events.slice(0, length)))
  })
})

// Two waves; the second one needs an approval of its own.
const plan = samplePlan({
  waves: [sampleWave(), sampleWave({ hosts: hostIds(2, 2_001), needsApproval: true })],
})
const approval = sampleApproval()
const counts = { succeeded: 2, failed: 0, unknown: 0, open: 0 }
const hold: PlanEvent = { kind: 'held', reason: 'person', why: 'x' }
const stop: PlanEvent = { kind: 'stopped', why: 'x' }
const running = [proposed(plan), { kind: 'approved', approval }] as const satisfies readonly PlanEvent[]
const sending = [...running, intentFor(0, hostIds(2))]
const sent = [...sending, { kind: 'sent', wave: 0 }] as readonly PlanEvent[]
const between = [...sent, { kind: 'seen', wave: 0, counts, isEnd: true }] as readonly PlanEvent[]
const allEnded = [
  ...between,
  { kind: 'approved', wave: 1, approval },
  intentFor(1, hostIds(2, 2_001)),
  { kind: 'sent', wave: 1 },
  { kind: 'seen', wave: 1, counts, isEnd: true },
] as readonly PlanEvent[]

const resumed = { kind: 'resumed', approval, sha256: 'f'.repeat(64) } as const

const kinds = {
  proposed: proposed(plan),
  approved: { kind: 'approved', approval },
  'approved 1': { kind: 'approved', wave: 0, approval },
  'approved 2': { kind: 'approved', wave: 1, approval },
  'intent 1': intentFor(0, hostIds(2)),
  'intent 2': intentFor(1, hostIds(2, 2_001)),
  'sent 1': { kind: 'sent', wave: 0 },
  'sent 2': { kind: 'sent', wave: 1 },
  'lapsed 1': { kind: 'lapsed', wave: 0, why: 'x' },
  'seen 1': { kind: 'seen', wave: 0, counts },
  'end 1': { kind: 'seen', wave: 0, counts, isEnd: true },
  'seen 3': { kind: 'seen', wave: 2, counts },
  held: hold,
  'held 3': { ...hold, wave: 2 },
  resumed,
  adopt: { ...resumed, adopt: { jobId: '9' } },
  notRun: { ...resumed, notRun: true },
  'adopt and notRun': { ...resumed, adopt: { jobId: '9' }, notRun: true },
  stopped: stop,
  done: { kind: 'done' },
  expired: { kind: 'expired' },
} as const satisfies Record<string, PlanEvent>

type Kind = keyof typeof kinds

const ends = ['stopped', 'expired'] as const
const outcomes = ['sent 1', 'lapsed 1'] as const
const looks = ['seen 1', 'end 1'] as const

/** What may come after these lines, and nothing else. */
const table: Record<string, [readonly PlanEvent[], readonly Kind[]]> = {
  nothing: [[], ['proposed']],
  proposed: [[proposed(plan)], ['approved', ...ends]],
  'running, wave 1 waiting': [running, ['approved 2', 'intent 1', 'held', ...ends]],
  'running, wave 1 sending': [sending, ['approved 2', ...outcomes, 'held', ...ends]],
  'running, wave 1 sent': [sent, ['approved 2', ...looks, 'held', ...ends]],
  'running, wave 2 waiting': [between, ['approved 2', 'held', ...ends]],
  'running, wave 2 approved': [
    [...between, kinds['approved 2']],
    ['approved 2', 'intent 2', 'held', ...ends],
  ],
  'running, all ended': [allEnded, ['held', 'done', ...ends]],
  'held, wave 1 waiting': [
    [...running, hold],
    ['approved 2', 'resumed', ...ends],
  ],
  'held, wave 1 sending': [
    [...sending, hold],
    ['approved 2', ...outcomes, 'resumed', 'adopt', 'notRun', ...ends],
  ],
  'held, wave 1 sent': [
    [...sent, hold],
    ['approved 2', ...looks, 'resumed', ...ends],
  ],
  'held, all ended': [
    [...allEnded, hold],
    ['resumed', ...ends],
  ],
  'stopped, wave 1 waiting': [[...running, stop], []],
  'stopped, wave 1 sending': [[...sending, stop], outcomes],
  'stopped, wave 1 sent': [[...sent, stop], looks],
  done: [[...allEnded, { kind: 'done' }], []],
  'expired, wave 1 sending': [[...sending, { kind: 'expired' }], []],
}

describe.each(Object.entries(table))('after %s', (_, [before, possible]) => {
  const answers = Object.keys(kinds).map((kind) => [kind, possible.includes(kind as Kind)] as const)

  test.each(answers)('%s may come: %s', (kind, mayCome) => {
    const work = () => foldPlan(bareLines([...before, kinds[kind as Kind]]))
    if (mayCome) expect(work().phase).toBeDefined()
    else expect(work).toThrow(JournalError)
  })
})
