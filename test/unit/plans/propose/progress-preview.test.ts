import { describe, expect, test } from 'vitest'
import type { Preview, PreviewBlock } from '../../../../src/tools/effects/preview/preview.ts'
import { wholeLines } from '../../../../src/tools/effects/preview/text.ts'
import type { PlanEvent, WaveCounts } from '../../../../src/tools/plans/plan.ts'
import { resumePreview, wavePreview } from '../../../../src/tools/plans/propose/progress-preview.ts'
import { foldPlan } from '../../../../src/tools/plans/state/fold.ts'
import type { PlanState } from '../../../../src/tools/plans/state/plan-state.ts'
import {
  hostIds,
  intentFor,
  linesOf,
  proposed,
  sampleApproval,
  samplePlan,
  sampleWave,
} from '../../../support/plans/plan-lines.ts'

// What a person reads before a plan that has begun goes on.

const shown = (preview: Preview): string[] => [...wholeLines(preview)]
const warningsOf = ({ facts }: Preview): readonly string[] => facts.warnings
const headlineOf = ({ facts }: Preview): string => facts.headline
const tableOf = ({ facts }: Preview, label: string) =>
  facts.blocks.find(
    (block): block is Extract<PreviewBlock, { rows: unknown }> =>
      typeof block === 'object' && 'rows' in block && block.label === label,
  )?.rows

const counts = (changes: Partial<WaveCounts>): WaveCounts => ({
  ...{ succeeded: 0, failed: 0, unknown: 0, open: 0 },
  ...changes,
})

const stateOf = (...events: readonly PlanEvent[]): PlanState =>
  foldPlan(linesOf([proposed(samplePlan()), { kind: 'approved', approval: sampleApproval() }, ...events]))

const sent = (wave: number, jobId: string): PlanEvent[] => [
  intentFor(wave, samplePlan().waves[wave]?.hosts ?? []),
  { kind: 'sent', wave, jobId },
]
const ended = (wave: number, changes: Partial<WaveCounts>): PlanEvent => ({
  kind: 'seen',
  wave,
  counts: counts(changes),
  isEnd: true,
})
const firstWave = [...sent(0, '701'), ended(0, { succeeded: 2 })]

