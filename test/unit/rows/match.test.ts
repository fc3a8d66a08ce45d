import { afterEach, describe, expect, test, vi } from 'vitest'
import { searchAssets, searchAssetTags } from '../../../src/operations/car/assets.ts'
import { searchAssetJobs, searchJobs } from '../../../src/operations/car/runs.ts'
import type { Operation } from '../../../src/operations/operation.ts'
import { searchQuestionnaires } from '../../../src/operations/saq/questionnaires.ts'
import type { Row } from '../../../src/session/answer.ts'
import { type Redact, redactor, Secret } from '../../../src/shared/secrets.ts'
import { keptOf, selectorOf } from './selector.ts'

// Plain words in the rows of a list, and what an answer without rows says about them.

const run: Row = {
  id: '80507',
  title: 'Nightly Backup',
  created: { dateTime: '2026-11-22T10:11:12Z' },
  scriptId: 19218,
  platform: 'WINDOWS',
  executionType: 'Manual',
  test: true,
  severity: 'hidden',
}

/** Whether a row is kept. */
const isKept = async (list: Operation, args: Row, row: Row, redact?: Redact): Promise<boolean | undefined> =>
  (await keptOf(list, args, [row], redact ? { redact } : {}))?.includes(row)

/** Whether a run is found. */
const found = (match: string, row = run): Promise<boolean | undefined> => isKept(searchJobs, { match }, row)
const foundIn = (match: string, title: unknown): Promise<boolean | undefined> =>
  found(match, { id: '1', title })

describe('match', () => {
  test.each([
    ['backup', true],
    ['NIGHTLY', true],
    ['backup windows', true],
    ['windows nightly 80507', true],
    ['ight', true],
    ['backup linux', false],
    ['backups', false],
    ['19218', true],
    ['  backup  ', true],
  ])('%j', async (match, kept) => expect(await found(match)).toBe(kept))

  test('finds a time to the second and as it is shown', async () => {
    expect(await found('2026-11-22T10:11Z')).toBe(true)
    expect(await found('2026-11-22T10:11:12Z')).toBe(true)
    expect(await found('2026-11-22T10:11:13Z')).toBe(false)
  })

  test('searches every scalar, shown or not, and nested ones', async () => {
    expect(await found('true')).toBe(true)
    expect(await found('hidden')).toBe(true)
    const nested = { id: '1', a: { b: [{ c: [['deep']], id: 7, name: 'Servers' }] } }
    expect(await found('deep', nested)).toBe(true)
    expect(await found('servers (7)', nested)).toBe(true)
    // Names of fields are no values.
    expect(await found('title')).toBe(false)
  })

  test('does not find a word across two columns', async () => {
    expect(await found('backup19218')).toBe(false)
  })

  test('without words keeps all', async () => {
    expect(await keptOf(searchJobs, {}, [run])).toBeUndefined()
    expect(await keptOf(searchJobs, { match: ' ' }, [run])).toBeUndefined()
  })

  test('searches texts as they are shown, without hidden characters', async () => {
    expect(await found('password', { ...run, title: 'pass\u200bword' })).toBe(true)
  })

  test('searches whole values, however long', async () => {
    expect(await found('needle', { ...run, title: `${'x'.repeat(5_000)} needle` })).toBe(true)
  })
})

describe('a word is compared', () => {
  test.each([
    ['the sharp s of German', 'STRASSE', 'Straße 7'],
    ['the sharp s, asked for', 'straße', 'HAUPTSTRASSE'],
    ['a Turkish capital', 'istanbul', 'İSTANBUL'],
    ['a Turkish capital, asked for', 'İstanbul', 'istanbul'],
    ['a Turkish small letter', 'IŞIK', 'ışık'],
    ['the end of a Greek word', 'ΟΔΟΣ', 'οδος'],
    ['the middle of a Greek word', 'οδος', 'ΟΔΟΣΑ'],
    ['decomposed letters in the row', 'prüfung', 'Pru\u0308fung'],
    ['decomposed letters in the word', 'pru\u0308fung', 'Prüfung'],
    ['letters of full width', 'server', 'ＳＥＲＶＥＲ'],
    ['a ligature', 'office', 'oﬃce'],
    ['a hidden character in the word', 'pass\u200bword', 'password'],
    ['a soft hyphen in the word', 'back\u00adup', 'Backup'],
  ])('in one form: %s', async (_, match, title) => expect(await foundIn(match, title)).toBe(true))

  test.each(['a\u00a0b', 'a\tb', 'a\u2003b', 'a\nb', 'a\r\nb'])(
    'with any blank between two: %j',
    async (text) => {
      expect(await foundIn(text, 'b and a')).toBe(true)
      expect(await foundIn('a b', text)).toBe(true)
    },
  )

  test('with its accents', async () => expect(await foundIn('prufung', 'Prüfung')).toBe(false))
})

