import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Assistant, assistantOn } from '../../support/assistant.ts'
import { openSandbox } from '../../support/sandbox.ts'

let sandbox: Awaited<ReturnType<typeof openSandbox>>
let assistant: Assistant
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 100 })
  assistant = await assistantOn(sandbox)
})
afterAll(async () => {
  await assistant.close()
  await sandbox.close()
})

const many = (count: number, value: string): string[] => Array.from({ length: count }, () => value)

test.each([
  ['match of 201 characters', 'car_search_jobs', { match: 'x'.repeat(201) }, /match: .*200/],
  ['51 fields', 'car_search_jobs', { fields: many(51, 'id') }, /fields: .*50/],
  ['a field of 81 characters', 'car_search_jobs', { fields: ['x'.repeat(81)] }, /fields\.0: must .*80/],
  ['6 sort keys', 'car_search_jobs', { sort: many(6, 'id:asc') }, /sort: .*5/],
  ['scriptName of 257 characters', 'car_search_jobs', { scriptName: 'x'.repeat(257) }, /scriptName: .*256/],
  ['scriptName without any', 'car_search_jobs', { scriptName: '' }, /scriptName: must not be empty/],
  ['101 ids', 'car_export_scripts', { ids: many(101, '1') }, /ids: .*100/],
])('%s: the sentence names the bound that was passed', async (_what, tool, args, sentence) => {
  const { text, isError } = await assistant.call(tool, args)
  expect(isError).toBe(true)
  expect(text).toMatch(sentence)
})
