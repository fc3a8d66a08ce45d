import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { catalogueOf } from '../../../src/tools/catalogue.ts'
import { type Assistant, assistantOn, openAssistant } from '../../support/assistant.ts'
import { settingsFrom } from '../../support/environment.ts'
import { openSandbox } from '../../support/sandbox.ts'

// What a tool refuses, each with one sentence; the same server answers the next call.

let sandbox: Awaited<ReturnType<typeof openSandbox>>
let assistant: Assistant
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 200 })
  assistant = await assistantOn(sandbox)
})
afterAll(async () => {
  await assistant.close()
  await sandbox.close()
})

async function good(on = assistant): Promise<void> {
  const { text, isError } = await on.call('car_search_jobs', { pageSize: 1 })
  expect(isError, text).toBe(false)
  expect(text).toMatch(/^jobs 1-1 of 200/)
}

const jobs = 'car_search_jobs'
const size = /pageSize: must be a whole number from 1 to 200/
const date = /must be an ISO 8601 date or time, e\.g\. 2026-01-31/
const ordered = /sort: must be 1 to 5 fields with a direction, e\.g\. \["created\.dateTime:desc"\]/
const notHere = /must be an id from car_search_scripts: letters, digits and hyphens, no path/
const reportId = /must be an id \(fileUuid\) from car_list_reports/

const wrong: readonly (readonly [tool: string, args: object, says: RegExp])[] = [
  [jobs, { pagesize: 3 }, /no argument "pagesize"; did you mean pageSize\?/],
  [jobs, { limit: 3 }, /no argument "limit"; there are scriptId, .*continuationToken/],
  [jobs, { pageSiz: 3, filtr: 'a:1' }, /"pageSiz"; did you mean pageSize\?.*"filtr"; did you mean filter\?/],
  ['qualys_status', { verbose: true }, /no argument "verbose"; there is none at all/],
  ...[0, 201, -1, 1.5, '20', null, [20]].map((pageSize) => [jobs, { pageSize }, size] as const),
  [jobs, { filter: '' }, /filter: must not be empty/],
  [jobs, { filter: ['status:APPROVED'] }, /filter: must be a QQL query as text/],
  [jobs, { filter: 'x'.repeat(4001) }, /filter: must be at most 4,000 characters/],
  [jobs, { match: '' }, /match: must not be empty/],
  [jobs, { match: '   ' }, /match: must not be empty/],
  [jobs, { fields: [] }, /fields: must name 1 to 50 columns, such as \["id","title"\] or \["\*"\]/],
  [jobs, { fields: 'id' }, /fields: must be a list such as/],
  [jobs, { fields: [''] }, /fields.*: must /],
  ...['title', 'title:up', ':desc', 'title: desc'].map((key) => [jobs, { sort: [key] }, ordered] as const),
  [jobs, { sort: [] }, /sort: must be 1 to 5 fields with a direction/],
  [jobs, { sort: 'title:desc' }, /sort: must be a list such as/],
  ...['yesterday', '', '2026-02-30', '2026-13-01', '31.01.2026', '2026-01-31T25:00:00Z', 20260131].flatMap(
    (text) => [
      [jobs, { startAt: text }, date] as const,
      ['car_search_schedules', { endAt: text }, date] as const,
    ],
  ),
  ...['../19218', '19218/../1', '%2e%2e', '%2e%2e%2f1', '..', '.', '', 'a b', 'a\\b', 'a?x=1', 'a#b'].flatMap(
    (id) => [
      ['car_get_script', { scriptId: id }, notHere] as const,
      ['car_export_scripts', { ids: ['19218', id] }, notHere] as const,
      ['car_download_report', { reportId: id }, reportId] as const,
    ],
  ),
  ['car_get_script', {}, /scriptId: must be an id from car_search_scripts/],
  ['car_export_scripts', { ids: [] }, /ids: must hold 1 to 100 script ids/],
  ['car_search_asset_jobs', { outcome: 'lost' }, /outcome: must be one of succeeded, failed, open/],
  ['car_search_asset_jobs', { includeOutput: 'yes' }, /includeOutput: must be true or false/],
]

describe('arguments of the wrong shape', () => {
  test.each(wrong)('%s %o', async (tool, args, says) => {
    await sandbox.control.forget()
    const { text, isError } = await assistant.call(tool, args)
    expect(text).toMatch(says)
    expect(isError).toBe(true)
    expect(text).not.toContain('\n')
    const sentences = text.replace(/^.*?for tool \w+: /, '').split(', ')
    expect(new Set(sentences).size, text).toBe(sentences.length)
    expect(await sandbox.control.requests()).toEqual([])
    await good()
  })
})

test('an unknown tool is refused by name', async () => {
  await expect(assistant.call('car_search_job')).rejects.toThrow(/car_search_job/)
  await good()
})

