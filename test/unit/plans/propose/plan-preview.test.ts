import { describe, expect, test } from 'vitest'
import type { Preview, PreviewBlock } from '../../../../src/tools/effects/preview/preview.ts'
import { linesToRead, shortLines, wholeLines } from '../../../../src/tools/effects/preview/text.ts'
import type { RolloutPlan } from '../../../../src/tools/plans/plan.ts'
import { planPreview } from '../../../../src/tools/plans/propose/preview.ts'
import { splitFleet } from '../../../../src/tools/plans/propose/waves.ts'
import { hostIds, samplePlan, sampleWave } from '../../../support/plans/plan-lines.ts'

// What a person reads before a plan is approved.

const shown = (preview: Preview): string[] => [...wholeLines(preview)]
const warningsOf = ({ facts }: Preview): readonly string[] => facts.warnings
const headlineOf = ({ facts }: Preview): string => facts.headline
const tableOf = ({ facts }: Preview, label: string) =>
  facts.blocks.find(
    (block): block is Extract<PreviewBlock, { rows: unknown }> =>
      typeof block === 'object' && 'rows' in block && block.label === label,
  )?.rows

/** A plan of 2,000 hosts in 20 waves, with every option. */
function largestPlan(): RolloutPlan {
  const fleet = hostIds(2_000)
  const waves = splitFleet(fleet, [
    ...Array.from({ length: 19 }, (_, at) => ({
      name: `step ${at}`,
      selection: { kind: 'share' as const, percent: 6 },
      soakMinutes: 1440,
      needsApproval: at % 2 === 0,
    })),
    { selection: { kind: 'rest' } },
  ])
  return samplePlan({
    waves,
    fleet: [...fleet, '9999'],
    hostNames: Object.fromEntries(fleet.map((id) => [id, `POS-${id}`])),
    fleetTag: { id: '7588', name: 'EU' },
    options: {
      params: [
        { key: 'path', value: 'C:\\' },
        { key: 'password', secret: 'db' },
      ],
      rebootAfterScriptExecution: true,
      rebootDelayInSeconds: 60,
      executionPolicyBypassEnabled: true,
    },
    window: 'Sat 22:00-05:00 Europe/Berlin',
    description: 'Patch day',
    caller: { id: 'c1', named: { name: 'desk', person: 'ann@example.org', knownBy: 'token' } },
  })
}

