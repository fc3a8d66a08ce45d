import { describe, expect } from 'vitest'
import { readXml } from '../../../src/sandbox/xml/reader.ts'
import { testOn } from '../../support/fixtures.ts'
import { validSearchTexts } from '../../support/operations/saq-filters.ts'

// Filters of SAQ as they arrive at Qualys. The values of each input: test/unit/operations/saq-filters.test.ts.

const test = testOn({ jobs: 100 }, { QUALYS_UNVERIFIED: 'all' })

test.for([
  ['nameContains', 'CONTAINS'],
  ['name', 'EQUALS'],
] as const)('%s: a text arrives as it is', async ([argument, operator], { sandbox, assistant }) => {
  for (const text of validSearchTexts) {
    await sandbox.control.clearRequests()
    const { isError, text: said } = await assistant.call('saq_search_campaigns', { [argument]: text })
    expect(isError, `${JSON.stringify(text)}: ${said}`).toBe(false)
    const [{ body } = { body: '' }] = await sandbox.control.requests()
    // Read by the sandbox's own parser, which shares no code with the writer.
    const filters = readXml(body).children.find(({ name }) => name === 'filters')
    expect(filters?.children).toHaveLength(1)
    expect(filters?.children[0]).toMatchObject({ text, attributes: { operator } })
  }
})

describe('a search by text finds', () => {
  test('exact matches, and not what only looks similar', async ({ assistant }) => {
    const found = async (args: object) =>
      (await assistant.call('saq_search_campaigns', args, 'json')).structured.rows
    expect(await found({ name: 'Cloud <EMEA> & friends' })).toMatchObject([{ id: '816627' }])
    expect(await found({ nameContains: '<emea> &' })).toMatchObject([{ id: '816627' }])
    expect(await found({ name: 'Cloud &lt;EMEA&gt; &amp; friends' })).toEqual([])
  })

  test('matches in other letter case', async ({ assistant }) => {
    const { structured } = await assistant.call(
      'saq_search_templates',
      { nameContains: 'サプライヤー' },
      'json',
    )
    expect(structured.returned).toBeGreaterThan(0)
  })
})

test('a thousand ids arrive, and one beyond the range of numbers', async ({ sandbox, assistant }) => {
  const id = [...Array.from({ length: 999 }, (_, place) => place), '900719925474099267']
  const { isError, text } = await assistant.call('saq_search_users', { id })
  expect(isError, text).toBe(false)
  expect((await sandbox.control.requests())[0]?.body).toContain('997,998,900719925474099267<')
})

test.for([
  ['saq_search_users', { id: ['x'] }, 'id.0: must be an id'],
  ['saq_get_user', { userId: '../1' }, 'userId: must be an id from saq_search_users: digits alone'],
  [
    'saq_count_campaigns',
    { status: ['ANY'] },
    'status.0: must be a list of INACTIVE, ACTIVE, COMPLETE, CANCELED',
  ],
  ['saq_search_templates', { revision: [-1] }, 'revision.0: must be a list of whole numbers'],
  ['saq_search_templates', { isLibrary: 'yes' }, 'isLibrary: must be true or false'],
  ['saq_search_users', { company: 'a\u0007' }, 'company: holds control characters, which XML cannot carry'],
  ['saq_search_users', { companies: 'a' }, 'there is no argument "companies"; did you mean company?'],
] as const)('%s %j is refused, and nothing is sent', async ([tool, args, says], { sandbox, assistant }) => {
  const { text, isError } = await assistant.call(tool, args)
  expect(text).toContain(`Input validation error: Invalid arguments for tool ${tool}: ${says}`)
  expect(isError).toBe(true)
  expect(await sandbox.control.requests()).toEqual([])
})
