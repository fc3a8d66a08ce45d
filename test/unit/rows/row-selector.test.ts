import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { searchAssetJobs, searchJobs } from '../../../src/operations/car/runs.ts'
import { operations } from '../../../src/operations/index.ts'
import type { RowTest } from '../../../src/operations/reads/local-filter.ts'
import type { Row } from '../../../src/session/answer.ts'
import { VendorError } from '../../../src/shared/errors.ts'
import { listInput } from '../../../src/tools/rows/list-input.ts'
import { keptOf, selectorOf } from './selector.ts'

// Which rows the filters of this program keep, which they cannot judge, and what is read about those that are kept.

const lists = operations.filter(({ returns }) => returns === 'rows')

/** Frees what nothing holds. References are cleared between two turns of the event loop. */
async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  await yieldToEventLoop()
  collect()
}

const rowsOf = (count: number): Row[] => Array.from({ length: count }, (_, at) => ({ id: String(at) }))
const idsOf = (rows: readonly (Row | undefined)[]): unknown[] => rows.map((row) => row?.['id'])

describe('the words of a row test', () => {
  const rows: Readonly<Record<string, Row>> = {
    open: { id: '1' },
    succeeded: { id: '2', endDate: '2026-01-01T00:00:00Z', output: { code: 0 } },
    failed: { id: '3', endDate: '2026-01-01T00:00:00Z', output: { code: 2 } },
  }
  test.each(Object.keys(rows))('%s keeps only its rows', async (outcome) => {
    expect(await keptOf(searchAssetJobs, { outcome }, Object.values(rows))).toEqual([rows[outcome]])
  })

  test('and match must both apply', async () => {
    const all = Object.values(rows)
    expect(await keptOf(searchAssetJobs, { outcome: 'failed', match: '3' }, all)).toEqual([rows['failed']])
    expect(await keptOf(searchAssetJobs, { outcome: 'failed', match: '4' }, all)).toEqual([])
  })

  test.each(['lost', undefined])('%s is no word', async (outcome) => {
    expect(await keptOf(searchAssetJobs, { outcome }, Object.values(rows))).toBeUndefined()
  })
})

