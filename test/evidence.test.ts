import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { operations } from '../src/operations/index.ts'
import { type Assistant, assistantOn, openSandbox } from './harness.ts'

// A Qualys that serves only what its pages name: what the guesses then say, and that nothing else suffers.

let sandbox: Awaited<ReturnType<typeof openSandbox>>
let assistant: Assistant
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 200, evidence: 'documented' })
  assistant = await assistantOn(sandbox)
})
afterAll(async () => {
  await assistant.close()
  await sandbox.close()
})

/** Arguments for the tools that cannot do without; ids that exist. */
const needed: Readonly<Record<string, object>> = {
  car_get_script: { scriptId: 16515 },
  car_export_scripts: { ids: [16515] },
  car_get_schedule: { scheduleId: '23f97a1f-76f4-4e85-a7c2-566f120874fc' },
  car_download_report: { reportId: '4735c320-1b2c-4d3e-8f4a-5b6c7d8e9f01' },
}
const guessed = operations.filter(({ evidence }) => evidence === 'guessed')
const others = operations.filter(({ evidence }) => evidence !== 'guessed')

describe('against a Qualys without the guesses', () => {
  test.each(guessed)('$name says that its path is not public, and how to set it', async ({ name, route }) => {
    const { text, isError, error } = await assistant.call(name, needed[name])
    expect(text).toContain(`to ${route}: the path of ${name} is not public`)
    expect(text).toContain(`QUALYS_ROUTES='{"${name}":"${route}"}'`)
    expect(isError).toBe(true)
    expect(error).toMatchObject({ kind: 'setup' })
    expect([404, 405, 410]).toContain(error?.['status'])
  })

  test.each(others)('$name works', async ({ name }) => {
    const { text, isError, structured } = await assistant.call(name, needed[name], 'json')
    expect(isError, text).toBe(false)
    expect(structured.rows.length).toBeGreaterThan(0)
  })

  test('qualys_status works', async () => {
    expect((await assistant.call('qualys_status')).text).toMatch(/^login: ok/m)
  })

  test('a path set by hand that is not there either is no longer called a guess', async () => {
    const route = 'GET /sm/v9/scripts/{scriptId}'
    const own = await assistantOn(sandbox, { QUALYS_ROUTES: JSON.stringify({ car_get_script: route }) })
    const { text, error } = await own.call('car_get_script', { scriptId: 1 })
    await own.close()
    expect(error).toMatchObject({ kind: 'setup' })
    expect(text).toContain(route)
    expect(text).not.toContain('not public')
  })
})

test('QUALYS_UNVERIFIED=none lists no guessed tool, and qualys_status names them', async () => {
  const strict = await assistantOn(sandbox, { QUALYS_UNVERIFIED: 'none' })
  const { tools } = (await strict.request('tools/list')) as { tools: { name: string; description: string }[] }
  const status = await strict.call('qualys_status')
  await strict.close()
  const ours = ['qualys_status', 'car_follow_run', 'car_get_output']
  expect(tools.map(({ name }) => name)).toEqual([...ours, ...others.map(({ name }) => name)])
  expect(tools.filter(({ description }) => description.includes('not public'))).toEqual([])
  expect(status.text).toContain(
    `withheld: QUALYS_UNVERIFIED=none: ${guessed.map(({ name }) => name).join(', ')}`,
  )
})
