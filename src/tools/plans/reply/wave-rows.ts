import { counted, formatNumber, texts } from '../../../shared/format.ts'
import { quoteIfNeeded } from '../../replies/cells.ts'
import type { HoldReason } from '../plan.ts'
import { hostsOfWave, type PlanState, type WaveState } from '../state/plan-state.ts'
import { waveText } from '../wave-names.ts'

// The waves of a plan, as rows and as text.

const notBegun = 'not begun'

/** What a wave is at, in a word or two. A plan goes on by itself until a run cannot be proved. */
export function stateOf({ phase, run }: WaveState, plan: PlanState['phase']): string {
  if (phase === 'sending') return plan === 'running' ? 'being sent' : 'outcome not known'
  if (phase === 'sent') return run?.jobId === undefined ? 'sent' : 'running'
  return phase === 'waiting' && (plan === 'stopped' || plan === 'expired') ? notBegun : phase
}

/** A wave as a program reads it. */
export interface WaveRow {
  readonly wave: number
  readonly name: string
  readonly hosts: number
  readonly state: string
  readonly succeeded?: number
  readonly failed?: number
  readonly unknown?: number
  readonly open?: number
  readonly notReported?: number
  readonly jobId?: string
  readonly leftOut?: readonly string[]
  readonly joined?: readonly string[]
  /** Why the plan is held, in the row of the wave for which it is. */
  readonly held?: HoldReason
  readonly outputs?: readonly string[]
}

/** The row of a wave. */
export function rowOf(wave: WaveState, { phase: plan, held }: PlanState): WaveRow {
  const { index, planned, counts, run, leftOut, joined, phase } = wave
  const { open, ...done } = counts ?? { open: undefined }
  return {
    wave: index + 1,
    name: planned.name,
    hosts: hostsOfWave(wave),
    state: stateOf(wave, plan),
    ...done,
    ...(open !== undefined && (phase === 'ended' ? { notReported: open } : { open })),
    ...(run?.jobId !== undefined && { jobId: run.jobId }),
    ...(leftOut.length > 0 && { leftOut: leftOut.map(({ id }) => id) }),
    ...(joined.length > 0 && { joined }),
    ...(held?.wave === index && { held: held.reason, ...(held.outputs && { outputs: held.outputs }) }),
  }
}

const nameOf = ({ wave, name }: WaveRow): string =>
  name === `wave ${wave}` ? String(wave) : `${wave} ${name}`

/** `1 lab: 5 hosts, all succeeded; job 15011`, `2 canary: 50 hosts, running, 4 succeeded, 2 failed, 44 open; job 15012`. */
function lineOf(row: WaveRow): string {
  const { hosts, state, succeeded, failed, unknown, open, notReported, jobId } = row
  const counts: readonly (readonly [number | undefined, string])[] = [
    [succeeded, 'succeeded'],
    [failed, 'failed'],
    [unknown, 'unknown'],
    [open, 'open'],
    [notReported, 'not reported'],
  ]
  const isAll = state === 'ended' && succeeded === hosts
  const said = counts.flatMap(([n, word]) => (n ? `${formatNumber(n)} ${word}` : []))
  const all = hosts === 1 ? 'succeeded' : 'all succeeded'
  const results = isAll ? [all] : state === 'ended' ? said : [state, ...said]
  return texts(
    `${nameOf(row)}: ${[counted(hosts, 'host'), ...results].join(', ')}`,
    jobId && `job ${jobId}`,
  ).join('; ')
}

/** A line for each wave that began, and one for all others. */
export function linesOf(rows: readonly WaveRow[]): readonly string[] {
  const next = rows.findIndex(({ state }) => state === 'waiting' || state === notBegun)
  const others = next === -1 ? [] : rows.slice(next)
  const names = others.map((row) => `${nameOf(row)} (${counted(row.hosts, 'host')})`)
  return texts(
    rows.slice(0, rows.length - others.length).map(lineOf),
    others[0] && `${others[0].state}: ${names.join(', ')}`,
  )
}

const maxNamed = 5

/** The first few of some names, and the number of the others. */
const namesIn = (all: readonly string[], separator: string): string =>
  [...all.slice(0, maxNamed), ...(all.length > maxNamed ? [`${all.length - maxNamed} more`] : [])].join(
    separator,
  )

/** Hosts that waves left out, and those that joined the fleet. */
export function changesOf({ waves, plan: { hostNames } }: PlanState): string[] {
  const joined = waves.findLast(({ intent }) => intent)?.joined ?? []
  return texts(
    waves.flatMap(({ index, planned, leftOut }) => {
      if (leftOut.length === 0) return []
      const named = leftOut.map(({ id, why }) => `${quoteIfNeeded(hostNames[id] ?? id)} ${why}`)
      const where = waveText(index, planned.name)
      return `Left out of ${where}: ${counted(leftOut.length, 'host')} (${namesIn(named, '; ')}).`
    }),
    joined.length > 0 &&
      `${counted(joined.length, 'host')} joined the fleet since it was approved, in no wave: ${namesIn(joined, ', ')}.`,
  )
}
