import { counted, texts } from '../../../shared/format.ts'
import {
  blocksOf,
  labelled,
  type Preview,
  type PreviewBlock,
  sentenceBelow,
} from '../../effects/preview/preview.ts'
import type { PlanState } from '../state/plan-state.ts'
import { waveText } from '../wave-names.ts'
import { approvalWarning } from './preview.ts'
import {
  type PlacedWave,
  type PreviewDetails,
  planFacts,
  reachWarning,
  ruleLines,
  scriptLines,
  waveTable,
} from './preview-parts.ts'
import {
  acceptedWarnings,
  candidateTable,
  place,
  progressNotes,
  proofWarning,
  type ResumeDetails,
  reachedWarning,
  resultTable,
  wasSent,
} from './result-parts.ts'
import { plannedHosts } from './waves.ts'

// What a person reads before a plan that has begun goes on. The facts hold what does not change meanwhile.

/** What a person reads before a held plan goes on. */
export function resumePreview(state: PlanState, details: ResumeDetails = {}): Preview {
  const { plan, waves, held, sha256 } = state
  const { adopt, notRun, script = { ...plan.script, sha256 } } = details
  const unproved = waves.find(({ phase }) => phase === 'sending')
  const left = waves.filter(({ phase }) => phase === 'waiting' || (phase === 'sending' && notRun === true))
  const begun = waves.filter((wave) => wasSent(wave) || (wave === unproved && adopt !== undefined))
  const open = new Set([...left, ...begun].filter(({ phase }) => phase !== 'ended').map(({ index }) => index))
  const isChanged = script.sha256 !== sha256
  // A wave that was approved already is not asked about again.
  const leftPlaces = left.map((wave): PlacedWave => {
    const [index, planned] = place(wave)
    return [index, { ...planned, needsApproval: planned.needsApproval && !wave.approval }]
  })
  const own = {
    title: 'Resume a rollout',
    counts:
      left.length > 0
        ? [
            `${counted(left.length, 'wave')} left`,
            counted(plannedHosts(left.map(({ planned }) => planned)), 'host'),
          ]
        : [],
    warnings: texts(
      held && `Held (${held.reason}): ${held.why}`,
      proofWarning(unproved, details),
      acceptedWarnings(state),
      isChanged && 'The script changed after it was approved: the waves left run the new content.',
      reachedWarning(begun),
      reachWarning(leftPlaces),
      approvalWarning(leftPlaces),
    ),
    lines: blocksOf<PreviewBlock>(
      scriptLines(script, details.scriptLineCount),
      isChanged && sentenceBelow(`approved before: sha256 ${sha256}`),
      adopt && labelled('adopted run', adopt.jobId),
      held?.outputs !== undefined &&
        held.outputs.length > 0 &&
        labelled('outputs of failed hosts', ...held.outputs),
      candidateTable(held?.candidates ?? []),
      resultTable(begun.filter(wasSent)),
      waveTable('waves left', plan, leftPlaces),
      ruleLines(plan, open),
    ),
    hosts: leftPlaces,
  }
  return { facts: planFacts(plan, own, details), notes: progressNotes(state) }
}

/** What a person reads before one wave begins that needs its own approval. */
export function wavePreview(state: PlanState, index: number, details: PreviewDetails = {}): Preview {
  const { plan, waves, sha256 } = state
  const shown = waves.filter((wave) => wave.index === index).map(place)
  const before = waves.filter((wave) => wave.index < index && wasSent(wave))
  const own = {
    title: 'Start a wave of a rollout',
    counts: shown.flatMap(([, { name, hosts }]) => [
      waveText(index, name, waves.length),
      counted(hosts.length, 'host'),
    ]),
    warnings: texts(reachWarning(shown), reachedWarning(before)),
    lines: [
      ...scriptLines({ ...plan.script, sha256 }, details.scriptLineCount),
      ...resultTable(before),
      ...waveTable('wave', plan, shown),
      ...ruleLines(plan, new Set([index])),
    ],
    hosts: shown,
  }
  return { facts: planFacts(plan, own, details), notes: progressNotes(state) }
}
