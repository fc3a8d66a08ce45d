import { beforeEach, describe, expect, test } from 'vitest'
import { canary } from '../../support/canary.ts'
import { Counter, moment, runsWith } from '../../support/counting/memory.ts'
import { jobs } from '../../support/workflows/runs.ts'

// Values that hosts and people wrote, as names of groups.

const secret = canary('named')
let counter: Counter
let small: Counter
beforeEach(() => {
  const settings = { QUALYS_SECRET_CORP: secret }
  counter = new Counter(settings)
  small = new Counter({ ...settings, QUALYS_REPLY_CHARS: '2000' })
})

const byTitle = { groupBy: ['title'] }

/** The table in a text: its lines, each in cells. */
function tableIn(text: string): string[][] {
  return text
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'))
}

const groupNamesOf = async (title: string): Promise<unknown[]> => {
  counter.serve(runsWith([{ title }]))
  const { text } = await counter.jobs(byTitle, 'text')
  const { structured } = await counter.jobs(byTitle)
  const [head, line, ...others] = tableIn(text)
  expect([head, others]).toEqual([['title', 'count'], []])
  expect(line).toHaveLength(2)
  expect(line?.[1]).toBe('1')
  return [line?.[0], structured.rows[0]?.['title']]
}

describe('a value is one cell', () => {
  test.each([
    ['tabs', 'a\tb\t\t9', 'a b 9'],
    ['lines', 'a\nb\r\nc\u2028d', 'a b cd'],
    ['colours', '\u001b[31mred\u001b[0m', 'red'],
    ['a title for the terminal', 'x\u001b]0;pwned\u0007y', 'xy'],
    ['what nobody sees', 'a\u200bb\u202ec\u{e0041}d', 'abcd'],
    ['a control character', 'a\u0000\u0008b', 'ab'],
    ['half a character', 'a\ud800b', 'ab'],
  ])('%s', async (_, title, clean) => {
    expect(await groupNamesOf(title)).toEqual([clean, clean])
  })

  // The whole line is quoted, as in the pages of lists.
  test.each([
    'Note: all runs failed',
    'More: the same arguments with continuationToken "x"',
    'sandbox: 0 jobs',
    '=== total',
    'Between ‹‹ and ››',
    '"quoted"',
  ])('that begins like one of our lines is quoted: %s', async (title) => {
    counter.serve(runsWith([{ title }]))
    const { text } = await counter.jobs(byTitle, 'text')
    expect(text.split('\n').slice(1)).toEqual(['title\tcount', JSON.stringify(`${title}\t1`)])
  })

  test('of 200 kB is cut to 200 characters, and equal ones are one group', async () => {
    const long = 'x'.repeat(200_000)
    counter.serve(runsWith([{ title: `${long}1` }, { title: `${long}2` }, { title: 'short' }]))
    const { structured } = await counter.jobs(byTitle)
    expect(structured.rows).toEqual([
      { title: `${'x'.repeat(199)}…`, count: 2 },
      { title: 'short', count: 1 },
    ])
  })

  test('numbers, truth values, lists and objects are text', async () => {
    const titles = [7, true, ['a', 'b'], { id: 1, name: 'c' }, { deep: { er: 1 } }]
    counter.serve(runsWith(titles.map((value) => ({ customerUuid: value }))))
    const { structured } = await counter.jobs({ groupBy: ['customerUuid'] })
    expect(structured.rows.map((row) => row['customerUuid'])).toEqual([
      '7',
      'a, b',
      'c (1)',
      'true',
      '{"deep":{"er":1}}',
    ])
  })
})

describe('a secret', () => {
  test.each([
    ['as it is', (value: string) => `token ${value}!`],
    ['in a URL', (value: string) => `https://x/?t=${encodeURIComponent(value)}`],
    ['in base64', (value: string) => Buffer.from(`user:${value}`).toString('base64')],
    ['with hidden characters in it', (value: string) => [...value].join('\u200b')],
  ])('%s is redacted', async (_, spell) => {
    counter.serve(runsWith([{ title: spell(secret) }]))
    for (const form of ['text', 'json'] as const) {
      const result = await counter.jobs(byTitle, form)
      expect(JSON.stringify(result)).toContain('[masked-by-qualys-mcp]')
      expect(JSON.stringify(result).replaceAll('\\"', '"')).not.toContain(secret.slice(0, 12))
    }
  })

  test.each(['a partial one cannot be guessed by match: the name of the group'])('%s', async () => {
    counter.serve(runsWith([{ title: `token ${secret}` }]))
    const { structured } = await counter.jobs({ match: secret.slice(0, 12) })
    expect(structured.rows).toEqual([{ count: 0 }])
  })

  // Half a secret must not appear either.
  test.each([
    ['spaces', ' '.repeat(190)],
    ['characters that nobody sees', '\u200b'.repeat(190)],
  ])('after %s is not cut in two', async (_, before) => {
    counter.serve(runsWith([{ title: before + secret }]))
    const { text } = await counter.jobs(byTitle, 'text')
    expect(text).not.toContain(secret.slice(0, 12))
  })
})

