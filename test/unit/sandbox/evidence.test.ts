import { expect, test } from 'vitest'
import { assumptions } from '../../../src/sandbox/assumptions/assumptions.ts'
import { deleteAssetJobsInputs } from '../../../src/sandbox/car/effects/asset-jobs.ts'
import { executeInputs } from '../../../src/sandbox/car/effects/executions.ts'
import { reportInputs } from '../../../src/sandbox/car/effects/reports.ts'
import {
  createScheduleInputs,
  updateScheduleInputs,
} from '../../../src/sandbox/car/effects/schedule-inputs.ts'
import { cloneInputs, createInputs, updateInputs } from '../../../src/sandbox/car/effects/scripts.ts'
import * as tokens from '../../../src/sandbox/car/filter-tokens.ts'
import { carFields } from '../../../src/sandbox/data/car/fields.ts'
import type { BodySchema } from '../../../src/sandbox/http/body-schema.ts'
import { vendorRoutes } from '../../../src/sandbox/server/routes.ts'

const listed = (kind: string, where?: string) =>
  assumptions
    .filter((invention) => invention.what.startsWith(`${kind} `) && (!where || invention.where === where))
    .map(({ what }) => what.slice(kind.length + 1))
    .sort()

const routes = Object.entries(vendorRoutes)

test('every guessed route is listed as an assumption, and no other', () => {
  const guessed = routes.filter(([, { evidence }]) => evidence === 'guessed').map(([key]) => key)
  expect(guessed).toHaveLength(11)
  expect(listed('route')).toEqual(guessed.sort())
})

test.each(Object.entries(carFields))(
  'every assumed field of %s is listed as an assumption, and no other',
  (kind, table) => {
    expect(listed('field', kind)).toEqual(Object.keys(table.assumed).sort())
  },
)

test.each<[string, BodySchema]>([
  ['POST /sm/v5/script', createInputs],
  ['PATCH /sm/v4/script/{scriptId}', updateInputs],
  ['POST /sm/v1/scripts/{scriptId}/clone', cloneInputs],
  ['POST /sm/v1/scripts/{scriptId}/execute', executeInputs],
  ['POST /sm/v1/scripts/scheduler', createScheduleInputs],
  ['POST /sm/v1/scheduler/{scheduleId}', updateScheduleInputs],
  ['POST /sm/v1/assetjobs/delete', deleteAssetJobsInputs],
  ['POST /sm/v1/reports', reportInputs],
])('every assumed input of %s is listed as an assumption, and no other', (route, inputs) => {
  const madeUp = Object.entries(inputs).filter(([, { assumed: invented }]) => invented)
  expect(listed('input', route)).toEqual(madeUp.map(([name]) => name).sort())
})

test.each([
  ['scripts', tokens.scriptTokens],
  ['jobs', tokens.jobTokens],
  ['assetjobs', tokens.assetJobTokens],
  ['assets', tokens.assetTokens],
  ['tags', tokens.tagTokens],
  ['schedules', tokens.scheduleTokens],
  ['blocked-commands', tokens.blockedCommandTokens],
])('every assumed token of %s is listed as an assumption, and no other', (kind, table) => {
  const madeUp = Object.entries(table).filter(([, { evidence }]) => evidence === 'assumed')
  expect(listed('token', kind)).toEqual(madeUp.map(([name]) => name).sort())
})

test('every assumption says where and why, once', () => {
  for (const { what, where, reason } of assumptions) expect([what, where, reason]).not.toContain('')
  const places = assumptions.map(({ what, where }) => `${what} @ ${where}`)
  expect(new Set(places).size).toBe(places.length)
})
