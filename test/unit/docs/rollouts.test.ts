import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { specs } from '../../../src/config/specs.ts'
import { tools } from '../../support/guides/words.ts'

const page = readFileSync('docs/rollouts.md', 'utf8')

test('the rollout of the page is one that its tool takes', () => {
  const calls = [...page.matchAll(/^```json\n(.+?)^```/gms)].map(([, json = '']) => JSON.parse(json))
  expect(calls).toHaveLength(1)
  const input = tools.get('car_plan_rollout')?.input ?? {}
  expect(z.strictObject(input).safeParse(calls[0]).error).toBeUndefined()
})

test('the defaults of settings on the page are the real ones', () => {
  expect(page).toContain(`\`${specs.planLookupSeconds.env}\` (${specs.planLookupSeconds.default})`)
  expect(page).toContain(`\`${specs.maxAssetsPerPlan.default}\`, the default, allows none`)
})
