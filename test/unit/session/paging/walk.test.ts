import { describe, expect, test } from 'vitest'
import { searchAssetJobs, searchJobs } from '../../../../src/operations/car/runs.ts'
import type { Cursor } from '../../../../src/session/answer.ts'
import type { FetchPage, RawPage } from '../../../../src/session/paging/paging.ts'
import { type WalkOptions, walk } from '../../../../src/session/paging/walk.ts'
import { TimeoutError, TooLargeError, VendorError } from '../../../../src/shared/errors.ts'

// A list from its first row to its last, one answer after the other.

const row = (at: number) => ({
  id: String(at),
  title: `run ${at}`,
  created: { dateTime: 1674216006119 },
  platform: 'WINDOWS',
  executionType: 'Manual',
  scriptId: 19218,
})

const withCursors = (from: number, end: number) =>
  Array.from({ length: end - from }, (_, at) => ({
    record: row(from + at),
    cursorAfter: [from + at + 1] as Cursor,
  }))

/** A list of this number of rows with at most `most` rows per answer; and its requests. */
function listOf(
  rows: number,
  most: (want: number) => number | Error = (want) => want,
  more: Partial<RawPage> = {},
) {
  const asked: [from: number, want: number][] = []
  const next: FetchPage = async ([from], want) => {
    asked.push([from, want])
    const size = most(want)
    if (size instanceof Error) throw size
    const end = Math.min(rows, from + size)
    return { rows: withCursors(from, end), total: rows, hasMore: end < rows, ...more }
  }
  return { asked, next }
}

async function walkAll(next: FetchPage, options: WalkOptions = {}, operation = searchJobs, input = {}) {
  const stretches = []
  for await (const stretch of walk(operation, input, next, options)) stretches.push(stretch)
  return stretches
}

describe('how it continues', () => {
  test('a thousand rows at a time, to the last', async () => {
    const { asked, next } = listOf(2_500)
    const stretches = await walkAll(next, { cursors: true })
    expect(asked).toEqual([
      [0, 1_000],
      [1_000, 1_000],
      [2_000, 1_000],
    ])
    expect(stretches.map(({ rows, total, last }) => [rows.length, total, last])).toEqual([
      [1_000, 2_500, undefined],
      [1_000, 2_500, undefined],
      [500, 2_500, true],
    ])
    expect([0, 999, 1_000].map((index) => stretches[1]?.cursors?.[index])).toEqual([
      [1_001],
      [2_000],
      undefined,
    ])
  })

  test.each<readonly [string, WalkOptions, object, number, number]>([
    ['with outputs, fifty at a time', {}, { includeOutput: true }, 0, 50],
    ['in batches of another size', { batchSize: 7 }, {}, 0, 7],
    ['from a place on', { start: [2_000] }, {}, 2_000, 1_000],
  ])('%s', async (_name, options, input, from, want) => {
    const { asked, next } = listOf(2_100)
    await walkAll(next, options, searchAssetJobs, input)
    expect(asked[0]).toEqual([from, want])
  })

  test('the next batch is requested when this one is done, or while it is used', async () => {
    for (const [options, count] of [
      [{}, 1],
      [{ prefetch: true }, 2],
    ] as const) {
      const { asked, next } = listOf(2_000)
      const all = walk(searchJobs, {}, next, options)
      await all.next()
      expect(asked).toHaveLength(count)
      await all.return(undefined)
    }
  })

  test('a batch that was requested early and failed is an error once it is needed', async () => {
    const error = new VendorError('broken', '')
    const { next } = listOf(2_000)
    const all = walk(searchJobs, {}, (at, want) => (at[0] > 0 ? Promise.reject(error) : next(at, want)), {
      prefetch: true,
    })
    expect((await all.next()).value).toMatchObject({ total: 2_000 })
    await expect(all.next()).rejects.toBe(error)
  })

  test('the result limit is reported with the rows before it', async () => {
    const { next } = listOf(5, (want) => want, { resultLimit: 'no further' })
    expect(await walkAll(next)).toMatchObject([{ resultLimit: 'no further', last: true }])
  })

  test('rows are read completely, or in part; drift is kept from batch to batch', async () => {
    const odd: FetchPage = async ([from]) => ({
      rows: withCursors(from, from + 1).map((one) => ({
        ...one,
        record: { ...one.record, title: from === 0 ? 7 : 'x' },
      })),
      hasMore: from === 0,
    })
    const drift = ['car_search_jobs: title (another type)']
    expect((await walkAll(odd)).map((stretch) => stretch.drift)).toEqual([drift, drift])
    const [part] = await walkAll(listOf(1).next, { fields: ['id', 'platform'] })
    expect(part?.rows).toEqual([{ id: '0', platform: 'WINDOWS' }])
  })
})

