import { describe, expect } from 'vitest'
import { testOn } from '../../support/fixtures.ts'
import { allPages } from '../../support/scripts/code-search.ts'

// Scripts and reports by state, and scripts by id, against what the sandbox holds.

const test = testOn({ jobs: 100 }, { QUALYS_UNVERIFIED: 'all' })

const lists = [
  {
    tool: 'car_search_scripts',
    dump: 'scripts',
    id: 'id',
    route: 'POST /sm/v1/scripts/search',
    words: [
      'APPROVED',
      'pending_test',
      'Pending Approval',
      'rejected',
      ' deprecated ',
      'REJECTED, DEPRECATED',
    ],
    unknown: 'Without it, filter "status:APPROVED" asks Qualys.',
  },
  {
    tool: 'car_list_reports',
    dump: 'reports',
    id: 'fileUuid',
    route: 'GET /sm/v1/reports',
    words: ['completed', 'IN_PROGRESS', 'in progress', 'InProgress', 'failed', 'Failed;in-progress'],
    unknown: 'do not show their state',
  },
] as const

const plain = (word: unknown): string =>
  String(word)
    .replace(/[^a-z]/gi, '')
    .toLowerCase()

describe.each(lists)('$tool', ({ tool, dump, id, route, words, unknown }) => {
  test.for([...words, [words[0], words[3]]])('status %j', async (status, { sandbox, assistant }) => {
    const wanted = (typeof status === 'string' ? status.split(/[,;]/) : status).map(plain)
    const expected = (await sandbox.control.dump(dump)).filter((row) => wanted.includes(plain(row['status'])))
    expect(expected.length).toBeGreaterThan(0)
    const pages = await allPages(assistant, tool, { status, pageSize: 30 })
    expect(pages.flatMap(({ rows }) => rows.map((row) => row[id])).sort()).toEqual(
      expected.map((row) => String(row[id])).sort(),
    )
    const rows = (await sandbox.control.dump(dump)).length
    expect(pages[0]?.summary).toContain(`in ${rows} of ${rows} scanned`)
    // A state that Qualys spells otherwise would bring nothing.
    const sent = (await sandbox.control.requests()).map(
      ({ body, query }) => `${body} ${JSON.stringify(query)}`,
    )
    expect(sent.filter((text) => /status/i.test(text))).toEqual([])
  })

  test('a state that there is not: the reply names those that there are', async ({ sandbox, assistant }) => {
    const { text } = await assistant.call(tool, { status: 'finished' })
    expect(text).toMatch(/: 0 matches in (\d+) of \1 scanned\nNote: The states of these rows are: /)
    const states = new Set((await sandbox.control.dump(dump)).map(({ status }) => String(status)))
    expect(states.size).toBeGreaterThan(2)
    for (const state of states) expect(text).toMatch(new RegExp(`\\d ${state}\\b`))
  })

  test('a state that there is not beside one that there is', async ({ assistant }) => {
    const { text } = await assistant.call(tool, { status: `${words[0]}|finished`, pageSize: 1 })
    expect(text).not.toContain(': 0 matches')
    expect(text).toContain('The states of these rows are: ')
  })

  test('rows without a state are unknown, and no zero', async ({ sandbox, assistant }) => {
    await sandbox.control.faults([{ route, kind: 'dropField', fields: ['status'] }])
    const { text } = await assistant.call(tool, { status: words[0] })
    expect(text).toMatch(/: 0 matches, (\d+) unknown in \1 of \1 scanned/)
    expect(text).toContain(unknown)
  })
})

test.for([
  [''],
  ['', ' '],
  ['!!'],
  '!APPROVED',
  'APPROVED, -REJECTED',
  '!=APPROVED',
  { a: 1 },
  'x'.repeat(600),
])('status %j is refused', async (status, { assistant }) => {
  const { text, isError } = await assistant.call('car_search_scripts', { status })
  expect(isError).toBe(true)
  expect(text).toContain('status: must be')
})

describe('ids', () => {
  test('find exactly these scripts, as text and as numbers', async ({ sandbox, assistant }) => {
    const all = (await sandbox.control.dump('scripts')).map(({ id }) => Number(id))
    const wanted = all.filter((_, at) => at % 3 === 0)
    const pages = await allPages(assistant, 'car_search_scripts', { ids: wanted, pageSize: 15 })
    const shown = pages.flatMap(({ rows }) => rows.map(({ id }) => id))
    expect(shown.length).toBe(wanted.length)
    expect(new Set(shown)).toEqual(new Set(wanted.map(String)))
    expect(pages.length).toBe(3)
    expect(pages.map(({ note = '' }) => note).join()).not.toContain('has the id')
  })

  test('that there are not are named', async ({ assistant }) => {
    const ids = ['16515', ...Array.from({ length: 12 }, (_, at) => String(at + 1))]
    const { text } = await assistant.call('car_search_scripts', { ids })
    expect(text).toContain('scripts: 1 match in 120 of 120 scanned')
    expect(text).toContain(
      'No script that was looked at has the id 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 or one of 2 others.',
    )
  })

  test('beyond 2^53', async ({ sandbox, assistant }) => {
    await sandbox.control.knobs({ longIds: true })
    const { structured } = await assistant.call('car_search_scripts', { pageSize: 2 }, 'json')
    const [{ id } = {}] = structured.rows
    const args = { ids: [String(id)], contentMatch: 'exit 0' }
    const found = await assistant.call('car_search_scripts', args, 'json')
    expect(found.structured.rows.map((row) => row['id'])).toEqual([id])
  })

  test.for([[[]], [['a/b']], [Array.from({ length: 101 }, (_, at) => at)], [['7', '7']]])(
    '%j are refused, or count as left out',
    async ([ids], { assistant }) => {
      const { text, isError } = await assistant.call('car_search_scripts', { ids })
      if (ids?.length === 0) expect(text).toMatch(/^scripts 1-20 of 120/)
      else expect([isError, text.includes('ids')]).toEqual([true, true])
    },
  )
})
