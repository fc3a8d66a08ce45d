import { join } from 'node:path'
import { expect } from 'vitest'
import { openPlanFiles } from '../../../src/tools/plans/journal/plan-files.ts'
import type { PlanEvent, PlanLine } from '../../../src/tools/plans/plan.ts'
import type { PlanState } from '../../../src/tools/plans/state/plan-state.ts'
import type { Control, TestSandbox } from '../sandbox.ts'
import { auditLinesIn, disagreements } from './audit-agreement.ts'
import { type IsFatal, letDie, type Moment } from './failpoints.ts'
import type { RolloutServer } from './rollout-server.ts'
import { linesIn, pass, plansIn, type SentRun, sentRuns, stateIn } from './rollout-test.ts'

// A rollout from its proposal to its end, through a process that ends at one point and another one that goes on.

/** One of the processes that move a rollout on. */
export interface Mover {
  /** Calls a tool; a person says yes if somebody asks. */
  readonly call: (tool: string, args: object) => Promise<unknown>
  readonly move: () => Promise<unknown>
}

/** What people do about a rollout besides saying yes: called after each minute. */
export type Deed = (mover: Mover, state: PlanState) => Promise<unknown>

/** A rollout whose lines are known. */
export interface Course {
  readonly args: (hosts: readonly string[]) => object
  /** What the hosts do. */
  readonly prepare?: (control: Control, hosts: readonly string[]) => Promise<unknown>
  readonly deed?: Deed
  /** How it ends; `done` unless it is given. */
  readonly end?: PlanState['phase']
}

/** The point at which the first process ends: the nth line. */
export interface Point {
  readonly moment: Moment
  readonly n: number
}

export const fatalAt =
  (point: Point): IsFatal =>
  (moment, n) =>
    moment === point.moment && n === point.n

/** Both moments of lines from one number to another. */
export const pointsOf = (first: number, last: number): readonly Point[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index).flatMap((n) => [
    { moment: 'before', n },
    { moment: 'after', n },
  ])

export const onlyPlanIn = (folder: string): string | undefined => plansIn(folder)[0]

/** The marks with which a wave was to be sent. */
export const marksOf = (lines: readonly PlanLine[], wave: number): readonly string[] =>
  lines.flatMap((line) => (line.kind === 'intent' && line.wave === wave ? [line.mark] : []))

/** What a person sees in the portal about the wave of which nobody knows whether it ran. */
export function truthAbout(lines: readonly PlanLine[], wave: number, runs: readonly SentRun[]): object {
  const mark = marksOf(lines, wave).at(-1)
  const run = runs.find(({ description }) => mark !== undefined && description.includes(mark))
  return run ? { adopt: run.jobId } : { notRun: true }
}

/** Lets a held rollout go on, and says what is true of a run that was not proved. */
async function resume(mover: Mover, folder: string, id: string, control: Control): Promise<void> {
  const { held, current = 0 } = stateIn(folder, id)
  if (held?.reason === 'unproved run') expect(held.why).toMatch(/Look in the Qualys UI whether it ran/)
  const truth =
    held?.reason === 'unproved run' ? truthAbout(linesIn(folder, id), current, await sentRuns(control)) : {}
  await mover.call('car_resume_rollout', { planId: id, ...truth })
}

const isOver = ({ phase }: PlanState): boolean =>
  phase === 'done' || phase === 'stopped' || phase === 'expired'

/** What a course goes through: a sandbox, a state folder, and servers on it. */
export interface Stage {
  readonly sandbox: TestSandbox
  readonly folder: string
  readonly hosts: readonly string[]
  readonly serve: (settings?: Readonly<Record<string, string>>) => Promise<RolloutServer>
}

/** How long a request may be on its way, in minutes: 30 s, its time-outs and the look-up. */
export const doubtMinutes = 3

/** Settings with an audit log in the state folder. */
const audited = (folder: string) => ({ QUALYS_AUDIT_FILE: join(folder, 'audit.jsonl') })