describe('a batch that is too large, or too slow', () => {
  const tooLarge = new TooLargeError('too large', '')
  test('is requested in halves, and those that follow too', async () => {
    const { asked, next } = listOf(600, (want) => (want > 130 ? tooLarge : want))
    await walkAll(next)
    expect(asked.map(([, want]) => want)).toEqual([1_000, 500, 250, 125, 125, 125, 125, 125])
  })

  test('of one row ends the walk', async () => {
    const { asked, next } = listOf(5, () => tooLarge)
    await expect(walkAll(next, { batchSize: 5 })).rejects.toBe(tooLarge)
    expect(asked.map(([, want]) => want)).toEqual([5, 3, 2, 1])
  })

  test.each<readonly [string, Error, readonly number[]]>([
    ['an answer that does not come', new TimeoutError('slow', ''), [400, 200, 100]],
    ['a gateway that gave up', new VendorError('slow', '', { status: 504 }), [400, 200, 100]],
    ['another failure', new VendorError('broken', '', { status: 502 }), [400]],
    ['a mistake of ours', new TypeError('broken'), [400]],
  ])('%s: not below a hundred', async (_name, error, sizes) => {
    const { asked, next } = listOf(5, () => error)
    await expect(walkAll(next, { batchSize: 400 })).rejects.toBe(error)
    expect(asked.map(([, want]) => want)).toEqual(sizes)
  })

  test('101 rows are halved once more', async () => {
    const { asked, next } = listOf(5, () => new TimeoutError('slow', ''))
    await expect(walkAll(next, { batchSize: 101 })).rejects.toThrow('slow')
    expect(asked.map(([, want]) => want)).toEqual([101, 51])
  })
})

describe('a list that does not end', () => {
  test('but loops', async () => {
    const circle: FetchPage = async ([from]) => ({
      rows: withCursors(from % 3, (from % 3) + 1).map((one) => ({ ...one, cursorAfter: [from + 1] })),
      hasMore: true,
    })
    await expect(walkAll(circle)).rejects.toMatchObject({
      kind: 'drift',
      message: 'Qualys sent the same rows again instead of those behind them.',
    })
  })

  test('rows without ids are no loop', async () => {
    const { next } = listOf(3, () => 1)
    const nameless: FetchPage = async (at, want) => {
      const batch = await next(at, want)
      return { ...batch, rows: batch.rows.map(({ cursorAfter }) => ({ record: 'x', cursorAfter })) }
    }
    expect(await walkAll(nameless)).toHaveLength(3)
  })

  const endless = {
    kind: 'drift',
    message: 'The list does not end.',
    next: 'Narrow it with a filter or dates; if it stays so, report it.',
  }

  test('by its answers: at most ten thousand', async () => {
    let asked = 0
    const next: FetchPage = async ([from]) => {
      asked++
      return { rows: [{ record: 'x', cursorAfter: [from + 1] }], hasMore: true }
    }
    await expect(walkAll(next)).rejects.toMatchObject(endless)
    expect(asked).toBe(10_001)
  })

  test.each([
    [0, 2],
    [1, 3],
  ])('by its rows: two million and %i more', async (more, answers) => {
    // Missing rows need no requests.
    const sizes = [1_000_000, 1_000_000, more]
    let asked = 0
    const next: FetchPage = async () => {
      const rows = new Array(sizes[asked++] ?? 0)
      return { rows, hasMore: asked < answers }
    }
    if (more === 0) expect(await walkAll(next)).toHaveLength(2)
    else await expect(walkAll(next)).rejects.toMatchObject(endless)
    expect(asked).toBe(answers)
  })
})
