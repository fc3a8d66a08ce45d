import { expect } from 'vitest'
import type { Assistant } from '../../support/assistant.ts'
import { testOn } from '../../support/fixtures.ts'

// completion/complete for the arguments of prompts: from rows that lists showed lately, without a request.

const test = testOn({ jobs: 100 })

interface Completion {
  readonly values: readonly string[]
  readonly total?: number
  readonly hasMore?: boolean
}

async function complete(
  assistant: Assistant,
  name: string,
  argument: string,
  value: string,
): Promise<Completion> {
  const params = { ref: { type: 'ref/prompt', name }, argument: { name: argument, value } }
  const { completion } = await assistant.request('completion/complete', params)
  return completion as Completion
}

test('there is nothing before a list was read, and no request is sent', async ({ assistant, sandbox }) => {
  expect(await complete(assistant, 'roll_out_script', 'scriptId', '')).toEqual({
    values: [],
    total: 0,
    hasMore: false,
  })
  expect(await sandbox.control.requests()).toEqual([])
})

test('a script by a part of its title, with its id, which the prompt takes', async ({ assistant }) => {
  const { structured } = await assistant.call('car_search_scripts', { pageSize: 50 }, 'json')
  const [first] = structured.rows as { id: string; title: string }[]
  const word = first?.title.split(' ')[0]?.toLowerCase() ?? ''
  const { values } = await complete(assistant, 'roll_out_script', 'scriptId', word)
  expect(values).toContain(`${first?.id} ${first?.title}`)
  const prompt = await assistant.request('prompts/get', {
    name: 'roll_out_script',
    arguments: { scriptId: values[0] },
  })
  expect(JSON.stringify(prompt)).toContain(`Roll script \\"${values[0]?.split(' ')[0]}\\" out`)
})

test('what begins with the typed text comes first', async ({ assistant }) => {
  const { structured } = await assistant.call('car_search_jobs', { pageSize: 100 }, 'json')
  const [first] = structured.rows as { id: string; title: string }[]
  const start = first?.id.slice(0, 2) ?? ''
  const { values, total = 0 } = await complete(assistant, 'triage_failed_runs', 'jobId', start)
  expect(total).toBeGreaterThan(1)
  const startsSo = values.map((value) => value.startsWith(start))
  expect(startsSo).toEqual([...startsSo].sort((a, b) => Number(b) - Number(a)))
  expect(startsSo[0]).toBe(true)
})

test('a tag by its name', async ({ assistant }) => {
  const { structured } = await assistant.call('car_search_asset_tags', { pageSize: 5 }, 'json')
  const [first] = structured.rows as { name: string }[]
  const { values } = await complete(assistant, 'roll_out_script', 'tag', first?.name ?? '')
  expect(values).toContain(first?.name)
})

test('an argument that takes anything has no values, and an unknown prompt is refused', async ({
  assistant,
}) => {
  expect((await complete(assistant, 'triage_failed_runs', 'days', '')).values).toEqual([])
  expect((await complete(assistant, 'triage_failed_runs', 'constructor', '')).values).toEqual([])
  await expect(complete(assistant, 'nothing', 'days', '')).rejects.toThrow('Prompt nothing not found')
})
