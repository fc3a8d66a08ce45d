import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { operations } from '../../../src/operations/index.ts'
import { exportList } from '../../../src/tools/exports/export.ts'
import { listInput } from '../../../src/tools/lists.ts'
import { listingOf } from '../../../src/tools/schema.ts'
import { type Assistant, assistantOn } from '../../support/assistant.ts'
import { environmentFor } from '../../support/environment.ts'
import { type Desk, fileOf, named, newFolder, openDesk, readLines } from '../../support/exports/desk.ts'
import { openSandbox } from '../../support/sandbox.ts'

// What may be exported, and with which arguments: as the list's own tool would have it.

const folder = newFolder()
let sandbox: Awaited<ReturnType<typeof openSandbox>>
let desk: Desk
let assistant: Assistant
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 50 })
  desk = await openDesk(environmentFor(sandbox), folder.path)
  assistant = await assistantOn(sandbox)
})
afterAll(async () => {
  await assistant.close()
  await desk.close()
  await sandbox.close()
  folder.remove()
})

const lists = operations.filter(({ returns }) => returns === 'rows')

test.each(lists.map(({ name }) => name))('%s can be exported', async (tool) => {
  const told = await desk.export({ tool, format: 'jsonl' })
  expect(told.isError, told.text).toBe(false)
  const rows = readLines(fileOf(told))
  const { structured } = await assistant.call(tool, { pageSize: 1 }, 'json')
  if (structured.total !== undefined) expect(rows).toHaveLength(structured.total)
  else expect(rows.length > 0).toBe(structured.returned > 0)
})

test.each([
  ['car_search_job', /^There is no list tool "car_search_job"\. Did you mean car_search_jobs\?/],
  ['bananas', /^There is no list tool "bananas"\. There are car_search_scripts, /],
  ['saq_count_users', /^saq_count_users brings no list\. There are car_search_scripts, /],
  ['car_execute_script', /^car_execute_script brings no list\./],
  ['qualys_export', /^There is no list tool/],
  ['constructor', /^There is no list tool/],
  ['../../etc/passwd', /^There is no list tool/],
  [`${'x'.repeat(5_000)}`, /^There is no list tool "x{59}…"/],
])('tool %s is refused', async (tool, said) => {
  const told = await desk.export({ tool, format: 'csv' })
  expect(told.error).toMatchObject({ kind: 'input' })
  expect(told.text).toMatch(said)
})

describe.each([
  ['QUALYS_EXCLUDE_TOOLS', { QUALYS_EXCLUDE_TOOLS: 'car_search_jobs' }],
  ['QUALYS_TOOLSETS', { QUALYS_TOOLSETS: 'saq' }],
  ['QUALYS_TOOLS', { QUALYS_TOOLS: 'car_search_assets' }],
])('a list that %s withholds', (setting, extra) => {
  test('is not exported, and what was exported before is not shown', async () => {
    const before = await desk.export({ tool: 'car_search_jobs', format: 'csv' })
    const { uri } = before.rows[0] ?? {}
    const count = named(folder.path, '').length
    const strict = await openDesk(environmentFor(sandbox, extra), folder.path)
    const told = await strict.export({ tool: 'car_search_jobs', format: 'csv' })
    expect(told.error).toMatchObject({ kind: 'input' })
    expect(told.text).toContain(`The tool car_search_jobs is withheld by ${setting}, and so is its export.`)
    expect(named(folder.path, '')).toHaveLength(count)
    await expect(strict.request('resources/read', { uri })).rejects.toThrow('no such export')
    expect(JSON.stringify(await strict.request('resources/list'))).not.toContain('car_search_jobs')
    await strict.close()
    await desk.request('resources/read', { uri })
  })
})

test('a guessed list, where none is wanted', async () => {
  const strict = await openDesk(environmentFor(sandbox, { QUALYS_UNVERIFIED: 'none' }), folder.path)
  const told = await strict.export({ tool: 'car_search_scripts', format: 'csv' })
  expect(told.text).toMatch(/withheld by QUALYS_UNVERIFIED=none/)
  await strict.close()
})

describe('arguments', () => {
  test.each([
    { scriptid: 1 },
    { scriptId: '../1' },
    { startAt: 'yesterday' },
    { match: '' },
    { fields: [] },
    { pageSize: 0 },
    { filter: '', sort: ['x'] },
    { outcome: 'failed' },
  ])('%j: the words of the tool itself', async (args) => {
    const own = await assistant.call('car_search_jobs', args)
    const told = await desk.export({ tool: 'car_search_jobs', format: 'csv', arguments: args })
    expect(own.isError).toBe(true)
    expect(told.error).toMatchObject({ kind: 'input' })
    const [, words] = /Invalid arguments for tool car_search_jobs: (.*)/.exec(own.text) ?? []
    expect(words?.length).toBeGreaterThan(10)
    for (const word of String(words).split(', ')) expect(told.text).toContain(word.trim())
  })

  test('as the text of an object', async () => {
    const told = await desk.export({
      tool: 'car_search_jobs',
      format: 'jsonl',
      arguments: '{"fields":["id"]}',
    })
    expect(Object.keys(readLines(fileOf(told))[0] ?? {})).toEqual(['id'])
  })

  test.each(['[]', 'x', '"{}"', 7, [], 'null'])('%j is no object', async (given) => {
    const told = await desk.export({ tool: 'car_search_jobs', format: 'csv', arguments: given })
    expect(told.isError).toBe(true)
    expect(told.text).toMatch(/arguments: must be an object of that tool's arguments/)
  })

  test('no continuationToken', async () => {
    const told = await desk.export({
      tool: 'car_search_jobs',
      format: 'csv',
      arguments: { continuationToken: 'abc' },
    })
    expect(told.text).toMatch(
      /^An export holds the whole list, from its first row on: it takes no continuation/,
    )
  })

  test.each([{ format: 'xlsx' }, {}, { format: 'csv', resume: 'yes' }, { format: 'csv', dir: '/tmp' }])(
    '%j is refused',
    async (more) => {
      expect((await desk.export({ tool: 'car_search_jobs', ...more })).isError).toBe(true)
    },
  )
})

test('the listed schema is plain, and short', () => {
  const schema = listingOf(exportList.input)
  expect(schema).toMatchObject({
    type: 'object',
    required: ['tool', 'format'],
    properties: {
      arguments: { type: 'object' },
      format: { enum: ['csv', 'jsonl'] },
      resume: { type: 'boolean' },
    },
  })
  expect(JSON.stringify(schema)).not.toMatch(/additionalProperties|propertyNames|\$ref|anyOf/)
  expect(JSON.stringify(schema).length).toBeLessThan(700)
})

test('every list takes what its own tool takes', () => {
  // An operation's input and the list's must not share a name: one would hide the other.
  for (const operation of lists)
    expect(Object.keys(listInput(operation)).filter((name) => name in operation.input)).toEqual([])
})