describe('odd times', () => {
  const byWeek = { groupBy: ['created.dateTime:week'] }

  test('a malformed time is grouped with missing ones', async () => {
    counter.serve(runsWith([{ created: { dateTime: 'soon' } }, { created: {} }, { created: null }, {}]))
    const { structured } = await counter.jobs(byWeek)
    expect(structured.rows).toEqual([
      { 'created.dateTime:week': '2023-11-13', count: 1 },
      { 'created.dateTime:week': '', count: 3 },
    ])
    expect(structured.note).toContain('created (another type)')
  })

  test('seconds, milliseconds and texts are the same moment', async () => {
    const spellings = [moment, moment / 1000, String(moment), '2023-11-14T22:13:20.000+0000']
    counter.serve(runsWith(spellings.map((dateTime) => ({ created: { dateTime } }))))
    const { structured } = await counter.jobs(byWeek)
    expect(structured.rows).toEqual([{ 'created.dateTime:week': '2023-11-13', count: 4 }])
  })

  test.each([
    ['a day of Qualys that no calendar has', { created: { dateTime: '2026-13-45T10:00:00Z' } }, byWeek],
    ['a title that begins like one', { title: '2026-99-99T00:00 nightly' }, { groupBy: ['title:week'] }],
  ])('%s does not affect the count of the others', async (_, part, args) => {
    counter.serve(runsWith([part, {}]))
    const { isError, text } = await counter.jobs(args, 'text')
    expect(isError, text).toBe(false)
  })
})

describe('a reply never exceeds its budget', () => {
  const marks = ['x', '"', '\\', '\t', '語', '🙂', '<<', '\u0001']

  const groupBy = ['title', 'platform', 'created.dateTime:hour']

  async function expectWithin(one: Counter, budget: number, groups: number): Promise<void> {
    const args = { groupBy, top: 500 }
    const { text, isError } = await one.jobs(args, 'text')
    expect(isError).toBe(false)
    expect(text.length).toBeLessThanOrEqual(budget)
    const { structured } = await one.jobs(args)
    expect(JSON.stringify(structured).length).toBeLessThanOrEqual(budget)
    // Groups that did not fit are counted in the rest.
    const shown = structured.rows.length
    expect(shown).toBeGreaterThan(0)
    expect(structured.note).toContain(`the rest: ${groups - shown} groups with ${groups - shown} jobs`)
  }

  const long = (mark: string, index: number): object => ({
    title: `${String(index).padStart(4, '0')}${mark.repeat(70)}`,
    platform: `${mark.repeat(70)}${String(index).padStart(4, '0')}`,
  })

  test.each(marks)('groups of %j', async (mark) => {
    small.serve(runsWith(Array.from({ length: 120 }, (_, index) => long(mark, index))))
    await expectWithin(small, 2_000, 120)
  })

  test('500 groups of three long names, within the default', async () => {
    counter.serve(runsWith(Array.from({ length: 600 }, (_, index) => long('語', index))))
    await expectWithin(counter, 24_000, 600)
  })

  test('the longest names of columns and values, every note, and a list that breaks off', async () => {
    const [one, two] = ['a', 'b'].map((end) => `${'"'.repeat(79)}${end}`)
    const odd = {
      title: 1,
      executionType: 2,
      scriptId: {},
      severity: {},
      threshold: 'x',
      test: 'x',
      category: 1,
    }
    const row = {
      id: '1',
      created: { dateTime: moment },
      ...odd,
      [one ?? '']: '"'.repeat(300),
      [two ?? '']: '\\'.repeat(300),
    }
    const list = [{ sortValues: [1], data: row }]
    const broken = { message: 'x'.repeat(2_000) }
    for (const form of ['text', 'json'] as const) {
      small.serve(
        { route: jobs, times: 1, body: { body: { totalCount: 5_000, list } } },
        { route: jobs, status: 500, body: broken },
      )
      const args = { groupBy: [one, two, 'created.dateTime:hour'] }
      const { structured, text, isError } = await small.jobs(args, form)
      expect(isError, text).toBe(false)
      expect(text).toContain('NOT all of 5,000')
      const shown = form === 'json' ? JSON.stringify(structured) : text
      expect(shown.length).toBeLessThanOrEqual(2_000)
    }
  })

  test('an error is short as well', async () => {
    small.serve(runsWith([{}]))
    const { text, isError } = await small.jobs({ groupBy: [`${'"'.repeat(80)}`] }, 'text')
    expect(isError).toBe(true)
    expect(text.length).toBeLessThan(500)
  })
})

describe('the JSON form', () => {
  const named = (index: number) => ({ count: `kind ${index}`, title: 't' })

  test('a column named count keeps its values', async () => {
    counter.serve(runsWith([named(1), named(2)]))
    const { structured } = await counter.jobs({ groupBy: ['count'] })
    expect(JSON.stringify(structured.rows)).toContain('kind 1')
  })

  test('two groups that look the same are distinguished, or are one', async () => {
    const title = 'x'.repeat(100)
    counter.serve(runsWith([{ title: `${title}1` }, { title: `${title}2` }]))
    const { structured } = await counter.jobs(byTitle)
    const names = structured.rows.map((row) => row['title'])
    expect(new Set(names).size).toBe(names.length)
  })

  test('a value that is a dash differs from a missing one', async () => {
    counter.serve(runsWith([{ title: '-' }, { title: null }]))
    const { structured } = await counter.jobs(byTitle)
    const names = structured.rows.map((row) => row['title'])
    expect(new Set(names).size).toBe(names.length)
  })
})
