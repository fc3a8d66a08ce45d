import { describe, expect } from 'vitest'
import { guides, uriOf } from '../../../src/tools/guides/guides.ts'
import { toolRegistry } from '../../../src/tools/server/tool-registry.ts'
import { type Assistant, openAssistant } from '../../support/assistant.ts'
import { testOn } from '../../support/fixtures.ts'
import { effects, exampleIn, quotedIn, statusFields } from '../../support/guides/words.ts'

// Guides as resources, and that the calls they show work. Their words are checked against the code in
// test/unit/guides.

const test = testOn({ jobs: 200 }, { QUALYS_UNVERIFIED: 'all' })

/** Every tool, as the assistant of these tests has them. */
const everyName = new Set(effects.keys())

test.for(guides.map(({ name }) => name))('%s shows calls that work', async (name, { assistant }) => {
  const guide = guides.find((one) => one.name === name)
  const calls = quotedIn((await guide?.load(everyName)) ?? '').flatMap((part) => exampleIn(part) ?? [])
  for (const { tool, args } of calls.filter(({ tool }) => toolRegistry.has(tool))) {
    const { isError, text } = await assistant.call(tool, args)
    expect(isError, `${tool} ${JSON.stringify(args)}: ${text}`).toBe(false)
  }
})

test('the status has the fields that guides name', async ({ assistant }) => {
  const { structured } = await assistant.call('qualys_status', {}, 'json')
  expect(Object.keys(structured.rows[0] ?? {})).toEqual(expect.arrayContaining([...statusFields]))
})

test('a count matches the guide: weeks begin on Mondays, and the rest is summed up', async ({
  assistant,
}) => {
  const groupBy = ['outcome', 'output.code', 'created.dateTime:week']
  const { text } = await assistant.call('car_count_asset_jobs', { groupBy, top: 1 })
  const [, head, group = '', rest] = text.split('\n')
  expect(head).toBe([...groupBy, 'count'].join('\t'))
  expect(new Date(`${group.split('\t')[2]}T00:00Z`).getUTCDay()).toBe(1)
  expect(rest).toContain('the rest: ')
  const { text: bad } = await assistant.call('car_count_jobs', {
    groupBy: ['id', 'title', 'platform', 'test'],
  })
  expect(bad).toMatch(/up to 3 columns and one time/)
})

describe('which guides there are', () => {
  const listed = async (environment: Record<string, string>): Promise<string[]> => {
    const there = await openAssistant(environment)
    const { resources } = (await there.request('resources/list')) as { resources: { name: string }[] }
    await there.close()
    return resources.map(({ name }) => name).filter((name) => guides.some((guide) => guide.name === name))
  }
  const general = guides.filter(({ product }) => product === undefined).map(({ name }) => name)

  test('all of them by default, and in read-only mode', async () => {
    for (const mode of ['confirm', 'read-only'])
      expect(await listed({ QUALYS_MODE: mode })).toEqual(guides.map(({ name }) => name))
  })

  test('no guide of a product without a tool', async () => {
    expect(await listed({ QUALYS_TOOLSETS: 'car' })).not.toContain('saq-filters')
    expect(await listed({ QUALYS_TOOLSETS: 'car' })).toContain('qql')
    expect(await listed({ QUALYS_TOOLSETS: 'saq.users' })).toEqual(
      guides.filter(({ product }) => product !== 'car').map(({ name }) => name),
    )
    expect(await listed({ QUALYS_TOOLS: 'qualys_status' })).toEqual(general)
    expect(general.length).toBeGreaterThan(2)
  })
})

describe('reading', () => {
  const read = (on: Assistant, uri: string) => on.request('resources/read', { uri })

  test('a guide brings its text as markdown', async ({ assistant }) => {
    const { tools } = (await assistant.request('tools/list')) as { tools: { name: string }[] }
    const listed = new Set(tools.map(({ name }) => name))
    for (const guide of guides)
      expect(await read(assistant, uriOf(guide))).toMatchObject({
        contents: [{ uri: uriOf(guide), mimeType: 'text/markdown', text: await guide.load(listed) }],
      })
  })

  test('the columns are those of the listed tools', async () => {
    const textWith = async (environment: Record<string, string>): Promise<string> => {
      const there = await openAssistant(environment)
      const { contents } = (await read(there, 'qualys://guides/columns')) as { contents: { text: string }[] }
      await there.close()
      return contents[0]?.text ?? ''
    }
    const listsOf = (text: string): string[] => text.match(/(?<=^## `)\w+/gm) ?? []
    expect(listsOf(await textWith({ QUALYS_TOOLSETS: 'saq.users' }))).toEqual(['saq_search_users'])
    expect(listsOf(await textWith({ QUALYS_TOOLSETS: 'car.runs' }))).toEqual([
      'car_search_jobs',
      'car_search_asset_jobs',
    ])
    expect(listsOf(await textWith({ QUALYS_UNVERIFIED: 'none' }))).not.toContain('car_search_scripts')
    expect(listsOf(await textWith({}))).toContain('car_search_scripts')
  })

  test('needs no account, and sends no request to Qualys', async ({ sandbox, assistant }) => {
    const bare = await openAssistant({})
    for (const guide of guides) await read(bare, uriOf(guide))
    await bare.close()
    for (const guide of guides) await read(assistant, uriOf(guide))
    expect(await sandbox.control.requests()).toEqual([])
  })

  test.for([
    'qualys://guides/none',
    'qualys://guides/qql/more',
    'qualys://guides',
    'file:///etc/passwd',
    'qql',
  ])('%s is a proper error', async (uri, { assistant }) => {
    await expect(read(assistant, uri)).rejects.toThrow(/not found|is invalid/)
  })
})
