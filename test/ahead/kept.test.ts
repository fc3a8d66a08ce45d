import { describe, expect, test } from 'vitest'
import { searchAssetJobs, searchJobs } from '../../src/operations/car/runs.ts'
import type { Operation } from '../../src/operations/operation.ts'
import { Ahead } from '../../src/session/ahead.ts'
import type { Position } from '../../src/session/continuation.ts'
import { BusyError, DriftError, InputError, TooLargeError, VendorError } from '../../src/session/errors.ts'
import type { Batch, Next } from '../../src/session/paging.ts'

// What is kept of a batch, how long, and for whom: by a clock of the test's.

const minute = 60_000
const now = Date.now()

/** The place behind so many rows. */
const behind = (rows: number): Position => (rows === 0 ? [0] : [rows, `after ${rows}`])

/** A list, and what was asked of it: from where, and how many. */
function listOf(rows: number, recordOf: (index: number) => object = (index) => ({ id: String(index) })) {
  const asked: [from: number, want: number][] = []
  const next: Next = async ([from], want) => {
    asked.push([from, want])
    const end = Math.min(rows, from + want)
    const placed = Array.from({ length: end - from }, (_, at) => ({
      record: recordOf(from + at),
      behind: behind(from + at + 1),
    }))
    return { rows: placed, total: rows, more: end < rows }
  }
  return { asked, next }
}

const idsOf = ({ rows }: Batch, count: number): unknown[] =>
  rows.slice(0, count).map(({ record }) => Number((record as { id: string }).id))
const from = (first: number, count: number): number[] => Array.from({ length: count }, (_, at) => first + at)

/** A session's way to a list, on a clock that stands still. */
function place() {
  let clock = 5_000
  const ahead = new Ahead(() => clock)
  return {
    pass: (ms: number) => {
      clock += ms
    },
    to: (next: Next, list = 'jobs of a', operation: Operation = searchJobs, input: object = {}) =>
      ahead.through(next, list, operation, { ...input }),
  }
}

describe('how much', () => {
  test('two pages as they are, then as much again as was seen, up to a thousand', async () => {
    const { asked, next } = listOf(5_000)
    const bring = place().to(next)
    for (let at = 0; at < 5_000; at += 20)
      expect(idsOf(await bring(behind(at), 20), 20)).toEqual(from(at, 20))
    expect(asked).toEqual([
      [0, 20],
      [20, 20],
      [40, 40],
      [80, 80],
      [160, 160],
      [320, 320],
      [640, 640],
      [1_280, 1_000],
      [2_280, 1_000],
      [3_280, 1_000],
      [4_280, 1_000],
    ])
  })

  test('pages of 200 grow, pages of a thousand do not', async () => {
    const { asked, next } = listOf(5_000)
    const { to } = place()
    for (const at of [0, 200, 400]) await to(next)(behind(at), 200)
    for (const at of [3_000, 4_000]) await to(next, 'another')(behind(at), 1_000)
    expect(asked).toEqual([
      [0, 200],
      [200, 200],
      [400, 400],
      [3_000, 1_000],
      [4_000, 1_000],
    ])
  })

  test('the second page is asked for alone, whatever its size', async () => {
    const { asked, next } = listOf(500)
    const bring = place().to(next)
    for (const want of [20, 11, 5]) await bring(behind(20), want)
    expect(asked).toEqual([
      [20, 20],
      [20, 11],
      [20, 20],
    ])
  })

  test('a list that ends in the batch is served to its end', async () => {
    const { asked, next } = listOf(75)
    const bring = place().to(next)
    await bring(behind(40), 20)
    const last = await bring(behind(60), 20)
    expect([idsOf(last, 99), last.more]).toEqual([from(60, 15), false])
    expect((await bring(behind(75), 20)).rows).toEqual([])
    expect(asked).toEqual([[40, 40]])
  })

  test('rows that do not fill the page, with more behind them, are asked for anew', async () => {
    const { asked, next } = listOf(500)
    const bring = place().to(next)
    await bring(behind(40), 20)
    expect(idsOf(await bring(behind(70), 20), 20)).toEqual(from(70, 20))
    expect(asked).toEqual([
      [40, 40],
      [70, 70],
    ])
  })

  test('an answer shorter than asked for is served as far as it goes', async () => {
    const { next, asked } = listOf(500)
    const bring = place().to(([before, ...rest], want) => next([before, ...rest], Math.min(want, 50)))
    for (let at = 0; at < 500; at += 20) expect(idsOf(await bring(behind(at), 20), 20)).toEqual(from(at, 20))
    expect(asked.length).toBeLessThan(15)
  })
})

