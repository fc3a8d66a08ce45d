import type { ApprovalRecord } from '../../../src/tools/approvals.ts'
import { digestOf } from '../../../src/tools/effects/approval/approval-record.ts'
import { nextLine } from '../../../src/tools/plans/journal/line.ts'
import type {
  PlanApproval,
  PlanEvent,
  PlanLine,
  PlannedWave,
  RolloutPlan,
} from '../../../src/tools/plans/plan.ts'
import { foldPlan } from '../../../src/tools/plans/state/fold.ts'
import { recordOf, sha256Of } from '../approvals/waiting-call.ts'

// Plans and the lines of their journals, each valid by itself.

export const planId = 'ABCD2345'

/** When the sample plan was proposed. */
export const proposedAt = Date.UTC(2026, 10, 23, 12)

/** So much later than the one before is each line of `linesOf`, in ms. */
export const lineMs = 60_000

/** Ids of hosts, from this number on. */
export const hostIds = (count: number, from = 1_001): readonly string[] =>
  Array.from({ length: count }, (_, index) => String(from + index))

export const sampleWave = (changes: Partial<PlannedWave> = {}): PlannedWave => ({
  name: 'canary',
  hosts: hostIds(2),
  chosenBy: 'ids of hosts',
  soakMinutes: 30,
  needsApproval: false,
  ...changes,
})

/** A plan of three waves with 2, 4 and 10 hosts; the last one needs an approval of its own. */
export function samplePlan(changes: Partial<RolloutPlan> = {}): RolloutPlan {
  const waves = changes.waves ?? [
    sampleWave({ name: 'lab' }),
    sampleWave({ hosts: hostIds(4, 1_003) }),
    sampleWave({ name: 'fleet', hosts: hostIds(10, 1_007), needsApproval: true }),
  ]
  const fleet = waves.flatMap(({ hosts }) => hosts)
  return {
    v: 1,
    id: planId,
    account: 'https://gateway.example.org somebody',
    platform: 'sandbox',
    caller: { id: 'stdio' },
    tool: 'car_plan_rollout',
    script: { id: '19218', title: 'Disable SMBv1', sha256: sha256Of('script') },
    options: { reboot: false },
    fleet,
    hostNames: Object.fromEntries(fleet.map((id) => [id, `host-${id}`])),
    waves,
    stopAfter: { wave: { percent: 5 }, all: { hosts: 3 } },
    notReported: { percent: 10 },
    leftOut: { percent: 5 },
    reportWithinMinutes: 240,
    lateAfterMinutes: 60,
    ...changes,
  }
}

/** An approval in a form of the client. `text`: two with the same one are the same. */
export function sampleApproval(text = 'plan', changes: Partial<ApprovalRecord> = {}): PlanApproval {
  const record = recordOf(text, proposedAt, { tool: 'car_plan_rollout', ...changes })
  return { record, digest: digestOf(record), approvedBy: 'a person, in the client', way: 'form' }
}

export const proposed = (plan: RolloutPlan): PlanEvent => ({
  kind: 'proposed',
  plan,
  digest: sha256Of('facts'),
})

export const intentFor = (wave: number, hosts: readonly string[]): PlanEvent => ({
  kind: 'intent',
  wave,
  runner: 'runner-1',
  hosts,
  leftOut: [],
  joined: [],
  mark: 'abcdefghijkl',
  before: ['700'],
  qualysTime: proposedAt,
  until: proposedAt + 30_000,
  arguments: sha256Of('arguments'),
  call: '0123456789abcdef',
})

const run = { jobId: '701', correlationUuid: 'c-701' }

