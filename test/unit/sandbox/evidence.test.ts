import { expect, test } from 'vitest'
import { invented } from '../../../src/sandbox/assumptions/assumptions.ts'
import { deleteAssetJobsInputs } from '../../../src/sandbox/car/effects/asset-jobs.ts'
import { executeInputs } from '../../../src/sandbox/car/effects/executions.ts'
import { guardrailInputs } from '../../../src/sandbox/car/effects/guardrails.ts'
import { importInputs } from '../../../src/sandbox/car/effects/library.ts'
import { reportInputs } from '../../../src/sandbox/car/effects/reports.ts'
import {
  createScheduleInputs,
  updateScheduleInputs,
} from '../../../src/sandbox/car/effects/schedule-inputs.ts'
import { cloneInputs, createInputs, updateInputs } from '../../../src/sandbox/car/effects/scripts.ts'
import * as tokens from '../../../src/sandbox/car/tokens.ts'
import { fields } from '../../../src/sandbox/data/car/fields.ts'
import { makeStore } from '../../../src/sandbox/data/car/store.ts'
import type { Shape } from '../../../src/sandbox/http/body-schema.ts'
import { vendorRoutes } from '../../../src/sandbox/server/routes.ts'
import { makeWorld } from '../../../src/sandbox/state/world.ts'

const listed = (kind: string, where?: string) =>
  invented
    .filter((invention) => invention.what.startsWith(`${kind} `) && (!where || invention.where === where))
    .map(({ what }) => what.slice(kind.length + 1))
    .sort()

const routes = Object.entries(vendorRoutes(makeWorld({ jobs: 100 })))

test('every guessed route is listed as invented, and no other', () => {
  const guessed = routes.filter(([, { evidence }]) => evidence === 'guessed').map(([key]) => key)
  expect(guessed).toHaveLength(11)
  expect(listed('route')).toEqual(guessed.sort())
})

test.each(Object.entries(fields))(
  'every made-up field of %s is listed as invented, and no other',
  (kind, table) => {
    expect(listed('field', kind)).toEqual(Object.keys(table.invented).sort())
  },
)

test.each<[string, Shape]>([
  ['POST /sm/v5/script', createInputs],
  ['PATCH /sm/v4/script/{scriptId}', updateInputs],
  ['POST /sm/v1/scripts/{scriptId}/clone', cloneInputs],
  ['POST /sm/v1/scripts/{scriptId}/execute', executeInputs],
  ...Object.entries(guardrailInputs),
  ...Object.entries(importInputs),
  ['POST /sm/v1/scripts/scheduler', createScheduleInputs],
  ['POST /sm/v1/scheduler/{scheduleId}', updateScheduleInputs],
  ['POST /sm/v1/assetjobs/delete', deleteAssetJobsInputs],
  ['POST /sm/v1/reports', reportInputs],
])('every made-up input of %s is listed as invented, and no other', (route, inputs) => {
  const madeUp = Object.entries(inputs).filter(([, { invented }]) => invented)
  expect(listed('input', route)).toEqual(madeUp.map(([name]) => name).sort())
})

test.each([
  ['scripts', tokens.scriptTokens],
  ['jobs', tokens.jobTokens(makeStore(1, 100))],
  ['assetjobs', tokens.assetJobTokens],
  ['assets', tokens.assetTokens],
  ['tags', tokens.tagTokens],
  ['schedules', tokens.scheduleTokens],
  ['blocked-commands', tokens.blockedCommandTokens],
])('every made-up token of %s is listed as invented, and no other', (kind, table) => {
  const madeUp = Object.entries(table).filter(([, { evidence }]) => evidence === 'invented')
  expect(listed('token', kind)).toEqual(madeUp.map(([name]) => name).sort())
})

test('every invention says where and why, once', () => {
  for (const { what, where, reason } of invented) expect([what, where, reason]).not.toContain('')
  const places = invented.map(({ what, where }) => `${what} @ ${where}`)
  expect(new Set(places).size).toBe(places.length)
})