describe('which rows', () => {
  test('any place in a batch, at any size, forwards and back', async () => {
    const { asked, next } = listOf(1_000)
    const bring = place().to(next)
    await bring(behind(400), 20)
    for (const [at, want] of [
      [420, 20],
      [400, 200],
      [799, 1],
      [500, 7],
      [507, 150],
      [400, 1],
    ] as const)
      expect(idsOf(await bring(behind(at), want), want)).toEqual(from(at, want))
    expect(asked).toEqual([[400, 400]])
  })

  test('a place before it is asked for', async () => {
    const { asked, next } = listOf(1_000)
    const bring = place().to(next)
    await bring(behind(400), 20)
    expect(idsOf(await bring(behind(20), 20), 20)).toEqual(from(20, 20))
    expect(idsOf(await bring(behind(0), 20), 20)).toEqual(from(0, 20))
    expect(asked).toEqual([
      [400, 400],
      [20, 20],
      [0, 20],
    ])
  })

  test('a place after as many rows, but behind another one, is asked for', async () => {
    const { asked, next } = listOf(1_000)
    const bring = place().to(next)
    await bring(behind(400), 20)
    await bring([400, 'after some other row'], 20)
    await bring([420, 'after 421'], 20)
    await bring([420], 20)
    expect(asked.slice(1).map(([at]) => at)).toEqual([400, 420, 420])
  })
})

describe('for whom', () => {
  test('another list, or the same of another account, has its own', async () => {
    const [ours, theirs] = [listOf(1_000), listOf(1_000, (index) => ({ id: String(index + 5_000) }))]
    const { to } = place()
    await to(ours.next, 'jobs of a')(behind(400), 20)
    expect(idsOf(await to(theirs.next, 'jobs of b')(behind(420), 20), 20)).toEqual(from(5_420, 20))
    expect(idsOf(await to(ours.next, 'jobs of a')(behind(420), 20), 20)).toEqual(from(420, 20))
    expect([ours.asked, theirs.asked]).toEqual([[[400, 400]], [[420, 420]]])
  })
})

describe('how long', () => {
  test('a minute, and no longer', async () => {
    const { asked, next } = listOf(2_000)
    const { to, pass } = place()
    await to(next)(behind(400), 20)
    pass(minute - 1)
    await to(next)(behind(420), 20)
    expect(asked).toHaveLength(1)
    pass(1)
    expect(idsOf(await to(next)(behind(440), 20), 20)).toEqual(from(440, 20))
    expect(asked).toEqual([
      [400, 400],
      [440, 440],
    ])
  })

  test('serving does not prolong it', async () => {
    const { asked, next } = listOf(2_000)
    const { to, pass } = place()
    await to(next)(behind(400), 20)
    for (let at = 420; at < 480; at += 20) {
      pass(minute / 3)
      await to(next)(behind(at), 20)
    }
    expect(asked.map(([at]) => at)).toEqual([400, 460])
  })

  test('until 5,000 rows are there: then the oldest go', async () => {
    const { asked, next } = listOf(9_000)
    const { to } = place()
    const calls = async (list: string): Promise<number> => {
      const before = asked.length
      await to(next, list)(behind(1_020), 20)
      return asked.length - before
    }
    const lists = ['a', 'b', 'c', 'd', 'e']
    for (const list of lists) await to(next, list)(behind(1_000), 20)
    for (const list of lists) expect([list, await calls(list)]).toEqual([list, 0])
    await to(next, 'f')(behind(1_000), 20)
    for (const list of [...lists.slice(1), 'f']) expect([list, await calls(list)]).toEqual([list, 0])
    expect(await calls('a')).toBe(1)
    // That was kept in its turn.
    expect(await calls('b')).toBe(1)
    expect(await calls('d')).toBe(0)
  })

  test('a list that sends all it has, more than 5,000 rows, is not kept', async () => {
    const { asked, next } = listOf(8_000)
    const bring = place().to((at) => next(at, 8_000))
    await bring(behind(40), 20)
    await bring(behind(60), 20)
    expect(asked).toHaveLength(2)
  })

  test('a list that is walked on holds one batch', async () => {
    const { asked, next } = listOf(9_000)
    const { to } = place()
    await to(next, 'other')(behind(1_000), 20)
    for (let at = 1_000; at < 8_000; at += 1_000) await to(next)(behind(at), 20)
    const before = asked.length
    await to(next, 'other')(behind(1_020), 20)
    expect(asked).toHaveLength(before)
  })
})

