import { describe, expect, test } from 'vitest'
import { searchAssetJobs, searchJobs } from '../../../src/operations/car/runs.ts'
import type { Position } from '../../../src/session/paging/continuation.ts'
import type { Batch, Next } from '../../../src/session/paging/paging.ts'
import { type WalkOptions, walk } from '../../../src/session/paging/walk.ts'
import { SlowError, TooLargeError, VendorError } from '../../../src/shared/errors.ts'

// A list from its first row to its last, one answer after the other.

const row = (at: number) => ({
  id: String(at),
  title: `run ${at}`,
  created: { dateTime: 1674216006119 },
  platform: 'WINDOWS',
  executionType: 'Manual',
  scriptId: 19218,
})

const placed = (from: number, end: number) =>
  Array.from({ length: end - from }, (_, at) => ({
    record: row(from + at),
    behind: [from + at + 1] as Position,
  }))

/** A list of so many rows, of which an answer holds as many as `most` says; and what was asked of it. */
function listOf(
  rows: number,
  most: (want: number) => number | Error = (want) => want,
  more: Partial<Batch> = {},
) {
  const asked: [from: number, want: number][] = []
  const next: Next = async ([from], want) => {
    asked.push([from, want])
    const size = most(want)
    if (size instanceof Error) throw size
    const end = Math.min(rows, from + size)
    return { rows: placed(from, end), total: rows, more: end < rows, ...more }
  }
  return { asked, next }
}

async function walked(next: Next, options: WalkOptions = {}, operation = searchJobs, input = {}) {
  const stretches = []
  for await (const stretch of walk(operation, input, next, options)) stretches.push(stretch)
  return stretches
}

describe('how it goes on', () => {
  test('a thousand rows at a time, to the last', async () => {
    const { asked, next } = listOf(2_500)
    const stretches = await walked(next)
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
    expect([0, 999, 1_000].map((index) => stretches[1]?.behind(index))).toEqual([[1_001], [2_000], undefined])
  })

  test.each<readonly [string, WalkOptions, object, number, number]>([
    ['with outputs, fifty at a time', {}, { includeOutput: true }, 0, 50],
    ['in batches of another size', { batch: 7 }, {}, 0, 7],
    ['from a place on', { from: [2_000] }, {}, 2_000, 1_000],
  ])('%s', async (_name, options, input, from, want) => {
    const { asked, next } = listOf(2_100)
    await walked(next, options, searchAssetJobs, input)
    expect(asked[0]).toEqual([from, want])
  })

  test('the next batch is asked for when this one is done with, or while it is looked at', async () => {
    for (const [options, count] of [
      [{}, 1],
      [{ eager: true }, 2],
    ] as const) {
      const { asked, next } = listOf(2_000)
      const all = walk(searchJobs, {}, next, options)
      await all.next()
      expect(asked).toHaveLength(count)
      await all.return(undefined)
    }
  })

  test('a batch that was asked for ahead and failed is that failure, once it is wanted', async () => {
    const error = new VendorError('broken', '')
    const { next } = listOf(2_000)
    const all = walk(searchJobs, {}, (at, want) => (at[0] > 0 ? Promise.reject(error) : next(at, want)), {
      eager: true,
    })
    expect((await all.next()).value).toMatchObject({ total: 2_000 })
    await expect(all.next()).rejects.toBe(error)
  })

  test('the wall is told with the rows before it', async () => {
    const { next } = listOf(5, (want) => want, { wall: 'no further' })
    expect(await walked(next)).toMatchObject([{ wall: 'no further', last: true }])
  })

  test('rows are read whole, or in part; drift is kept from batch to batch', async () => {
    const odd: Next = async ([from]) => ({
      rows: placed(from, from + 1).map((one) => ({
        ...one,
        record: { ...one.record, title: from === 0 ? 7 : 'x' },
      })),
      more: from === 0,
    })
    const drift = ['car_search_jobs: title (another type)']
    expect((await walked(odd)).map((stretch) => stretch.drift)).toEqual([drift, drift])
    const [part] = await walked(listOf(1).next, { only: ['id', 'platform'] })
    expect(part?.rows).toEqual([{ id: '0', platform: 'WINDOWS' }])
  })
})

describe('a batch that is too large, or too slow', () => {
  const tooLarge = new TooLargeError('too large', '')
  test('is asked for in halves, and those that follow too', async () => {
    const { asked, next } = listOf(600, (want) => (want > 130 ? tooLarge : want))
    await walked(next)
    expect(asked.map(([, want]) => want)).toEqual([1_000, 500, 250, 125, 125, 125, 125, 125])
  })

  test('of one row ends the walk', async () => {
    const { asked, next } = listOf(5, () => tooLarge)
    await expect(walked(next, { batch: 5 })).rejects.toBe(tooLarge)
    expect(asked.map(([, want]) => want)).toEqual([5, 3, 2, 1])
  })

  test.each<readonly [string, Error, readonly number[]]>([
    ['an answer that does not come', new SlowError('slow', ''), [400, 200, 100]],
    ['a gateway that gave up', new VendorError('slow', '', { status: 504 }), [400, 200, 100]],
    ['another failure', new VendorError('broken', '', { status: 502 }), [400]],
    ['a mistake of ours', new TypeError('broken'), [400]],
  ])('%s: not below a hundred', async (_name, error, sizes) => {
    const { asked, next } = listOf(5, () => error)
    await expect(walked(next, { batch: 400 })).rejects.toBe(error)
    expect(asked.map(([, want]) => want)).toEqual(sizes)
  })

  test('101 rows are halved once more', async () => {
    const { asked, next } = listOf(5, () => new SlowError('slow', ''))
    await expect(walked(next, { batch: 101 })).rejects.toThrow('slow')
    expect(asked.map(([, want]) => want)).toEqual([101, 51])
  })
})

describe('a list that does not end', () => {
  test('but goes round in a circle', async () => {
    const circle: Next = async ([from]) => ({
      rows: placed(from % 3, (from % 3) + 1).map((one) => ({ ...one, behind: [from + 1] })),
      more: true,
    })
    await expect(walked(circle)).rejects.toMatchObject({
      kind: 'drift',
      message: 'Qualys sent the same rows again instead of those behind them.',
    })
  })

  test('rows without ids are no circle', async () => {
    const { next } = listOf(3, () => 1)
    const nameless: Next = async (at, want) => {
      const batch = await next(at, want)
      return { ...batch, rows: batch.rows.map(({ behind }) => ({ record: 'x', behind })) }
    }
    expect(await walked(nameless)).toHaveLength(3)
  })

  const endless = {
    kind: 'drift',
    message: 'The list does not end.',
    next: 'Narrow it with a filter or dates; if it stays so, report it.',
  }

  test('by its answers: ten thousand are the most', async () => {
    let asked = 0
    const next: Next = async ([from]) => {
      asked++
      return { rows: [{ record: 'x', behind: [from + 1] }], more: true }
    }
    await expect(walked(next)).rejects.toMatchObject(endless)
    expect(asked).toBe(10_001)
  })

  test.each([
    [0, 2],
    [1, 3],
  ])('by its rows: two million and %i more', async (more, answers) => {
    // Rows that are not there cost nothing to look at.
    const sizes = [1_000_000, 1_000_000, more]
    let asked = 0
    const next: Next = async () => {
      const rows = new Array(sizes[asked++] ?? 0)
      return { rows, more: asked < answers }
    }
    if (more === 0) expect(await walked(next)).toHaveLength(2)
    else await expect(walked(next)).rejects.toMatchObject(endless)
    expect(asked).toBe(answers)
  })
})