/** Proposes a rollout through a process that ends at a point, and has another one go on to the end of the rollout. */
export async function crashAt(
  point: Point,
  course: Course,
  { sandbox: { control }, folder, hosts, serve }: Stage,
): Promise<readonly PlanLine[]> {
  const settings = audited(folder)
  const first = await serve(settings)
  await course.prepare?.(control, hosts)
  const journals = letDie(first, journalsIn(folder), fatalAt(point))
  await first.call('car_plan_rollout', course.args(hosts))
  await moveToEnd(first, folder, control, course, journals.isDead)
  expect(journals.isDead()).toBe(true)
  const next = await serve(settings)
  pass(doubtMinutes)
  const id = onlyPlanIn(folder)
  if (id === undefined || stateIn(folder, id).phase === 'proposed')
    await next.call('car_plan_rollout', course.args(hosts))
  await moveToEnd(next, folder, control, course)
  const lines = await expectOnce(folder, control, course)
  expect(disagreements(lines, auditLinesIn(settings.QUALYS_AUDIT_FILE))).toEqual([])
  return lines
}

/** The kinds of all lines of a rollout through which no process ends. */
export async function runThrough(
  course: Course,
  { sandbox: { control }, folder, hosts, serve }: Stage,
): Promise<readonly PlanEvent['kind'][]> {
  const server = await serve()
  await course.prepare?.(control, hosts)
  await server.call('car_plan_rollout', course.args(hosts))
  await moveToEnd(server, folder, control, course)
  return (await expectOnce(folder, control, course)).map(({ kind }) => kind)
}

/** Moves a rollout on to its end, or until its process ends. */
export async function moveToEnd(
  mover: Mover,
  folder: string,
  control: Control,
  { deed = async () => undefined }: Course,
  isDead: () => boolean = () => false,
): Promise<void> {
  for (let minute = 0; minute < 30 && !isDead(); minute++) {
    await mover.move()
    pass(1)
    const id = onlyPlanIn(folder)
    if (id === undefined || isDead()) continue
    const state = stateIn(folder, id)
    const isDone = isOver(state) && !state.waves.some(({ phase }) => phase === 'sent')
    if (isDone) return
    const needsYes = state.phase === 'running' && state.dueAt !== undefined && state.dueAt <= Date.now()
    const wave = state.current === undefined ? undefined : state.waves[state.current]
    await deed(mover, state)
    if (isDead()) return
    if (stateIn(folder, id).phase === 'held') await resume(mover, folder, id, control)
    else if (needsYes && wave?.planned.needsApproval && !wave.approval)
      await mover.call('car_resume_rollout', { planId: id })
  }
}

/** Each wave ran once, on exactly its hosts, and no host had two runs. */
export async function expectOnce(
  folder: string,
  control: Control,
  { end = 'done' }: Course,
): Promise<readonly PlanLine[]> {
  const id = String(onlyPlanIn(folder))
  const lines = linesIn(folder, id)
  const state = stateIn(folder, id)
  const runs = await sentRuns(control)
  const began = state.waves.filter(({ run }) => run !== undefined)
  expect(runs.map(({ assetIds }) => assetIds)).toEqual(began.map(({ intent }) => intent?.hosts))
  const reached = runs.flatMap(({ assetIds }) => assetIds)
  expect(new Set(reached).size).toBe(reached.length)
  expect(state.phase).toBe(end)
  if (end === 'done')
    expect(runs.map(({ assetIds }) => assetIds)).toEqual(state.plan.waves.map(({ hosts }) => hosts))
  // What the journal says ran is what ran.
  for (const [index, { run }] of began.entries())
    expect([undefined, runs[index]?.jobId]).toContain(run?.jobId)
  return lines
}

/** The journals of a folder, as a process of its own opens them. */
export const journalsIn = (folder: string) => openPlanFiles(folder)