describe('a plan that is held', () => {
  const held = stateOf(
    ...firstWave,
    ...sent(1, '702'),
    ended(1, { succeeded: 1, failed: 1, unknown: 1, open: 1 }),
    { kind: 'held', reason: 'failures', why: '2 of 4 hosts failed.', wave: 1, outputs: ['denied (2 hosts)'] },
  )

  test('says why, what is accepted, what was reached, and what is left', () => {
    const preview = resumePreview(held)
    expect(headlineOf(preview)).toBe('Resume a rollout (execute): 1 wave left, 10 hosts')
    expect(warningsOf(preview)).toEqual([
      'Held (failures): 2 of 4 hosts failed.',
      'Resuming accepts 2 failed hosts and 1 host that did not report of wave 2 (canary): only further ones hold the plan.',
      'Waves that began were sent to 6 hosts: no stop reaches them any more.',
      'No stop or hold changes a run that has begun: its 10 hosts are reached.',
      'Each wave is approved once more before it begins.',
      'A run cannot be stopped from here, and what the script changes on a host cannot be undone from here.',
    ])
    expect(tableOf(preview, 'results so far')).toEqual([
      ['1', 'lab', '2', '2', '0', '0', '0', '701'],
      ['2', 'canary', '4', '1', '1', '1', '1', '702'],
    ])
    expect(tableOf(preview, 'hosts')?.map(([wave]) => wave)).toEqual(Array(10).fill('3'))
    const lines = shown(preview)
    expect(lines).toContain('outputs of failed hosts: "denied (2 hosts)"')
    expect(lines.filter((line) => /^Wave \d/.test(line))).toHaveLength(1)
  })

  test('shows the hash of a script that changed beside that of the approved one', () => {
    const { script } = samplePlan()
    const changed = { ...script, title: 'Disable SMB', sha256: 'b'.repeat(64) }
    const preview = resumePreview(held, { script: changed, scriptLineCount: 2 })
    expect(warningsOf(preview)).toContain(
      'The script changed after it was approved: the waves left run the new content.',
    )
    expect(shown(preview)).toEqual(
      expect.arrayContaining([
        'script 19218: "Disable SMB"',
        `  content: 2 lines, sha256 ${'b'.repeat(64)}`,
        `  approved before: sha256 ${script.sha256}`,
      ]),
    )
    expect(shown(resumePreview(held, { script })).join('\n')).not.toContain('approved before')
  })

  test('accepts nothing after another reason', () => {
    const byPerson = stateOf(...firstWave, ...sent(1, '702'), ended(1, { failed: 4 }), {
      kind: 'held',
      reason: 'person',
      why: 'Somebody asked.',
    })
    expect(warningsOf(resumePreview(byPerson)).join('\n')).not.toContain('accepts')
  })

  test('promises no further approval of a wave that was approved already', () => {
    const waves = [sampleWave({ needsApproval: true })]
    const plan = samplePlan({ waves })
    const stateAfter = (...events: readonly PlanEvent[]): PlanState =>
      foldPlan(
        linesOf([
          proposed(plan),
          { kind: 'approved', approval: sampleApproval() },
          ...events,
          { kind: 'held', reason: 'limit', why: 'The budget of today is spent.', wave: 0 },
        ]),
      )
    const again = 'Each wave is approved once more before it begins.'
    expect(warningsOf(resumePreview(stateAfter()))).toContain(again)
    const approved = resumePreview(stateAfter({ kind: 'approved', wave: 0, approval: sampleApproval() }))
    expect(warningsOf(approved)).not.toContain(again)
    expect(tableOf(approved, 'waves left')?.[0]?.at(-1)).toBe('')
  })

  test('has what changes by the minute in notes', () => {
    const underWay = (open: number) =>
      stateOf(
        ...firstWave,
        ...sent(1, '702'),
        { kind: 'seen', wave: 1, counts: counts({ failed: 1, succeeded: 3 - open, open }) },
        { kind: 'held', reason: 'failures', why: '1 of 4 hosts failed.', wave: 1 },
      )
    const [one, other] = [resumePreview(underWay(3)), resumePreview(underWay(1))]
    expect(one.facts).toEqual(other.facts)
    expect(one.notes).toEqual(['Wave 2 (canary) so far: 0 succeeded, 1 failed, 0 unknown, 3 open.'])
    expect(warningsOf(one)).toContain(
      'Resuming accepts the failed hosts of wave 2 (canary), which is under way: only further ones hold the plan.',
    )
    expect(tableOf(one, 'results so far')?.[1]).toEqual(['2', 'canary', '4', 'under way', '', '', '', '702'])
    // Its rules still count.
    expect(shown(one).filter((line) => /^Wave \d/.test(line))).toHaveLength(2)
  })

  test('with nothing left to send has no counts', () => {
    const waves = [sampleWave()]
    const plan = samplePlan({ waves })
    const state = foldPlan(
      linesOf([
        proposed(plan),
        { kind: 'approved', approval: sampleApproval() },
        intentFor(0, waves[0]?.hosts ?? []),
        { kind: 'sent', wave: 0, jobId: '701' },
        { kind: 'held', reason: 'person', why: 'Somebody asked.' },
      ]),
    )
    expect(headlineOf(resumePreview(state))).toBe('Resume a rollout (execute)')
  })

  describe('for a run that is not proved', () => {
    const unproved = stateOf(...firstWave, intentFor(1, samplePlan().waves[1]?.hosts ?? []), {
      kind: 'held',
      reason: 'unproved run',
      why: 'Qualys did not answer.',
      wave: 1,
      candidates: [{ jobId: '702', created: '2026-11-23T12:00:00Z', why: 'it has other hosts' }],
    })

    test('shows the candidates', () =>
      expect(tableOf(resumePreview(unproved), 'runs that may be the one of the wave')).toEqual([
        ['702', '2026-11-23T12:00:00Z', 'it has other hosts'],
      ]))

    test('shows the run that is adopted: its wave is not sent again', () => {
      const preview = resumePreview(unproved, { adopt: { jobId: '702' } })
      expect(headlineOf(preview)).toBe('Resume a rollout (execute): 1 wave left, 10 hosts')
      expect(warningsOf(preview)[1]).toBe(
        'The run below is taken for that of wave 2 (canary), with 4 hosts: this wave is not sent again.',
      )
      expect(shown(preview)).toContain('adopted run: "702"')
      expect(warningsOf(preview)).toContain(
        'Waves that began were sent to 6 hosts: no stop reaches them any more.',
      )
    })

    test('warns that a wave which nobody ran is sent again', () => {
      const preview = resumePreview(unproved, { notRun: true })
      expect(headlineOf(preview)).toBe('Resume a rollout (execute): 2 waves left, 14 hosts')
      expect(warningsOf(preview)[1]).toBe(
        'It is taken for certain that nobody ran wave 2 (canary): it is sent again. If there is a run after all, the script runs twice on 4 hosts.',
      )
    })
  })
})

describe('a wave that needs its own approval', () => {
  const due = stateOf(...firstWave, ...sent(1, '702'), ended(1, { succeeded: 3, failed: 1 }))

  test('is shown with all its hosts, and what came of the waves before', () => {
    const preview = wavePreview(due, 2)
    expect(headlineOf(preview)).toBe('Start a wave of a rollout (execute): wave 3 of 3 (fleet), 10 hosts')
    expect(warningsOf(preview).slice(0, 2)).toEqual([
      'No stop or hold changes a run that has begun: its 10 hosts are reached.',
      'Waves that began were sent to 6 hosts: no stop reaches them any more.',
    ])
    expect(tableOf(preview, 'results so far')).toHaveLength(2)
    expect(tableOf(preview, 'hosts')?.map(([, id]) => id)).toEqual(hostIds(10, 1_007))
    expect(tableOf(preview, 'wave')).toHaveLength(1)
    expect(preview.notes).toEqual([])
  })

  test('is shown with the content that is approved now', () => {
    const sha256 = 'c'.repeat(64)
    const changed = { ...due, sha256 }
    expect(shown(wavePreview(changed, 2)).join('\n')).toContain(`content: sha256 ${sha256}`)
  })
})
