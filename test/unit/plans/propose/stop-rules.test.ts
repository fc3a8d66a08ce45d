import { describe, expect, test } from 'vitest'
import { InputError } from '../../../../src/shared/errors.ts'
import { parseBound } from '../../../../src/tools/plans/bounds.ts'
import type { RolloutPlan } from '../../../../src/tools/plans/plan.ts'
import { checkStopRules, stopRuleTexts } from '../../../../src/tools/plans/propose/stop-rules.ts'

// Rules that can stop a plan, and what is said of them.

type StopAfter = RolloutPlan['stopAfter']

const waveOf = (size: number, name: string) => ({
  name,
  hosts: Array.from({ length: size }, (_, at) => `${name}-${at}`),
  chosenBy: 'listed ids',
  soakMinutes: 0,
  needsApproval: false,
})
const boundOf = (text: string) => parseBound(text) ?? { hosts: 0 }

function rules({ wave, all }: { readonly wave?: string; readonly all?: string }): StopAfter {
  return {
    ...(wave !== undefined && { wave: boundOf(wave) }),
    ...(all !== undefined && { all: boundOf(all) }),
  }
}

function refusalOf(sizes: readonly number[], stopAfter: StopAfter, notReported = '10%'): string {
  try {
    checkStopRules(
      sizes.map((size) => waveOf(size, `w${size}`)),
      stopAfter,
      boundOf(notReported),
    )
    return ''
  } catch (error) {
    if (error instanceof InputError) return `${error.message} ${error.next}`
    throw error
  }
}

describe('rules that can stop a plan', () => {
  test.each([
    [[5, 50], { wave: '50', all: '55' }],
    [[5, 50], { wave: '100%' }],
    [[5, 50], { all: '1' }],
    [[1, 1, 1], { wave: '1' }],
  ])('%j with %j', (sizes, stopAfter) => expect(refusalOf(sizes, rules(stopAfter))).toBe(''))

  test('may have a number for hosts that do not report', () => {
    expect(refusalOf([5, 50], rules({ wave: '1' }), '49')).toBe('')
    expect(refusalOf([1], rules({ wave: '1' }), '1')).toBe('')
    expect(refusalOf([2], rules({ wave: '1' }), '10%')).toBe('')
  })
})

describe('rules that are refused', () => {
  test('more failed hosts than the largest wave has', () =>
    expect(refusalOf([5, 50], rules({ wave: '51' }))).toBe(
      'stopAfter.wave 51 hosts can never stop the plan: the largest wave has 50 hosts. Pass 50 or less, or a share such as 5%.',
    ))

  test('more failed hosts than all waves have', () =>
    expect(refusalOf([5, 50], rules({ all: '56' }))).toBe(
      'stopAfter.all 56 hosts can never stop the plan: all waves together have 55 hosts. Pass 55 or less, or a share such as 5%.',
    ))

  test.each(['50', '100%', '99%'])('%s missing hosts, which are all', (notReported) =>
    expect(refusalOf([5, 50], rules({ wave: '1' }), notReported)).toMatch(
      /^notReported \S+( hosts)? can never stop the plan: the largest wave has 50 hosts\. Pass less than 50, or a share such as 10%\.$/,
    ),
  )

  test('none at all', () => {
    expect(refusalOf([5], { wave: { hosts: 0 } })).toBe(
      'stopAfter.wave 0 hosts would stop the plan before it begins. Pass stopAfter.wave of at least 1 host.',
    )
    expect(refusalOf([5], { all: { percent: 0 } })).toContain('stopAfter.all 0% would stop the plan')
    expect(refusalOf([5], rules({ wave: '1' }), '0')).toBe(
      'notReported 0 hosts is less than 1 host. Pass 1, or a share such as 10%.',
    )
  })
})

describe('the words', () => {
  const plan = (stopAfter: StopAfter, notReported = '10%') => ({
    waves: [waveOf(1, 'wave 1'), waveOf(50, 'canary'), waveOf(1950, 'EU hosts')],
    stopAfter,
    notReported: boundOf(notReported),
    reportWithinMinutes: 240,
  })

  test('say each rule with the number that it comes to', () => {
    expect(stopRuleTexts(plan(rules({ wave: '5%', all: '5%' })))).toEqual([
      'Wave 1: stops when 1 of 1 host (5%) fails or when none succeeds.',
      'Wave 2 (canary): stops when 3 of 50 hosts (5%) fail, when none succeeds, or when more than 5 (10%) have not reported within 4 h.',
      'Wave 3 ("EU hosts"): stops when 98 of 1,950 hosts (5%) fail, when none succeeds, or when more than 195 (10%) have not reported within 4 h.',
      'All waves together: stops when 101 of 2,001 hosts (5%) fail.',
    ])
  })

  test('leave out what cannot happen in a wave, and waves that no longer count', () => {
    expect(stopRuleTexts(plan(rules({ wave: '3' }), '1'))).toEqual([
      'Wave 1: stops when none succeeds.',
      'Wave 2 (canary): stops when 3 of 50 hosts fail, when none succeeds, or when more than 1 has not reported within 4 h.',
      'Wave 3 ("EU hosts"): stops when 3 of 1,950 hosts fail, when none succeeds, or when more than 1 has not reported within 4 h.',
    ])
    expect(stopRuleTexts(plan(rules({ all: '2' })), new Set([1]))).toEqual([
      'Wave 2 (canary): stops when none succeeds or when more than 5 (10%) have not reported within 4 h.',
      'All waves together: stops when 2 of 2,001 hosts fail.',
    ])
  })
})