test.each(['title:', '(title:a', 'title:a AND', 'nope:1', 'title:"a', ')'])(
  'the malformed filter %s is the assistant’s to mend',
  async (filter) => {
    const { text, isError, error } = await assistant.call(jobs, { filter })
    expect(text).toMatch(/^Qualys refuses the request \(400: .*\)\. Check the filter: tokens, quotes/)
    expect(isError).toBe(true)
    expect(error).toMatchObject({ kind: 'input', status: 400 })
    await good()
  },
)

describe('a continuationToken', () => {
  const args = { filter: 'platform:WINDOWS', pageSize: 2 }
  const page = async (tool: string, asked: object): Promise<string> =>
    (await assistant.call(tool, asked, 'json')).structured.continuationToken ?? ''
  const middle = (token: string, put: string): string => token.slice(0, 12) + put + token.slice(13)

  test.each([
    ['cut', async () => (await page(jobs, args)).slice(0, -4)],
    ['cut to one character', async () => (await page(jobs, args)).slice(0, 1)],
    ['longer', async () => `${await page(jobs, args)}AA`],
    ['padded', async () => `${await page(jobs, args)}=`],
    [
      'altered',
      async () => {
        const token = await page(jobs, args)
        return middle(token, token[12] === 'A' ? 'B' : 'A')
      },
    ],
    ['made up', async () => 'AAAAAAAAAAAAAAAA'],
    ['no token', async () => 'page 2, please'],
    ['of another query', async () => page(jobs, { pageSize: 2 })],
    ['of another tool', async () => page('car_search_assets', args)],
  ])('%s is refused, and it says how to start again', async (_name, token) => {
    const continuationToken = await token()
    expect(continuationToken).not.toBe('')
    await sandbox.control.forget()
    const { text, isError, error } = await assistant.call(jobs, { ...args, continuationToken })
    expect(text).toMatch(
      /^The continuationToken does not fit this call: .*leave it out to start at the first row\.$/,
    )
    expect(isError).toBe(true)
    expect(error).toMatchObject({ kind: 'input' })
    expect(await sandbox.control.requests()).toEqual([])
    await good()
  })

  test.each([
    ['empty', '', /must not be empty; leave it out to start at the first row/],
    ['too long', 'A'.repeat(2001), /is longer than any that was given out/],
    ['a number', 3, /must be the text from the last page/],
  ])('%s is refused', async (_name, continuationToken, says) => {
    const { text, isError } = await assistant.call(jobs, { ...args, continuationToken })
    expect(text).toMatch(says)
    expect(isError).toBe(true)
    await good()
  })

  test('that is sound goes on', async () => {
    const continuationToken = await page(jobs, args)
    const { text, isError } = await assistant.call(jobs, { ...args, continuationToken })
    expect(isError, text).toBe(false)
    expect(text).toMatch(/^jobs 3-4 of /)
  })
})

describe('missing credentials surface at the first call', () => {
  const place = { QUALYS_PLATFORM: 'EU2' }
  test.each([
    [{}, /^No Qualys platform is set\. .*QUALYS_PLATFORM .*QUALYS_GATEWAY_URL.*--sandbox/],
    [{ QUALYS_GATEWAY_URL: 'https://a.example.com' }, /^QUALYS_API_URL is not set\./],
    [{ QUALYS_API_URL: 'https://a.example.com' }, /^QUALYS_GATEWAY_URL is not set\./],
    [place, /^No Qualys credentials are set\. .*QUALYS_USERNAME and QUALYS_PASSWORD/],
    [
      { ...place, QUALYS_USERNAME: 'u' },
      /QUALYS_PASSWORD is not\. .*QUALYS_PASSWORD \(or QUALYS_PASSWORD_FILE/,
    ],
    [{ ...place, QUALYS_USERNAME: 'u', QUALYS_PASSWORD: '' }, /QUALYS_PASSWORD is not\./],
    [{ ...place, QUALYS_USERNAME: '', QUALYS_PASSWORD: 'p' }, /QUALYS_USERNAME is not\./],
    [{ ...place, QUALYS_CLIENT_ID: 'c' }, /QUALYS_CLIENT_SECRET is not\./],
    [{ ...place, QUALYS_CLIENT_SECRET: 's' }, /QUALYS_CLIENT_ID is not\./],
  ])('%o', async (environment, says) => {
    const lonely = await openAssistant(environment)
    const { tools } = await lonely.request('tools/list')
    expect(tools).toHaveLength(catalogueOf(settingsFrom({})).listings.length)
    const { text, isError, error } = await lonely.call(jobs)
    expect(text).toMatch(says)
    expect({ isError, kind: error?.['kind'] }).toEqual({ isError: true, kind: 'setup' })
    const told = await lonely.call('qualys_status')
    expect(told.text).toContain('login: failed:')
    await lonely.close()
  })
})

test('an unknown QUALYS_ variable stands in qualys_status', async () => {
  const told = await assistantOn(sandbox, { QUALYS_COLOUR: 'red', QUALYS_SHOE_SIZE: '42' })
  expect((await told.call('qualys_status')).text).toMatch(
    /^unknownVariables: QUALYS_COLOUR, QUALYS_SHOE_SIZE$/m,
  )
  await told.close()
})
