import { describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { argumentReader } from '../../../../src/tools/arguments/argument-reader.ts'
import {
  repeatedOutcomes,
  rerunInput,
  rolloutInput,
  rolloutSettings,
} from '../../../../src/tools/plans/propose/input.ts'
import {
  getInput,
  listInput,
  reasonInput,
  resumeInput,
} from '../../../../src/tools/plans/propose/plan-inputs.ts'
import { toJsonSchema } from '../../../../src/tools/schema.ts'
import { countTokens } from '../../../programs/token-counter.ts'

// What an assistant may pass to the tools of plans, read as a call is read.

const minimal = {
  scriptId: '19',
  fleet: { assetTagId: '7588' },
  waves: [{ share: '10%' }, { rest: true }],
  stopAfter: { wave: '5%' },
}

async function read(input: z.ZodRawShape, args: unknown) {
  const { value, issues = [] } = await argumentReader(async () => ({ input }))(args)
  return { value, issues: issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`) }
}

const issuesOf = async (more: object): Promise<readonly string[]> =>
  (await read(rolloutInput, { ...minimal, ...more })).issues

describe('a proposal', () => {
  test('needs no more than a script, a fleet, waves and when to stop', async () => {
    expect(await read(rolloutInput, minimal)).toEqual({
      issues: [],
      value: { ...minimal, waves: [{ share: 10 }, { rest: true }], stopAfter: { wave: { percent: 5 } } },
    })
  })

  test('takes every input, in the forms in which models write them', async () => {
    const { value, issues } = await read(rolloutInput, {
      scriptId: 19,
      fleet: '{"assetIds":["1","2","3"]}',
      waves: [{ name: 'canary', assetIds: [1], soakMinutes: '60', needsApproval: 'true' }, { rest: 'true' }],
      stopAfter: { wave: 1, all: '2.5 %' },
      notReported: 2,
      leftOut: '1%',
      reportWithin: 90,
      lateAfterMinutes: 5,
      window: ' Mon-Fri 22:00-05:00 Europe/Berlin ',
      params: [{ key: 'path', value: '' }],
      rebootAfterScriptExecution: true,
      rebootDelayInSeconds: 60,
      executionPolicyBypassEnabled: true,
      description: 'Patch day',
    })
    expect(issues).toEqual([])
    expect(value).toMatchObject({
      scriptId: '19',
      fleet: { assetIds: ['1', '2', '3'] },
      waves: [{ name: 'canary', assetIds: ['1'], soakMinutes: 60, needsApproval: true }, { rest: true }],
      stopAfter: { wave: { hosts: 1 }, all: { percent: 2.5 } },
      notReported: { hosts: 2 },
      leftOut: { percent: 1 },
      reportWithin: 90,
      window: 'Mon-Fri 22:00-05:00 Europe/Berlin',
    })
  })

  const oneOfFour = 'needs exactly one of assetIds, assetTagId, share and rest: true'
  test.each<[object, string]>([
    [{ fleet: { assetIds: ['1'], assetTagId: '2' } }, 'fleet: needs exactly one of assetIds and assetTagId'],
    [{ waves: [{ name: 'a' }] }, `waves.0: ${oneOfFour}`],
    [{ waves: [{ rest: false }] }, `waves.0: ${oneOfFour}`],
    [{ waves: [{ share: '5%', rest: true }] }, `waves.0: ${oneOfFour}`],
    [{ waves: [{ share: '5' }] }, 'waves.0.share: must be a share such as 10%'],
    [{ waves: [] }, 'waves: must be a list of 1 to 20 waves such as [{"share":"10%"},{"rest":true}]'],
    [
      { waves: Array(21).fill({ share: '5%' }) },
      'waves: must be a list of 1 to 20 waves such as [{"share":"10%"},{"rest":true}]',
    ],
    [
      { waves: [{ name: 'a\nb', rest: true }] },
      'waves.0.name: must be a name of letters, digits, blanks, dots, hyphens and underscores, at most 40 characters',
    ],
    [
      { waves: [{ rest: true, soakMinutes: 10_081 }] },
      'waves.0.soakMinutes: must be a whole number from 0 to 10,080',
    ],
    [{ stopAfter: { wave: '0' } }, 'stopAfter.wave: must be at least 1 host: pass 1, or a share above 0%'],
    [{ lateAfterMinutes: 4 }, 'lateAfterMinutes: must be a whole number from 5 to 1,440'],
    [
      { window: 'at night' },
      'window: must be windows such as Mon-Fri 22:00-05:00 Europe/Berlin, parted by semicolons, with a zone for each or for none (UTC), and 00:00-24:00 for a whole day',
    ],
    [{ description: 'x'.repeat(901) }, 'description: must be at most 900 characters'],
  ])('%j is refused with what to pass', async (more, message) =>
    expect(await issuesOf(more)).toEqual([message]),
  )

  test('needs a rule for failures', async () => {
    const without = 'needs wave or all: how many failed hosts stop it, such as {"wave":"5%"}'
    expect(await issuesOf({ stopAfter: { wave: null } })).toEqual([`stopAfter: ${without}`])
    const { stopAfter: _, ...none } = minimal
    expect((await read(rolloutInput, none)).issues).toEqual([
      'stopAfter: must be an object of wave, all; it is missing',
    ])
  })

  test('is told of names that are none', async () =>
    expect(await issuesOf({ fleet: { assetIds: ['1'], tag: '2' } })).toEqual([
      'fleet: there is no argument "tag"; there are assetIds, assetTagId',
    ]))

  test('has ten thousand hosts at most', async () => {
    const assetIds = Array.from({ length: 10_001 }, (_, at) => String(at + 1))
    expect(await issuesOf({ fleet: { assetIds } })).toEqual([
      'fleet.assetIds: must be a list of 1 to 10,000 ids from car_search_assets',
    ])
    expect(await issuesOf({ fleet: { assetIds: assetIds.slice(1) } })).toEqual([])
  })

  test('has settings where it passes none', () => {
    expect(rolloutSettings({})).toEqual({
      notReported: { percent: 10 },
      leftOut: { percent: 5 },
      reportWithinMinutes: 240,
      lateAfterMinutes: 60,
    })
    const passed = { notReported: { hosts: 2 }, leftOut: { hosts: 1 }, reportWithin: 30, lateAfterMinutes: 5 }
    const { reportWithin, ...rest } = passed
    expect(rolloutSettings(passed)).toEqual({ ...rest, reportWithinMinutes: reportWithin })
  })
})

describe('a second run', () => {
  test('is for every outcome but success, unless some are named', async () => {
    const all = await read(rerunInput, { jobId: '7' })
    expect(all).toEqual({ issues: [], value: { jobId: '7' } })
    expect(repeatedOutcomes({ outcomes: undefined })).toEqual(['failed', 'not reported', 'unknown'])
    const some = await read(rerunInput, { jobId: '7', outcomes: ['Failed', 'failed'], reportWithin: '2d' })
    expect(some.value).toEqual({ jobId: '7', outcomes: ['failed'], reportWithin: 2880 })
    expect(repeatedOutcomes({ outcomes: ['failed'] })).toEqual(['failed'])
  })

  test('of other outcomes is refused', async () => {
    expect((await read(rerunInput, { jobId: '7', outcomes: ['succeeded'] })).issues).toEqual([
      'outcomes.0: must be one of failed, not reported, unknown',
    ])
  })
})

describe('the id of a plan', () => {
  test('is taken in any case', async () => {
    expect((await read(getInput, { planId: ' abcd2345 ', waitSeconds: 0 })).value).toEqual({
      planId: 'ABCD2345',
      waitSeconds: 0,
    })
    expect((await read(reasonInput, { planId: 23456789 })).value).toEqual({ planId: '23456789' })
  })

  test.each([
    '',
    'ABCD234',
    'ABCD23456',
    'ABCD-345',
    'ABCDI345',
    'ABCDU345',
    '../../..',
    ['ABCD2345', 'ABCD2345'],
  ])('%j is none', async (planId) => {
    expect((await read(resumeInput, { planId, adopt: '7' })).issues).toEqual([
      'planId: must be an id from car_list_rollouts',
    ])
  })
})

describe('the listed schemas', () => {
  const shapes = { rolloutInput, rerunInput, getInput, reasonInput, resumeInput, listInput }

  test.each(Object.entries(shapes))('%s is flat, and without what clients cannot handle', (_, shape) => {
    const schema = toJsonSchema(shape)
    const text = JSON.stringify(schema)
    expect(schema['type']).toBe('object')
    expect(text).not.toMatch(
      /"(?:\$ref|anyOf|oneOf|allOf|default|format|const|prefixItems|additionalProperties)":/,
    )
    expect(text).not.toContain('{}')
  })

  test('say where ids come from', () => {
    const ids = JSON.stringify(toJsonSchema(rolloutInput)).match(
      /"(?:\w+Id|\w+Ids)":\{[^}]*\}?[^}]*from car_\w+"/g,
    )
    expect(ids).toHaveLength(5)
  })

  test('cost little', () => {
    const costOf = (shape: z.ZodRawShape): number => countTokens(JSON.stringify(toJsonSchema(shape)))
    expect(costOf(rolloutInput)).toBeLessThanOrEqual(400)
    expect(costOf(rerunInput)).toBeLessThanOrEqual(180)
    for (const shape of [getInput, reasonInput, resumeInput, listInput])
      expect(costOf(shape)).toBeLessThan(80)
  })
})