describe('a list takes', () => {
  test('match, fields, pageSize and continuationToken, and the words of its rows', async () => {
    expect(Object.keys(listInput(searchJobs))).toEqual([
      'scriptTitle',
      'match',
      'fields',
      'pageSize',
      'continuationToken',
    ])
    expect(Object.keys(listInput(searchAssetJobs))).toEqual([
      'scriptId',
      'assetId',
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

describe('rows that do not show enough', () => {
  const failed: Row = { id: '1', endDate: '2026-01-01T00:00:00Z', output: { code: 2 } }
  const lost: Row = { id: '2', endDate: '2026-01-01T00:00:00Z', output: { text: 'lost' } }
  const open: Row = { id: '3' }

  test.each(['succeeded', 'failed', 'open'])('%s: a host that is done without a code', async (outcome) => {
    const selector = selectorOf(searchAssetJobs, { outcome })
    await selector.choose([failed, lost, open])
    expect(selector.unknown).toBe(1)
    expect(selector.notes).toContain(
      '1 row does not show their outcome: whether it is among what you ask for is unknown.',
    )
  })

  const scripted: RowTest = {
    needs: 'their scripts',
    test: ({ scripts }) => (scripts === undefined ? undefined : scripts === '7'),
  }
  const named: RowTest = { needs: 'their names', test: ({ name }) => name !== undefined || undefined }

  test('are told by what they do not show, and a row that is dropped anyhow is none', async () => {
    const selector = selectorOf(searchJobs, { match: 'x' }, { tests: [scripted, named] })
    const rows = [
      { id: '1 x' },
      { id: '2 x', scripts: '7' },
      { id: '3 x', scripts: '8' },
      { id: '4', scripts: '7' },
      { id: '5 x', scripts: '7', name: 'a' },
      { id: '6 x', name: 'b' },
    ]
    expect(idsOf(await selector.choose(rows)).filter((id) => id !== undefined)).toEqual(['5 x'])
    expect(selector.unknown).toBe(3)
    expect(selector.notes).toEqual([
      '2 rows do not show their scripts: whether they are among what you ask for is unknown.',
      '1 row does not show their names: whether it is among what you ask for is unknown.',
    ])
  })

  test('are told with the reasons', async () => {
    const why = ({ why }: Row): readonly string[] => (why === undefined ? [] : [String(why)])
    const tests = [{ ...scripted, why }]
    const one = selectorOf(searchJobs, {}, { tests })
    await one.choose([{ why: 'no record' }, { why: 'no record' }, { scripts: '7' }])
    expect(one.notes).toEqual([
      '2 rows do not show their scripts: whether they are among what you ask for is unknown. Why: no record.',
    ])
    const two = selectorOf(searchJobs, {}, { tests })
    await two.choose([{ why: 'a' }, {}, { why: 'b' }, { why: 'b' }])
    expect(two.notes[0]).toContain('4 rows do not show their scripts')
    expect(two.notes[0]).toMatch(/ Why: b \(2\); a \(1\)\.$/)
  })

  test('are counted up to each row that is kept', async () => {
    const selector = selectorOf(searchJobs, {}, { tests: [scripted] })
    const [kept, other, none] = [{ scripts: '7' }, { scripts: '7' }, {}]
    await selector.choose([none, kept, none, none])
    await selector.choose([none, other, none])
    expect(selector.unknownUpTo([kept, other])).toEqual([0, 1, 5])
    expect(selector.unknownUpTo([])).toEqual([5])
    expect(selector.unknownBefore(other)).toBe(4)
  })

  test('behind the last wanted row are not counted', async () => {
    const selector = selectorOf(searchJobs, { continuationToken: 'x' }, { tests: [scripted] })
    const chosen = await selector.choose([{}, { scripts: '7' }, {}, { scripts: '7' }], 1)
    expect(chosen).toEqual([undefined, { scripts: '7' }])
    expect(selector.unknown).toBe(1)
  })

  test('are not held, nor are those that are kept, and their names only up to a number', async () => {
    const tests = [{ test: ({ id }: Row) => Number(id) % 2 === 0 || undefined }]
    const selector = selectorOf(searchJobs, { match: 'nothing' }, { tests })
    let rows = rowsOf(1_000).map((row) => ({ ...row, [`only in ${row['id']}`]: 'nothing' }))
    const references = rows.map((row) => new WeakRef(row))
    await selector.choose(rows)
    rows = []
    await collectGarbage()
    expect(references.filter((reference) => reference.deref() !== undefined).length).toBeLessThan(10)
    expect(selector.unknown).toBe(500)
    await selector.choose([])
    expect(selector.notes.join(' ').length).toBeLessThan(200)
  })
})

describe('what is read about rows that are kept', () => {
  /** Adds a mark to each row, and drops those with an odd id if it drops any. */
  function marking(batchSize: number, more: Partial<RowTest> & { readonly most?: number } = {}) {
    const { most = Infinity, ...rest } = more
    const batches: unknown[][] = []
    const extend: RowTest['extend'] = {
      batchSize,
      rows: async (rows) => {
        batches.push(idsOf(rows))
        const read = batches.flat().length
        return rows
          .slice(0, Math.max(0, rows.length - Math.max(0, read - most)))
          .map((row) => (rest.dropsNone || Number(row['id']) % 2 === 0 ? { ...row, mark: true } : undefined))
      },
    }
    return { batches, test: { ...rest, extend } }
  }

  test('in batches, until enough are kept', async () => {
    const { batches, test } = marking(4)
    const selector = selectorOf(searchJobs, {}, { tests: [test] })
    const chosen = await selector.choose(rowsOf(20), 3)
    expect(batches).toEqual([
      ['0', '1', '2', '3'],
      ['4', '5', '6', '7'],
    ])
    expect(chosen).toEqual([
      { id: '0', mark: true },
      undefined,
      { id: '2', mark: true },
      undefined,
      { id: '4', mark: true },
    ])
    expect(selector.countsAll).toBe(false)
  })

  test('only for rows that pass the other tests', async () => {
    const { batches, test } = marking(2)
    const selector = selectorOf(searchJobs, { match: '1' }, { tests: [test] })
    await selector.choose(rowsOf(13))
    expect(batches).toEqual([
      ['1', '10'],
      ['11', '12'],
    ])
  })

  test('for no more rows than are shown if it drops none', async () => {
    const { batches, test } = marking(50, { dropsNone: true })
    const selector = selectorOf(searchJobs, {}, { tests: [test] })
    expect([selector.isFilter, selector.isNeeded, selector.countsAll]).toEqual([false, true, false])
    expect(idsOf(await selector.choose(rowsOf(20), 3))).toEqual(['0', '1', '2'])
    expect(batches).toEqual([['0', '1', '2']])
    expect(selector.notes).toEqual([])
  })

  test('only for the shown rows where all matches are counted', async () => {
    const { batches, test } = marking(50, { dropsNone: true })
    const selector = selectorOf(searchJobs, { match: '1' }, { tests: [test] })
    expect(selector.countsAll).toBe(true)
    const chosen = (await selector.choose(rowsOf(20), 3)).filter((row) => row !== undefined)
    const marked = (id: string) => ({ id, mark: true })
    const ids = ['13', '14', '15', '16', '17', '18', '19']
    expect(chosen).toEqual([...['1', '10', '11'].map(marked), { id: '12' }, ...ids.map((id) => ({ id }))])
    await selector.choose(rowsOf(20), 0)
    expect(batches).toEqual([['1', '10', '11']])
    expect(selectorOf(searchJobs, { match: '1' }, { tests: [marking(50).test] }).countsAll).toBe(false)
  })

  test('as far as it goes, also where all matches are counted', async () => {
    const { test } = marking(4, { dropsNone: true, most: 6 })
    const selector = selectorOf(searchJobs, { match: '1' }, { tests: [test] })
    const chosen = await selector.choose(rowsOf(20), 10)
    expect(idsOf(chosen.filter((row) => row !== undefined))).toEqual(['1', '10', '11', '12', '13', '14'])
    expect(chosen).toHaveLength(15)
  })

  test('as far as it goes: the rows behind are left for the next page', async () => {
    const { test } = marking(4, { most: 6 })
    const selector = selectorOf(searchJobs, {}, { tests: [test] })
    expect(idsOf(await selector.choose(rowsOf(20)))).toEqual(['0', undefined, '2', undefined, '4', undefined])
    expect(selector.stopReason).toBe('one call looks at no more rows.')
  })

  const failing = (from: number): RowTest => ({
    extend: {
      batchSize: 2,
      rows: async (rows) => {
        if (Number(rows[0]?.['id']) >= from) throw new VendorError('Qualys failed.', 'Call again.')
        return rows
      },
    },
  })

  test('what was read is kept if a later batch fails, and the reply says why', async () => {
    const selector = selectorOf(searchJobs, {}, { tests: [failing(4)] })
    expect(idsOf(await selector.choose(rowsOf(20)))).toEqual(['0', '1', '2', '3'])
    expect(selector.pageNotes).toEqual([
      'The rows after these were not looked at: Qualys failed. Call again.',
    ])
    expect(selector.notes).toEqual([])
    expect(selector.stopReason).toBe('Qualys failed. Call again.')
  })

  test('a failure before the first row fails the call', async () => {
    const selector = selectorOf(searchJobs, {}, { tests: [failing(0)] })
    await expect(selector.choose(rowsOf(20))).rejects.toThrow('Qualys failed.')
  })

  test('stops between two batches when the call is cancelled', async () => {
    const cancelled = new AbortController()
    const batches: unknown[] = []
    const extend = {
      batchSize: 2,
      rows: async (rows: readonly Row[]) => {
        batches.push(rows)
        cancelled.abort()
        return rows
      },
    }
    const selector = selectorOf(searchJobs, {}, { tests: [{ extend }], signal: cancelled.signal })
    await expect(selector.choose(rowsOf(20))).rejects.toThrow('aborted')
    expect(batches).toHaveLength(1)
  })
})