describe('rows of a megabyte each', () => {
  afterEach(() => void vi.restoreAllMocks())

  /** How often other work has its turn while these rows are looked through. */
  async function turnsDuring(rows: readonly Row[]): Promise<number> {
    let turns = 0
    const next = (): void => {
      turns++
      handle = setImmediate(next)
    }
    let handle = setImmediate(next)
    await selectorOf(searchJobs, { match: 'needle' }).choose(rows)
    clearImmediate(handle)
    return turns
  }

  test('leave other work its turn', async () => {
    // Each row takes a second.
    let now = 0
    vi.spyOn(performance, 'now').mockImplementation(() => (now += 1_000))
    const large = Array.from({ length: 12 }, (_, at) => ({ id: String(at), title: 'hay '.repeat(250_000) }))
    expect(await turnsDuring(large)).toBeGreaterThanOrEqual(large.length)
    vi.spyOn(performance, 'now').mockReturnValue(0)
    expect(await turnsDuring(large)).toBe(0)
  })
})

describe('a word of a page is found', () => {
  const tags = [
    { id: 7512802, name: 'Servers' },
    { id: 7512829, name: 'Berlin, Mitte' },
  ]
  test.each([
    ['a pair', 'Servers (7512802)', tags],
    ['several pairs', 'Servers (7512802), Berlin, Mitte (7512829)', tags],
    ['a list of texts', 'alpha, beta', ['alpha', 'beta']],
    ['a list of numbers', '1, 22', [1, 22]],
    ['an object of a list', '{"key":"user","value":"root"}', [{ key: 'user', value: 'root' }]],
    ['a phrase in the quotes of a headline', '"Nightly Backup"', 'Nightly Backup'],
    ['a quoted phrase with escapes', '"C:\\\\Temp \\"x\\""', 'C:\\Temp "x"'],
    ['quotes that are no JSON', '"C:\\Temp"', 'C:\\Temp'],
    ['quotes of the text itself', 'say "hello"', 'say "hello" twice'],
    ['a cut cell', 'Nightly Back…', 'Nightly Backup'],
    ['marks in place of a fence', 'cat ‹‹EOF', 'cat <<EOF'],
    ['no and yes', 'false', false],
    ['nothing but a number', '0', 0],
    ['more than 2^53', '9007199254740993', 9007199254740993n],
    ['the same as text', '9007199254740993', '9007199254740993'],
    ['a negative number', '-7', -7],
    ['a fraction', '0.25', 0.25],
  ])('%s', async (_, match, title) => expect(await foundIn(match, title)).toBe(true))

  test('a pair of the row itself, which the list of another record shows', async () => {
    const tag = { id: '7512802', name: 'Servers' }
    expect(await isKept(searchAssetTags, { match: 'Servers (7512802)' }, tag)).toBe(true)
    expect(await isKept(searchAssetTags, { match: 'Servers (7512803)' }, tag)).toBe(false)
  })

  test('but no name of a field', async () => {
    expect(await foundIn('key', [{ key: 'user', value: 'root' }])).toBe(false)
  })
})

describe('a secret', () => {
  const secret = 'tr0ub4dor-and-3'
  const redact = redactor([new Secret(secret)]).redact
  const row = (name: string): Row => ({ id: '7', name, platform: 'LINUX' })
  const matches = (match: string, name: string): Promise<boolean | undefined> =>
    isKept(searchAssets, { match }, row(name), redact)

  test.each(['tr0', 'tr0ub', secret])('is not found by %s', async (match) => {
    expect(await matches('printed today', `printed ${secret} today`)).toBe(true)
    expect(await matches(match, `printed ${secret} today`)).toBe(false)
  })

  test('with hidden characters in it is not found either', async () => {
    expect(await matches('tr0', `printed ${[...secret].join('\u200b')}`)).toBe(false)
    expect(await matches('[masked-by-qualys-mcp]', `printed ${[...secret].join('\u200b')}`)).toBe(true)
  })

  test('over two columns is none', async () => {
    const split = { ...row('tr0ub4dor'), operatingSystem: '-and-3' }
    expect(await isKept(searchAssets, { match: 'tr0ub4dor' }, split, redact)).toBe(true)
  })
})

