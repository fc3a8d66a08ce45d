import { describe, expect } from 'vitest'
import { catalogueOf } from '../../../src/tools/server/catalogue.ts'
import { type Assistant, openAssistant, openAssistantOn } from '../../support/assistant.ts'
import { settingsFrom } from '../../support/environment.ts'
import { testOn } from '../../support/fixtures.ts'

// Arguments that a tool refuses, over the protocol; the same server answers the next call. Every sentence:
// test/unit/command-line.

const test = testOn({ jobs: 100 })
const jobs = 'car_search_jobs'

async function expectGood(assistant: Assistant): Promise<void> {
  const { text, isError } = await assistant.call(jobs, { pageSize: 1 })
  expect(isError, text).toBe(false)
  expect(text).toMatch(/^jobs 1-1 of 100/)
}

test('arguments of the wrong shape get the SDK’s message, and no request is sent', async ({
  sandbox,
  assistant,
}) => {
  const { text, isError } = await assistant.call(jobs, { pageSiz: 3, pageSize: 0, match: ' ' })
  expect(text).toMatch(/^Input validation error: Invalid arguments for tool car_search_jobs: /)
  expect(text).toMatch(/"pageSiz"; did you mean pageSize\?/)
  expect(text).toMatch(/pageSize: must be a whole number from 1 to 200/)
  expect(text).toMatch(/match: must not be empty/)
  expect(isError).toBe(true)
  expect(text).not.toContain('\n')
  expect(await sandbox.control.requests()).toEqual([])
  await expectGood(assistant)
})

test('an argument of a tool that takes none', async ({ assistant }) => {
  const { text } = await assistant.call('qualys_status', { verbose: true })
  expect(text).toMatch(/no argument "verbose"; there is none at all/)
})

test('an unknown tool is refused by name', async ({ assistant }) => {
  await expect(assistant.call('car_search_job')).rejects.toThrow(/car_search_job/)
  await expectGood(assistant)
})

test.for(['title:', '(title:a', 'nope:1', 'title:"a'])(
  'the malformed filter %s is an input error for the assistant to fix',
  async (filter, { assistant }) => {
    const { text, isError, error } = await assistant.call(jobs, { filter })
    expect(text).toMatch(/^Qualys refuses the request \(400: .*\)\. Check the filter: tokens, quotes/)
    expect(isError).toBe(true)
    expect(error).toMatchObject({ kind: 'input', status: 400 })
    await expectGood(assistant)
  },
)

describe('a continuationToken', () => {
  test('continues where its page ended, and only with the same arguments', async ({ sandbox, assistant }) => {
    const args = { filter: 'platform:WINDOWS', pageSize: 2 }
    const first = await assistant.call(jobs, args, 'json')
    const { continuationToken } = first.structured
    expect((await assistant.call(jobs, { ...args, continuationToken })).text).toMatch(/^jobs 3-4 of /)
    await sandbox.control.clearRequests()
    const { text, error } = await assistant.call(jobs, { pageSize: 2, continuationToken })
    expect(text).toMatch(/^The continuationToken does not fit this call: /)
    expect(error).toMatchObject({ kind: 'input' })
    expect(await sandbox.control.requests()).toEqual([])
    await expectGood(assistant)
  })
})

describe('missing credentials', () => {
  test('are reported at the first call; tools are listed, and the status says so', async () => {
    const lonely = await openAssistant({ QUALYS_PLATFORM: 'EU2', QUALYS_USERNAME: 'u' })
    const { tools } = await lonely.request('tools/list')
    expect(tools).toHaveLength(catalogueOf(settingsFrom({})).manifests.length)
    const { text, isError, error } = await lonely.call(jobs)
    expect(text).toMatch(/QUALYS_PASSWORD is not\./)
    expect({ isError, kind: error?.['kind'] }).toEqual({ isError: true, kind: 'setup' })
    expect((await lonely.call('qualys_status')).text).toContain('login: failed:')
    await lonely.close()
  })
})

test('an unknown QUALYS_ variable is reported by qualys_status', async ({ sandbox }) => {
  const reply = await openAssistantOn(sandbox, { QUALYS_COLOUR: 'red', QUALYS_SHOE_SIZE: '42' })
  expect((await reply.call('qualys_status')).text).toMatch(
    /^unknownVariables: QUALYS_COLOUR, QUALYS_SHOE_SIZE$/m,
  )
  await reply.close()
})