describe('never', () => {
  test('where outputs may come with the rows', async () => {
    const { asked, next } = listOf(1_000)
    const bring = place().to(next, 'asset jobs', searchAssetJobs, { includeOutput: true })
    for (const at of [400, 420, 400]) await bring(behind(at), 20)
    expect(asked).toEqual([
      [400, 20],
      [420, 20],
      [400, 20],
    ])
  })

  const young = { created: { dateTime: now - 23 * 3_600_000 } }
  const old = { created: { dateTime: now - 25 * 3_600_000 } }
  test.each([
    ['younger than a day', () => young],
    ['of the last second', () => ({ created: { dateTime: now } })],
    ['of which one is younger than a day', (index: number) => (index === 777 ? young : old)],
    ['that do not say when', () => ({})],
    ['that say it as nobody does', () => ({ created: { dateTime: 'lately' } })],
  ])('results %s: one larger batch shows it, then page by page for a minute', async (_, recordOf) => {
    const { asked, next } = listOf(2_000, (index) => ({ id: String(index), ...recordOf(index) }))
    const { to, pass } = place()
    const bring = to(next, 'asset jobs', searchAssetJobs)
    for (const at of [400, 420, 400]) expect(idsOf(await bring(behind(at), 20), 20)).toEqual(from(at, 20))
    expect(asked).toEqual([
      [400, 400],
      [420, 20],
      [400, 20],
    ])
    pass(minute)
    await bring(behind(440), 20)
    expect(asked.at(-1)).toEqual([440, 440])
  })

  test('older results are kept', async () => {
    const { asked, next } = listOf(1_000, (index) => ({ id: String(index), ...old }))
    const bring = place().to(next, 'asset jobs', searchAssetJobs)
    for (const at of [400, 420, 400]) await bring(behind(at), 20)
    expect(asked).toEqual([[400, 400]])
  })
})

describe('when it fails', () => {
  test('a batch that is too large is asked for at the size of the page, for a minute', async () => {
    const { asked, next } = listOf(2_000)
    const { to, pass } = place()
    const bring = to(async (at, want) => {
      const batch = await next(at, want)
      if (want > 50) throw new TooLargeError('too large', 'ask for less')
      return batch
    })
    for (const at of [400, 420]) expect(idsOf(await bring(behind(at), 20), 99)).toEqual(from(at, 20))
    expect(asked).toEqual([
      [400, 400],
      [400, 20],
      [420, 20],
    ])
    pass(minute)
    await bring(behind(440), 20)
    expect(asked.slice(3)).toEqual([
      [440, 440],
      [440, 20],
    ])
  })

  test('a page that is too large by itself is that error', async () => {
    const bring = place().to(async () => {
      throw new TooLargeError('too large', 'ask for less')
    })
    await expect(bring(behind(400), 20)).rejects.toThrow(TooLargeError)
  })

  test.each([
    ['that may come of its size', new VendorError('broken', 'try again'), 20],
    ['of rows that cannot be read', new DriftError('broken', 'report it'), 20],
    ['that has nothing to do with it', new BusyError('broken', 'wait'), 400],
  ])('an error %s is what it is, and the next try gets the page', async (_, error, tried) => {
    const { asked, next } = listOf(2_000)
    let broken = true
    const bring = place().to(async (at, want) => {
      if (broken) throw error
      return next(at, want)
    })
    await expect(bring(behind(400), 20)).rejects.toThrow('broken')
    broken = false
    expect(idsOf(await bring(behind(400), 20), 20)).toEqual(from(400, 20))
    expect(asked).toEqual([[400, tried]])
  })

  test('a size that is refused is not tried again for a minute', async () => {
    const { asked, next } = listOf(2_000)
    const bring = place().to(async (at, want) => {
      const batch = await next(at, want)
      if (want > 100) throw new InputError('pageSize must not exceed 100', 'ask for less')
      return batch
    })
    for (const at of [400, 420]) expect(idsOf(await bring(behind(at), 20), 99)).toEqual(from(at, 20))
    expect(asked).toEqual([
      [400, 400],
      [400, 20],
      [420, 20],
    ])
  })

  test('it does not cost what is kept already', async () => {
    const { asked, next } = listOf(2_000)
    let broken = false
    const bring = place().to(async (at, want) => {
      if (broken) throw new VendorError('broken', 'try again')
      return next(at, want)
    })
    await bring(behind(400), 20)
    broken = true
    await expect(bring(behind(800), 20)).rejects.toThrow('broken')
    expect(idsOf(await bring(behind(780), 20), 20)).toEqual(from(780, 20))
    expect(asked).toEqual([[400, 400]])
  })
})
