import { describe, expect, test } from 'vitest'
import { newStem, ownerOf, parseName, uriOf } from '../../../src/tools/exports/names.ts'
import { type Caller, localCaller } from '../../../src/tools/tool.ts'

// The names of the server's files, and of no others.

const stem = 'car_search_jobs-20261122T101500Z-0a1b2c3d-00ff00'

describe('a name of ours', () => {
  test.each([
    ['csv', 'csv'],
    ['jsonl', 'jsonl'],
    ['rows', undefined],
    ['csv-new', undefined],
    // Temporary files of earlier versions.
    ['state', undefined],
    ['state-new', undefined],
  ])('ends in .%s', (ending, format) => {
    expect(parseName(`${stem}.${ending}`)).toEqual({
      name: `${stem}.${ending}`,
      tool: 'car_search_jobs',
      startedAt: '20261122T101500Z',
      owner: '0a1b2c3d',
      format,
    })
  })

  test('is given to a new export', () => {
    const at = new Date('2026-11-22T10:15:00.123Z')
    const given = newStem('saq_search_users', '0a1b2c3d', at)
    expect(parseName(`${given}.rows`)).toMatchObject({
      tool: 'saq_search_users',
      startedAt: '20261122T101500Z',
      owner: '0a1b2c3d',
    })
    expect(newStem('saq_search_users', '0a1b2c3d', at)).not.toBe(given)
  })

  test('has the address where a client reads it', () => {
    expect(uriOf(`${stem}.csv`)).toBe(`qualys://exports/${stem}.csv`)
  })
})

describe('is not a name of ours', () => {
  test.each([
    '..',
    '../secret',
    'secret.csv',
    '.state',
    `${stem}.csv/..`,
    `${stem}.txt`,
    `${stem}.csv\n`,
    `${stem}.csv\0`,
    `${stem}.csv.bak`,
    `x/${stem}.csv`,
    stem.toUpperCase(),
    `${stem}g.csv`,
    ` ${stem}.csv`,
    `${stem}`,
    stem.replace('Z-', 'z-'),
    stem.replace('20261122', '2026112'),
    `ca-20261122T101500Z-0a1b2c3d-00ff00.csv`,
    `${'c'.repeat(41)}-20261122T101500Z-0a1b2c3d-00ff00.csv`,
  ])('%j', (name) => expect(parseName(name)).toBeUndefined())
})

describe('an owner', () => {
  const teamCaller = (id: string): Caller => ({ id })

  test('is the same for one account, and differs between accounts', () => {
    expect(ownerOf('gateway user', localCaller)).toBe(ownerOf('gateway user', localCaller))
    expect(ownerOf('gateway user', localCaller)).not.toBe(ownerOf('gateway user2', localCaller))
    expect(ownerOf('gateway user', localCaller)).toMatch(/^[0-9a-f]{8}$/)
  })

  test('differs between the callers of one account', () => {
    const owners = [localCaller, teamCaller('http:ann'), teamCaller('http:bob')].map((caller) =>
      ownerOf('gateway user', caller),
    )
    expect(new Set(owners).size).toBe(3)
  })
})