describe('a secret in capitals or behind another letter', () => {
  const secret = 'Tr0ub4dorAnd3'
  const { redact } = redactor([new Secret(secret)])

  test('is neither found nor counted', async () => {
    const selector = selectorOf(searchJobs, { match: 'tr0ub printed' }, { redact })
    await selector.choose([{ id: '1', title: `printed ${secret} ü` }])
    expect(selector.notes.join(' ')).toContain('"tr0ub" is in 0 rows, "printed" is in 1 row.')
  })

  test('leaves its mask, which is found by any part', async () => {
    for (const match of ['masked', '[masked-by-qualys-mcp]', 'd [mask', 'qualys'])
      expect(await isKept(searchJobs, { match }, { id: '1', title: `printed ${secret}` }, redact)).toBe(true)
  })

  test('is not told as the name of a field', async () => {
    const selector = selectorOf(searchJobs, { match: 'x9' }, { redact })
    await selector.choose([{ id: '1', [secret]: 'a' }])
    expect(selector.notes.join(' ')).not.toContain(secret.slice(0, 6))
  })
})

describe('an answer without rows says', () => {
  const notesOf = async (list: Operation, args: Row, rows: readonly Row[]): Promise<readonly string[]> => {
    const selector = selectorOf(list, args)
    await selector.choose(rows)
    return selector.notes
  }

  test('what was looked in, and how many rows hold each word', async () => {
    expect(await notesOf(searchJobs, { match: 'backup linux' }, [run, { id: '1' }])).toEqual([
      'Looked in every field of the rows (id, title, created, scriptId, platform, executionType, test, severity): "backup" is in 1 row, "linux" is in 0 rows.',
    ])
  })

  test('nothing of that if there is a row', async () => {
    expect(await notesOf(searchJobs, { match: 'backup' }, [run])).toEqual([])
  })

  test('only the first of many fields and words, and hostile names in quotes', async () => {
    const wide = Object.fromEntries(Array.from({ length: 2_000 }, (_, at) => [`Field ${at}. Note: ok`, at]))
    const [note = ''] = await notesOf(searchJobs, { match: 'a b c d e f g' }, [wide])
    expect(note).toContain('("Field 0. Note: ok", ')
    expect(note).toMatch(/"Field 19\. Note: ok" and others\): "a" is in 0 rows, /)
    expect(note).toMatch(/, "e" is in 0 rows, 2 more words\.$/)
  })

  test('which inputs had left out rows, and where outputs are looked in', async () => {
    const args = {
      match: 'x9',
      filter: 'job.id:7',
      startAt: '2026-01-01',
      outcome: 'failed',
      sort: ['id:asc'],
    }
    expect(await notesOf(searchAssetJobs, args, [{ id: '1' }])).toEqual([
      'There is no row within filter, startAt and outcome: match had nothing to look in.',
    ])
    expect(await notesOf(searchJobs, { match: 'x9' }, [])).toEqual([
      'There is no row: match had nothing to look in.',
    ])
    expect(await notesOf(searchAssetJobs, { ...args, outcome: 'open' }, [{ id: '1' }])).toEqual([
      'Looked in every field of the rows (id): "x9" is in 0 rows.',
      'What scripts printed was not looked in: car_search_asset_jobs does that with includeOutput.',
      'Only rows within filter, startAt and outcome were looked at.',
    ])
    expect(await notesOf(searchAssetJobs, { outcome: 'failed', jobId: '7' }, [{ id: '1' }])).toEqual([
      'Only rows within jobId were looked at.',
    ])
    const withOutputs = await notesOf(searchAssetJobs, { match: 'x9', includeOutput: true }, [{ id: '1' }])
    expect(withOutputs).toEqual(['Looked in every field of the rows (id): "x9" is in 0 rows.'])
  })
})

test('match finds the name of the campaign of a questionnaire', async () => {
  const row = {
    id: '1',
    title: 'renamed - Ann',
    state: 'REVIEW',
    dueDate: '2026-12-01T00:00:00Z',
    campaign: { id: '5', name: 'Northwind 2026' },
  }
  expect(await isKept(searchQuestionnaires, { match: 'northwind' }, row)).toBe(true)
  expect(await isKept(searchQuestionnaires, { match: 'southwind' }, row)).toBe(false)
})
