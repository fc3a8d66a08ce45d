import { describe, expect, test } from 'vitest'
import { searchAssets } from '../../../src/operations/car/assets.ts'
import { searchAssetJobs, searchJobs } from '../../../src/operations/car/runs.ts'
import { operations } from '../../../src/operations/index.ts'
import { searchQuestionnaires } from '../../../src/operations/saq/questionnaires.ts'
import type { Row } from '../../../src/session/answer.ts'
import { redactor, Secret } from '../../../src/shared/secrets.ts'
import { listInput, rowFilter } from '../../../src/tools/replies/list-filter.ts'

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

/** Whether a run is kept. */
const found = (match: string, row = run): boolean | undefined => rowFilter(searchJobs, { match }, asIs)?.(row)

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
  ])('%j', (match, kept) => expect(found(match)).toBe(kept))

  test('finds a time to the second and as it is shown', () => {
    expect(found('2026-11-22T10:11Z')).toBe(true)
    expect(found('2026-11-22T10:11:12Z')).toBe(true)
    expect(found('2026-11-22T10:11:13Z')).toBe(false)
  })

  test('searches the columns that are shown, and those declared in addition', () => {
    expect(found('true')).toBe(true)
    expect(found('hidden')).toBe(false)
  })

  test('searches the columns that replace missing default ones', () => {
    expect(found('hidden', { id: '1', severity: 'hidden' })).toBe(true)
  })

  test('does not find a word across two columns', () => {
    expect(found('backup19218')).toBe(false)
  })

  test('without words keeps all', () => {
    expect(rowFilter(searchJobs, {}, asIs)).toBeUndefined()
    expect(rowFilter(searchJobs, { match: ' ' }, asIs)).toBeUndefined()
  })

  test('searches texts as they are shown, without hidden characters', () => {
    expect(found('password', { ...run, title: 'pass\u200bword' })).toBe(true)
  })

  test('searches whole values, however long', () => {
    expect(found('needle', { ...run, title: `${'x'.repeat(5_000)} needle` })).toBe(true)
  })
})

describe('a secret', () => {
  const secret = 'tr0ub4dor-and-3'
  const redact = redactor([new Secret(secret)]).redact
  const row = (name: string): Row => ({ id: '7', name, platform: 'LINUX' })
  const matches = (match: string, name: string): boolean | undefined =>
    rowFilter(searchAssets, { match }, redact)?.(row(name))

  test.each(['tr0', 'tr0ub', secret])('is not found by %s', (match) => {
    expect(matches('printed today', `printed ${secret} today`)).toBe(true)
    expect(matches(match, `printed ${secret} today`)).toBe(false)
  })

  test('with hidden characters in it is not found either', () => {
    expect(matches('tr0', `printed ${[...secret].join('\u200b')}`)).toBe(false)
    expect(matches('[masked-by-qualys-mcp]', `printed ${[...secret].join('\u200b')}`)).toBe(true)
  })

  test('over two columns is none', () => {
    expect(
      rowFilter(
        searchAssets,
        { match: 'tr0ub4dor' },
        redact,
      )?.({ ...row('tr0ub4dor'), operatingSystem: '-and-3' }),
    ).toBe(true)
  })
})

describe('the words of a row test', () => {
  const rows: Readonly<Record<string, Row>> = {
    open: { id: '1' },
    succeeded: { id: '2', endDate: '2026-01-01T00:00:00Z', output: { code: 0 } },
    failed: { id: '3', endDate: '2026-01-01T00:00:00Z', output: { code: 2 } },
  }
  test.each(Object.keys(rows))('%s keeps only its rows', (outcome) => {
    const keep = rowFilter(searchAssetJobs, { outcome }, asIs)
    expect(Object.keys(rows).filter((name) => keep?.(rows[name] ?? {}))).toEqual([outcome])
  })

  test('and match must both apply', () => {
    const keep = rowFilter(searchAssetJobs, { outcome: 'failed', match: '3' }, asIs)
    expect(Object.values(rows).filter((row) => keep?.(row))).toEqual([rows['failed']])
    expect(rowFilter(searchAssetJobs, { outcome: 'failed', match: '4' }, asIs)?.(rows['failed'] ?? {})).toBe(
      false,
    )
  })

  test.each(['lost', undefined])('%s is no word', (outcome) => {
    expect(rowFilter(searchAssetJobs, { outcome }, asIs)).toBeUndefined()
  })
})

describe('a list takes', () => {
  test('match, fields, pageSize and continuationToken, and the words of its rows', () => {
    expect(Object.keys(listInput(searchJobs))).toEqual(['match', 'fields', 'pageSize', 'continuationToken'])
    expect(Object.keys(listInput(searchAssetJobs))).toEqual([
      'match',
      'outcome',
      'fields',
      'pageSize',
      'continuationToken',
    ])
  })

  test('nothing that its operation takes under the same name', () => {
    expect(lists.length).toBeGreaterThan(10)
    for (const operation of lists)
      expect(Object.keys(listInput(operation)).filter((name) => name in operation.input)).toEqual([])
  })
})

describe('match searches fields that are not shown', () => {
  /** Every list in which this is true, with the fields. */
  const known = {
    car_list_reports: ['fileFormat'],
    car_search_assets: ['operatingSystem', 'tags'],
    car_search_jobs: ['test'],
    car_search_schedules: ['scheduleType'],
    saq_search_questionnaires: ['campaign.name'],
    saq_search_users: ['tags'],
  }

  test('in these fields', () => {
    const declared = lists.flatMap(({ name, alsoMatched }) => (alsoMatched ? [[name, alsoMatched]] : []))
    expect(Object.fromEntries(declared)).toEqual(known)
  })

  test.each(lists.filter(({ alsoMatched }) => alsoMatched).map((list) => [list.name, list] as const))(
    '%s',
    (_name, list) => {
      for (const field of list.alsoMatched ?? []) {
        const usual = Object.fromEntries(list.columns.map((column) => [column, 'usual']))
        const [top = '', inner] = field.split('.')
        const row = { ...usual, [top]: inner === undefined ? 'needle' : { [inner]: 'needle' } }
        expect(rowFilter(list, { match: 'needle' }, asIs)?.(row), field).toBe(true)
        expect(rowFilter(list, { match: 'needleq9x' }, asIs)?.(row), field).toBe(false)
        expect(rowFilter(list, { match: 'needle' }, asIs)?.({ ...usual, notDeclared: 'needle' })).toBe(false)
      }
    },
  )

  test('of the campaign of a questionnaire the name', () => {
    const row = {
      id: '1',
      title: 'renamed - Ann',
      state: 'REVIEW',
      campaign: { id: '5', name: 'Northwind 2026' },
    }
    expect(rowFilter(searchQuestionnaires, { match: 'northwind' }, asIs)?.(row)).toBe(true)
    expect(rowFilter(searchQuestionnaires, { match: 'southwind' }, asIs)?.(row)).toBe(false)
  })
})