describe('a plan', () => {
  test('is told with its counts, and what cannot be undone first', () => {
    const preview = planPreview(samplePlan(), {
      scriptLineCount: 12,
      warnings: ['The script is signed by nobody.'],
    })
    expect(headlineOf(preview)).toBe('Roll a script out in waves (execute): 3 waves, 16 hosts')
    expect(warningsOf(preview)).toEqual([
      'A stop or a hold only keeps later waves from starting: once wave 3 (fleet) has begun, its 10 hosts are reached.',
      'Approved once more before it begins: wave 3 (fleet). The other waves start by themselves.',
      'The script is signed by nobody.',
      'A run cannot be stopped from here, and what the script changes on a host cannot be undone from here.',
    ])
    expect(preview.notes).toEqual([])
  })

  test('is shown whole', () => {
    const waves = [
      sampleWave({ name: 'lab', needsApproval: true }),
      sampleWave({ name: 'wave 2', hosts: hostIds(4, 1_003) }),
    ]
    const plan = samplePlan({
      waves,
      fleet: hostIds(7),
      hostNames: { 1001: 'a "b"', 1003: 'c' },
      options: {},
    })
    expect(shown(planPreview(plan, { scriptLineCount: 12, serverWindow: '08:00-09:00' }))).toEqual([
      'Roll a script out in waves (execute): 2 waves, 6 hosts',
      '! A stop or a hold only keeps later waves from starting: once wave 2 has begun, its 4 hosts are reached.',
      '! Approved once more before it begins: wave 1 (lab). The other waves start by themselves.',
      '! 1 of 7 hosts is in no wave.',
      '! A run cannot be stopped from here, and what the script changes on a host cannot be undone from here.',
      'script 19218: "Disable SMBv1"',
      `  content: 12 lines, sha256 ${plan.script.sha256}`,
      'waves (wave, name, hosts, chosen by, first hosts, pause after it, approval):',
      String.raw`  "1", "lab", "2", "ids of hosts", "a \"b\", 1002", "30 min", "once more"`,
      '  "2", "", "4", "ids of hosts", "c, 1004, 1005, …", "", ""',
      'Wave 1 (lab): stops when 1 of 2 hosts (5%) fails, when none succeeds, or when more than 1 (10%) has not reported within 4 h.',
      'Wave 2: stops when 1 of 4 hosts (5%) fails, when none succeeds, or when more than 1 (10%) has not reported within 4 h.',
      'All waves together: stops when 3 of 6 hosts fail.',
      'Before a wave begins: hosts that are gone, blocked or no longer in the fleet are left out; more than 5% (at least 1 host) hold the plan. No host is added.',
      'A wave that has not begun 1 h after it was due holds the plan.',
      'fleet: 7 listed hosts',
      'waves begin only within: "08:00-09:00"',
      'plan ABCD2345',
      'proposed by the client of a local server',
      'hosts (wave, id, name):',
      String.raw`  "1", "1001", "a \"b\""`,
      '  "1", "1002", ""',
      '  "2", "1003", "c"',
      '  "2", "1004", ""',
      '  "2", "1005", ""',
      '  "2", "1006", ""',
      'account: "https://gateway.example.org somebody"',
    ])
  })

  test('shows options as those of a run, with secrets by name alone', () => {
    const preview = planPreview(largestPlan())
    expect(warningsOf(preview)).toContain(
      'Every host reboots 60 s after the script; unsaved work there is lost.',
    )
    expect(shown(preview)).toEqual(
      expect.arrayContaining([
        String.raw`params: "path=C:\\", "password=(secret db)"`,
        'rebootDelayInSeconds: "60"',
        'fleet: 2,001 hosts of tag 7588: "EU"',
        'waves begin only within: "Sat 22:00-05:00 Europe/Berlin"',
        'description: "Patch day"',
        'proposed by: "desk", "ann@example.org"',
      ]),
    )
  })

  test('of twenty waves can be read, and shows every host', () => {
    const plan = largestPlan()
    const preview = planPreview(plan, { scriptLineCount: 12 })
    expect(linesToRead(preview.facts)).toBeLessThanOrEqual(44)
    const text = shown(preview).join('\n')
    for (const id of hostIds(2_000)) expect(text).toContain(`"${id}", "POS-${id}"`)
    expect(shortLines(preview, 'elsewhere').length).toBeLessThan(320)
  })

  test.each([
    [[false, false], 'This approval is for all of these waves: later ones start by themselves.'],
    [[true, true], 'Each wave is approved once more before it begins.'],
    [
      [true, true, false],
      'Approved once more before it begins: wave 1 and wave 2. The other waves start by themselves.',
    ],
  ])('with approvals %j says what starts by itself', (needs, sentence) => {
    const waves = needs.map((needsApproval, at) =>
      sampleWave({ name: `wave ${at + 1}`, hosts: [String(at + 1)], needsApproval }),
    )
    expect(warningsOf(planPreview(samplePlan({ waves })))).toContain(sentence)
  })

  test('of one wave is a run again', () => {
    const preview = planPreview(samplePlan({ tool: 'car_plan_rerun', waves: [sampleWave()] }))
    expect(headlineOf(preview)).toBe(
      'Run a script again on hosts where it did not succeed (execute): 1 wave, 2 hosts',
    )
    expect(warningsOf(preview)[0]).toBe(
      'No stop or hold changes a run that has begun: its 2 hosts are reached.',
    )
  })

  test('does not take a name from what a record inherits', () => {
    const plan = samplePlan({ waves: [sampleWave({ hosts: ['constructor'] })], hostNames: {} })
    expect(tableOf(planPreview(plan), 'hosts')).toEqual([['1', 'constructor', '']])
  })
})
