import { counted, formatNumber, texts } from '../../../shared/format.ts'
import type { PreviewTable } from '../../effects/preview/preview.ts'
import type { PlannedScript, RunCandidate, WaveCounts } from '../plan.ts'
import { failuresOf, hostsOfWave, type PlanState, type WaveState } from '../state/plan-state.ts'
import { capitalized, waveText } from '../wave-names.ts'
import { nameCells, type PlacedWave, type PreviewDetails } from './preview-parts.ts'

// What the previews say of the waves that began.

/** What a person says with a resumption, and what is known now. */
export interface ResumeDetails extends PreviewDetails {
  /** The script as it is stored now; without it, as it was approved. */
  readonly script?: PlannedScript
  /** The run that is taken for that of the wave. */
  readonly adopt?: { readonly jobId: string }
  /** The wave was not run. */
  readonly notRun?: boolean
}

/** A wave and its place in the plan. */
export const place = ({ index, planned }: WaveState): PlacedWave => [index, planned]
const nameOf = ({ index, planned }: WaveState): string => waveText(index, planned.name)

const countsText = ({ succeeded, failed, unknown, open }: WaveCounts): string =>
  [
    `${formatNumber(succeeded)} succeeded`,
    `${formatNumber(failed)} failed`,
    `${formatNumber(unknown)} unknown`,
    `${formatNumber(open)} open`,
  ].join(', ')

/** The cells of counts. Those of a wave that is under way change by the minute: they are notes. */
function countCells({ phase, counts }: WaveState): string[] {
  if (phase !== 'ended' || !counts) return ['under way', '', '', '']
  const { succeeded, failed, unknown, open } = counts
  return [succeeded, failed, unknown, open].map(formatNumber)
}

/** The waves that were sent, and what their hosts came to. */
export function resultTable(waves: readonly WaveState[]): PreviewTable[] {
  const rows = waves.map((wave) => [
    ...nameCells(place(wave)),
    formatNumber(hostsOfWave(wave)),
    ...countCells(wave),
    wave.run?.jobId ?? '',
  ])
  const columns = ['wave', 'name', 'hosts', 'succeeded', 'failed', 'unknown', 'not reported', 'run']
  return rows.length > 0 ? [{ label: 'results so far', columns, rows }] : []
}

/** True if the run of a wave exists. */
export const wasSent = ({ phase }: WaveState): boolean => phase === 'sent' || phase === 'ended'

/** What the hosts of a run that is under way came to so far: it changes by the minute, and is no part of an approval. */
export const progressNotes = ({ waves }: Pick<PlanState, 'waves'>): string[] =>
  waves.flatMap((wave) =>
    wave.phase === 'sent' && wave.counts
      ? `${capitalized(nameOf(wave))} so far: ${countsText(wave.counts)}.`
      : [],
  )

/** How many hosts no stop reaches any more; undefined if nothing was sent. */
export function reachedWarning(waves: readonly WaveState[]): string | undefined {
  const reached = waves.reduce((sum, wave) => sum + hostsOfWave(wave), 0)
  return reached > 0
    ? `Waves that began were sent to ${counted(reached, 'host')}: no stop reaches ${reached === 1 ? 'it' : 'them'} any more.`
    : undefined
}

/** What counts no longer against the plan if it is resumed. Only after these two reasons a person is asked about it. */
export function acceptedWarnings({
  held,
  waves,
  acceptedFailures,
  acceptedNotReported,
}: PlanState): string[] {
  if (held?.reason !== 'failures' && held?.reason !== 'not reported') return []
  return waves.flatMap((wave) => {
    const { index, phase, counts } = wave
    if (phase === 'sent')
      return failuresOf(counts) > 0
        ? `Resuming accepts the failed hosts of ${nameOf(wave)}, which is under way: only further ones hold the plan.`
        : []
    if (phase !== 'ended') return []
    const failed = failuresOf(counts) - (acceptedFailures[index] ?? 0)
    const missing = (counts?.open ?? 0) - (acceptedNotReported[index] ?? 0)
    const parts = texts(
      failed > 0 && `${counted(failed, 'failed host')}`,
      missing > 0 && `${counted(missing, 'host')} that did not report`,
    )
    return parts.length > 0
      ? `Resuming accepts ${parts.join(' and ')} of ${nameOf(wave)}: only further ones hold the plan.`
      : []
  })
}

/** What is said about a wave whose run is not proved. */
export function proofWarning(
  wave: WaveState | undefined,
  { adopt, notRun }: ResumeDetails,
): string | undefined {
  if (!wave) return undefined
  const hosts = counted(hostsOfWave(wave), 'host')
  if (adopt)
    return `The run below is taken for that of ${nameOf(wave)}, with ${hosts}: this wave is not sent again.`
  return notRun
    ? `It is taken for certain that nobody ran ${nameOf(wave)}: it is sent again. If there is a run after all, the script runs twice on ${hosts}.`
    : undefined
}

/** The runs that a person compares; no table if there are none. */
export function candidateTable(candidates: readonly RunCandidate[]): PreviewTable[] {
  const rows = candidates.map(({ jobId, created = '', why }) => [jobId, created, why])
  return rows.length > 0
    ? [
        {
          label: 'runs that may be the one of the wave',
          columns: ['run', 'created', 'why not adopted'],
          rows,
        },
      ]
    : []
}
