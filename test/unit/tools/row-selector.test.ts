import { describe, expect, test } from 'vitest'
import { searchAssets } from '../../../src/operations/car/assets.ts'
import { searchAssetJobs, searchJobs } from '../../../src/operations/car/runs.ts'
import { operations } from '../../../src/operations/index.ts'
import type { Operation } from '../../../src/operations/operation.ts'
import { searchQuestionnaires } from '../../../src/operations/saq/questionnaires.ts'
import type { Row } from '../../../src/session/answer.ts'
import type { Session } from '../../../src/session/session.ts'
import { redactor, Secret } from '../../../src/shared/secrets.ts'
import { listInput } from '../../../src/tools/rows/list-input.ts'
import { RowSelector } from '../../../src/tools/rows/row-selector.ts'

// The arguments of every list besides its own input, and which rows match and the words of a row test keep.

const asIs = (text: string): string => text
const lists = operations.filter(({ returns }) => returns === 'rows')

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

type Redact = (text: string) => string

/** Which of these rows are kept; undefined if nothing is asked for. */
async function kept(list: Operation, args: Row, rows: readonly Row[], redact: Redact = asIs) {
  // Only this of a session is used: the rows are given.
  const session = { redact } as Session
  const selector = new RowSelector(list, args, [], { session, signal: AbortSignal.timeout(10_000) })
  if (!selector.isFilter) return undefined
  return (await selector.choose(rows)).filter((row) => row !== undefined)
}

/** Whether a row is kept. */
const isKept = async (list: Operation, args: Row, row: Row, redact?: Redact): Promise<boolean | undefined> =>
  (await kept(list, args, [row], redact))?.includes(row)

/** Whether a run is kept. */
const found = (match: string, row = run): Promise<boolean | undefined> => isKept(searchJobs, { match }, row)

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
    expect(await kept(searchJobs, {}, [run])).toBeUndefined()
    expect(await kept(searchJobs, { match: ' ' }, [run])).toBeUndefined()
  })

  test('searches texts as they are shown, without hidden characters', async () => {
    expect(await found('password', { ...run, title: 'pass\u200bword' })).toBe(true)
  })

  test('searches whole values, however long', async () => {
    expect(await found('needle', { ...run, title: `${'x'.repeat(5_000)} needle` })).toBe(true)
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

describe('the words of a row test', () => {
  const rows: Readonly<Record<string, Row>> = {
    open: { id: '1' },
    succeeded: { id: '2', endDate: '2026-01-01T00:00:00Z', output: { code: 0 } },
    failed: { id: '3', endDate: '2026-01-01T00:00:00Z', output: { code: 2 } },
  }
  test.each(Object.keys(rows))('%s keeps only its rows', async (outcome) => {
    expect(await kept(searchAssetJobs, { outcome }, Object.values(rows))).toEqual([rows[outcome]])
  })

  test('and match must both apply', async () => {
    const all = Object.values(rows)
    expect(await kept(searchAssetJobs, { outcome: 'failed', match: '3' }, all)).toEqual([rows['failed']])
    expect(await kept(searchAssetJobs, { outcome: 'failed', match: '4' }, all)).toEqual([])
  })

  test.each(['lost', undefined])('%s is no word', async (outcome) => {
    expect(await kept(searchAssetJobs, { outcome }, Object.values(rows))).toBeUndefined()
  })
})

describe('a list takes', () => {
  test('match, fields, pageSize and continuationToken, and the words of its rows', async () => {
    expect(Object.keys(listInput(searchJobs))).toEqual(['match', 'fields', 'pageSize', 'continuationToken'])
    expect(Object.keys(listInput(searchAssetJobs))).toEqual([
      'match',
      'outcome',
      'fields',
      'pageSize',
      'continuationToken',
    ])
  })

  test('nothing that its operation takes under the same name', async () => {
    expect(lists.length).toBeGreaterThan(10)
    for (const operation of lists)
      expect(Object.keys(listInput(operation)).filter((name) => name in operation.input)).toEqual([])
  })
})

test('match finds the name of the campaign of a questionnaire', async () => {
  const row = {
    id: '1',
    title: 'renamed - Ann',
    state: 'REVIEW',
    campaign: { id: '5', name: 'Northwind 2026' },
  }
  expect(await isKept(searchQuestionnaires, { match: 'northwind' }, row)).toBe(true)
  expect(await isKept(searchQuestionnaires, { match: 'southwind' }, row)).toBe(false)
})