/** What may happen to a wave, with counts of which nothing, one or all failed. */
function eventsOf({ hosts }: PlannedWave, wave: number): readonly PlanEvent[] {
  const size = hosts.length
  const all = { succeeded: size, failed: 0, unknown: 0, open: 0 }
  const some = { succeeded: 0, failed: 1, unknown: 0, open: size - 1 }
  const none = { succeeded: 0, failed: 0, unknown: size, open: 0 }
  return [
    { kind: 'approved', wave, approval: sampleApproval(`wave ${wave}`) },
    intentFor(wave, hosts),
    { kind: 'sent', wave, ...run },
    { kind: 'sent', wave, jobId: '702', adopted: 'by its mark' },
    { kind: 'lapsed', wave, why: 'the stop file is there' },
    { kind: 'seen', wave, counts: some, jobId: '703' },
    { kind: 'seen', wave, counts: all, isEnd: true },
    { kind: 'seen', wave, counts: none, isEnd: true },
    { kind: 'seen', wave, counts: some, isEnd: true },
    { kind: 'held', reason: 'failures', why: 'Too many failed.', wave },
    { kind: 'held', reason: 'not reported', why: 'Too many are missing.', wave, outputs: ['a', 'b'] },
  ]
}

/** One event of each kind for each wave, and one beyond the waves: some can follow at a time, others not. */
export function allEvents(plan: RolloutPlan): readonly PlanEvent[] {
  const approval = sampleApproval('resume')
  const sha256 = sha256Of('changed script')
  return [
    proposed(plan),
    { kind: 'approved', approval: sampleApproval() },
    ...plan.waves.flatMap(eventsOf),
    ...eventsOf(sampleWave(), plan.waves.length),
    { kind: 'held', reason: 'person', why: 'Somebody asked.' },
    { kind: 'held', reason: 'unproved run', why: 'Look.', candidates: [{ jobId: '9', why: 'other hosts' }] },
    { kind: 'resumed', approval, sha256 },
    { kind: 'resumed', approval, sha256: plan.script.sha256, adopt: run },
    { kind: 'resumed', approval, sha256, notRun: true },
    { kind: 'resumed', approval, sha256, adopt: run, notRun: true },
    { kind: 'stopped', why: 'Somebody asked.' },
    { kind: 'done' },
    { kind: 'expired' },
  ]
}

/** The lines of a journal with these events, in any order, each a minute after the one before. */
export function linesOf(events: readonly PlanEvent[], who = 'runner'): readonly PlanLine[] {
  const [first] = events
  const id = first?.kind === 'proposed' ? first.plan.id : planId
  const lines: PlanLine[] = []
  for (const event of events)
    lines.push(nextLine(id, lines, event, { at: proposedAt + lines.length * lineMs, who }).line)
  return lines
}

/** The same without hashes, which is fast: nothing but a fold takes them. */
export const bareLines = (events: readonly PlanEvent[]): readonly PlanLine[] =>
  events.map((event, index) => ({
    ...event,
    v: 1,
    id: planId,
    seq: index + 1,
    prev: '',
    at: proposedAt + index * lineMs,
    who: 'runner',
  }))

/** True if these events can follow each other. */
export function isPossible(events: readonly PlanEvent[]): boolean {
  try {
    foldPlan(bareLines(events))
    return true
  } catch {
    return false
  }
}

const isEnd = ({ kind }: PlanEvent): boolean => kind === 'stopped' || kind === 'expired' || kind === 'done'

/** One of these events, by a number. Those that end a plan are seldom picked: little follows them. */
export function pickOne(events: readonly PlanEvent[], pick: number): PlanEvent | undefined {
  const others = events.filter((event) => !isEnd(event))
  const among = pick % 16 === 0 || others.length === 0 ? events : others
  return among[Math.floor(pick / 16) % among.length]
}

/** Events that can follow each other, from `proposed` on: each number picks one of those that can follow. */
export function possibleEvents(plan: RolloutPlan, picks: readonly number[]): readonly PlanEvent[] {
  const all = allEvents(plan)
  const events: PlanEvent[] = [proposed(plan)]
  for (const pick of picks) {
    const next = all.filter((event) => isPossible([...events, event]))
    const event = pickOne(next, pick)
    if (event) events.push(event)
  }
  return events
}
