import { describe, expect, test } from 'vitest'
import type { CarEffectTargets } from '../../../src/operations/effects/effect-targets.ts'
import type { SentEffect } from '../../../src/tools/effects/verify/sent-effect.ts'
import { rememberRun } from '../../../src/tools/effects/verify/sent-run.ts'
import { SentRuns } from '../../../src/tools/sent-runs.ts'
import type { ToolContext } from '../../../src/tools/tool.ts'
import { FakeClock } from '../../support/workflows/fake-clock.ts'

// To how many hosts a run of this server was sent, and for how long that is known.

const uuid = '0A1b2c3d-0000-4000-8000-000000000001'

/** The number that is known after a run with these targets. */
function remembered(named: Omit<CarEffectTargets, 'product'>, record: object = { correlationUuid: uuid }) {
  const sentRuns = new SentRuns()
  const clock = new FakeClock()
  const targets = { product: 'car', named } as unknown as SentEffect['targets']
  rememberRun({ args: {}, targets }, { ...record }, { sentRuns } as unknown as ToolContext, clock)
  return sentRuns.hostsOf(uuid, clock.now())
}

describe('the number of hosts', () => {
  test.each<[string, Omit<CarEffectTargets, 'product'>, number | undefined]>([
    ['of ids', { assets: ['1', '2', '3'] }, 3],
    ['of ids without those that are spared', { assets: ['1', '2', '3'], excludedAssets: ['2', '9'] }, 2],
    ['of a tag is unknown', { tags: ['7'] }, undefined],
    ['of ids and a tag is unknown', { assets: ['1'], tags: ['7'] }, undefined],
    ['of none is unknown', { assets: [] }, undefined],
  ])('%s', (_, named, hosts) => expect(remembered(named)).toBe(hosts))

  test('is unknown where the answer names no run', () =>
    expect(remembered({ assets: ['1'] }, { correlationUuid: 7 })).toBeUndefined())
})

describe('a run', () => {
  const sent = (): SentRuns => {
    const runs = new SentRuns()
    runs.record(uuid, 2, 1_000)
    return runs
  }

  test('is found by its id in any case, and by no other', () => {
    expect(sent().hostsOf(uuid.toLowerCase(), 1_000)).toBe(2)
    expect(sent().hostsOf(uuid.slice(1), 1_000)).toBeUndefined()
  })

  test.each([
    [600_999, 2],
    [601_000, undefined],
  ])('is known for ten minutes: at %i', (now, hosts) => {
    expect(sent().hostsOf(uuid, now)).toBe(hosts)
    expect(sent().isEmpty(now)).toBe(hosts === undefined)
  })

  test('has its job id too, once that is known; the time counts from when it was sent', () => {
    const runs = sent()
    runs.link(uuid, '501')
    runs.link('another', '502')
    expect(runs.hostsOf('501', 600_999)).toBe(2)
    expect(runs.hostsOf('501', 601_000)).toBeUndefined()
    expect(runs.hostsOf('502', 1_000)).toBeUndefined()
  })

  test('is known however many others were sent and checked', () => {
    const runs = sent()
    for (let run = 0; run < 1_000; run++) runs.record(`another ${run}`, 1, 2_000)
    expect(runs.hostsOf(uuid, 2_000)).toBe(2)
  })
})
