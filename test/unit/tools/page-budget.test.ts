import { describe, expect, test } from 'vitest'
import { searchJobs } from '../../../src/operations/car/runs.ts'
import { sizeOf } from '../../../src/tools/replies/reply.ts'
import { cannedRuns, run, tableOf } from '../../support/replies/rows.ts'
import { callerOn, type ToolCaller, toolFor, Upstream } from '../../support/workflows/memory.ts'

// A page within QUALYS_REPLY_CHARS: what is cut, and the note about it.

const jobs = toolFor(searchJobs)

function callerFor(rows: readonly object[], budget = 24_000, total?: number): ToolCaller {
  const upstream = new Upstream()
  upstream.serve(cannedRuns(rows, total))
  return callerOn(upstream.answer, { QUALYS_REPLY_CHARS: String(budget) })
}

async function page(rows: readonly object[], args: object = {}, budget = 24_000) {
  const caller = callerFor(rows, budget)
  const { text } = await caller.call(jobs, args)
  const { structured } = await caller.call(jobs, args, 'json')
  return { text, structured, size: Math.max(text.length, JSON.stringify(structured).length) }
}

/** Escaping doubles most of it. */
const escapableText = (length: number): string =>
  '"\\\n\u2028é🔒'.repeat(Math.ceil(length / 7)).slice(0, length)
const fields = (count: number, value: unknown): object =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`field${at}`, value]))

describe('whatever rows hold, a page is at most', () => {
  const rows = Array.from({ length: 8 }, (_, id) => ({
    id,
    list: Array(100).fill(escapableText(9)),
    ...fields(100, escapableText(200)),
  }))
  const cases: readonly (readonly [string, readonly object[], object])[] = [
    ['rows with 100 fields', rows, { fields: ['*'] }],
    ['rows that lack what is asked for', rows, { fields: ['nope'] }],
    ['rows without the usual fields', rows, {}],
    ['rows with lists', rows, { fields: ['id', 'list'] }],
    [
      '200 rows',
      Array.from({ length: 200 }, (_, id) => run(id, { title: escapableText(100) })),
      { pageSize: 200 },
    ],
    [
      'notes on forty absent fields with long names',
      [run(1)],
      { fields: Array.from({ length: 40 }, (_, at) => `${'n'.repeat(70)}${at}`) },
    ],
  ]
  test.each([2_000, 24_000].flatMap((budget) => cases.map((one) => [budget, ...one] as const)))(
    '%i characters: %s',
    async (budget, _what, given, args) => {
      expect((await page(given, args, budget)).size).toBeLessThanOrEqual(budget)
    },
  )
})

describe('fields that do not fit', () => {
  /** A run has nine fields of its own. */
  test.each([
    [2_000, 0, '1 more fields did not fit.'],
    [2_000, 2, '3 more fields did not fit.'],
    [24_000, 51, undefined],
    [24_000, 52, '1 more fields did not fit.'],
    [24_000, 1_251, '1,200 more fields did not fit.'],
  ])('%i characters, %i fields more than usual', async (budget, count, note) => {
    const { structured } = await page(
      [run(1, { severity: 1, threshold: 1, ...fields(count, 1) })],
      { fields: ['*'] },
      budget,
    )
    expect(structured.note).toBe(note)
  })
})

describe('a value that is too long', () => {
  const cut =
    '1 long value is cut: ask for a row alone, with pageSize 1, to see more of it; qualys_export writes all of it.'

  test('among others is cut after 2,000 characters, and both forms say how to see more', async () => {
    const { text, structured } = await page([run(1, { title: 'z'.repeat(9_000) }), run(2)])
    expect(text).toContain('(7,000 more characters)')
    expect(text).toContain(`Note: ${cut}`)
    expect(structured.note).toBe(cut)
    expect(structured.rows[0]?.['title']).toBe('z'.repeat(2_000))
  })

  test.each([
    [2_000, undefined],
    [2_001, cut],
  ])('of %i characters among others', async (length, note) => {
    expect((await page([run(1, { title: 'z'.repeat(length) }), run(2)])).structured.note).toBe(note)
  })

  test('in several rows is counted', async () => {
    const title = 'z'.repeat(2_001)
    const { structured } = await page([run(1, { title }), run(2, { title })])
    expect(structured.note).toMatch(/^2 long values are cut: ask for a row alone/)
  })

  test('alone on its page fills the budget', async () => {
    expect((await page([run(1, { title: 'z'.repeat(9_000) })])).text).toContain('z'.repeat(9_000))
    const alone = await page([run(1, { title: 'z'.repeat(90_000) })])
    expect(alone.text).toContain('1 long value is cut: a reply holds 24,000 characters (QUALYS_REPLY_CHARS).')
    expect(alone.text.length).toBeGreaterThan(20_000)
    expect(alone.size).toBeLessThanOrEqual(24_000)
  })

  test('leaves room for the rows after it', async () => {
    const rows = [
      run(0, { title: 'z'.repeat(200_000) }),
      ...Array.from({ length: 9 }, (_, at) => run(at + 1)),
    ]
    expect((await page(rows)).structured.returned).toBe(10)
  })

  test('that is a list is shown below like a long text, and cut between its elements', async () => {
    const commands = Array.from({ length: 400 }, (_, index) => `Command-${index}`)
    const { text, structured } = await page([run(1, { commands }), run(2, { commands })], {
      fields: ['id', 'commands'],
    })
    expect(text).toContain('Command-0, Command-1, Command-2')
    const shown = structured.rows[0]?.['commands'] as string[]
    expect(shown).toEqual(commands.slice(0, shown.length))
    expect(shown.length).toBeGreaterThan(50)
  })
})

describe('a value is equally long in both forms, or a note says so', () => {
  const tags = Array.from({ length: 70 }, (_, index) => ({ id: 7_500_000 + index, name: `Tag ${index}` }))

  // The JSON of a list is longer than "Tag 0 (7500000), …": text that is cut only there counts, too.
  test('a list of seventy tags', async () => {
    const { structured } = await page([run(1, { tags }), run(2)], { fields: ['id', 'tags'] })
    expect(structured.note).toMatch(/^1 long value is cut/)
    expect(structured.rows[0]?.['tags']).not.toEqual(tags)
  })

  // Escaped characters count: one element that does not fit must not leave an empty list.
  test('a list of one text', async () => {
    const { structured } = await page([run(1, { list: ['"'.repeat(1_200)] }), run(2)], {
      fields: ['id', 'list'],
    })
    expect(structured.rows[0]?.['list']).not.toEqual([])
  })

  // A value of up to 160 characters is shown whole in the table, and in the form for programs.
  test('texts that fit the table', async () => {
    const row = Object.fromEntries(
      Array.from({ length: 8 }, (_, index) => [`${'n'.repeat(69)}${index}`, `${index}`.padEnd(150, '"...')]),
    )
    const { text, structured } = await page(
      [row].map((one) => ({ ...one, id: 1 })),
      { fields: Object.keys(row), pageSize: 1 },
      2_000,
    )
    const { head, lines } = tableOf(text)
    expect(head.length).toBeGreaterThan(0)
    expect(lines[0]).toEqual(Object.values(structured.rows[0] ?? {}))
  })
})

test('the measured size is that of the reply', async () => {
  const caller = callerFor([run(1), run(2)])
  const { structured, text } = await caller.call(jobs, {}, 'json')
  expect(sizeOf({ body: '', ...structured, summary: text })).toBe(10 + JSON.stringify(structured).length)
})
