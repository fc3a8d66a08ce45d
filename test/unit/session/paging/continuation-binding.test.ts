import { describe, expect, test } from 'vitest'
import { type MemoryOptions, openInMemory } from '../../../support/session/memory.ts'

// What a continuationToken is bound to: tool, account and the arguments that select the rows.

const args = {
  scriptId: 19218,
  filter: 'platform:WINDOWS',
  startAt: '2023-01-01',
  endAt: '2023-12-31T00:00:00Z',
  sort: ['created.dateTime:asc'],
  match: 'auto',
  pageSize: 2,
}

/** Forty runs that all match, in the requested order. */
const runs = Array.from({ length: 40 }, (_, at) => ({
  sortValues: [at, String(at)],
  data: {
    id: String(at),
    title: 'Auto',
    created: { dateTime: 1674216006119 },
    platform: 'WINDOWS',
    executionType: 'Manual',
    scriptId: 19218,
  },
}))

const listing = (options: MemoryOptions = {}) =>
  openInMemory(({ body }) => {
    const { pageSize, searchAfter } = JSON.parse(body) as { pageSize: number; searchAfter?: [number] }
    const from = (searchAfter?.[0] ?? -1) + 1
    return { body: { body: { totalCount: 40, list: runs.slice(from, from + pageSize) } } }
  }, options)

async function tokenOf(memory = listing()): Promise<string> {
  const { structured } = await memory.call('car_search_jobs', args)
  expect(structured.continuationToken).toMatch(/^[\w-]{8,64}$/)
  return structured.continuationToken ?? ''
}

const idsOf = (rows: readonly Readonly<Record<string, unknown>>[]): unknown[] => rows.map(({ id }) => id)

describe('continues', () => {
  test.each([
    ['unchanged', {}, 2],
    ['with another pageSize', { pageSize: 3 }, 3],
    ['without a pageSize', { pageSize: undefined }, 20],
    ['with other fields', { fields: ['id', 'severity'] }, 2],
    ['with an id as text', { scriptId: '19218' }, 2],
    [
      'with the same instants spelled otherwise',
      { startAt: '2023-01-01T01:00:00+01:00', endAt: '2023-12-31 00:00:00' },
      2,
    ],
  ])('%s', async (_name, changed, count) => {
    const memory = listing()
    const continuationToken = await tokenOf(memory)
    const { structured } = await memory.call('car_search_jobs', { ...args, continuationToken, ...changed })
    expect(idsOf(structured.rows)).toEqual(Array.from({ length: count }, (_, at) => String(at + 2)))
  })

  test('in the text of a page, as its last words', async () => {
    const { text } = await listing().call('car_search_jobs', args)
    expect(text).toMatch(/continuationToken "[\w-]{8,64}"$/)
  })

  test('with its arguments in another order, on a server that was restarted', async () => {
    const continuationToken = await tokenOf()
    const reversed = Object.fromEntries(Object.entries({ ...args, continuationToken }).reverse())
    expect(Object.keys(reversed)[0]).toBe('continuationToken')
    const memory = listing({ extra: { QUALYS_REPLY_CHARS: '9000' } })
    const { structured } = await memory.call('car_search_jobs', reversed)
    expect(idsOf(structured.rows)).toEqual(['2', '3'])
  })
})

describe('is refused before anything is sent', () => {
  test.each([
    { scriptId: 16515 },
    { scriptId: undefined },
    { filter: 'platform:LINUX' },
    { filter: undefined },
    { scriptName: 'Backup' },
    { startAt: '2023-01-02' },
    { endAt: undefined },
    { sort: ['created.dateTime:desc'] },
    { sort: undefined },
    { match: 'manual' },
    { match: undefined },
    { continuationToken: 'AAAA' },
  ])('%j', async (changed) => {
    const continuationToken = await tokenOf()
    const memory = listing()
    const { error, text } = await memory.call('car_search_jobs', { ...args, continuationToken, ...changed })
    expect(error).toMatchObject({ kind: 'input', next: expect.stringContaining('leave it out to start') })
    expect(text).toContain('continuationToken does not fit')
    expect(memory.sent).toEqual([])
  })

  test.each([
    ['from another tool', 'car_search_scripts', {}],
    ['from another user', 'car_search_jobs', { QUALYS_USERNAME: 'memory_cd2' }],
    [
      'from a client',
      'car_search_jobs',
      { QUALYS_CLIENT_ID: 'client', QUALYS_CLIENT_SECRET: 'no secret here' },
    ],
    ['from another platform', 'car_search_jobs', { QUALYS_GATEWAY_URL: 'https://elsewhere.memory.example' }],
  ])('%s', async (_name, tool, extra) => {
    const continuationToken = await tokenOf()
    const memory = listing({ extra })
    const passed = tool === 'car_search_jobs' ? { ...args, continuationToken } : { continuationToken }
    expect((await memory.call(tool, passed)).error).toMatchObject({ kind: 'input' })
    expect(memory.sent).toEqual([])
  })
})
