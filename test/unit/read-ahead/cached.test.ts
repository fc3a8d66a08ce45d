import { describe, expect, test } from 'vitest'
import { afterRows, idsOf, listOf, minute, numbersFrom, openReadAhead } from './paged-list.ts'

// Which part of a batch is cached, how long, and for whom, on a fake clock.

describe('how much is cached', () => {
  test('two pages at their own size, then as many rows as were seen, up to a thousand', async () => {
    const { requests, next } = listOf(5_000)
    const bring = openReadAhead().to(next)
    for (let at = 0; at < 5_000; at += 20)
      expect(idsOf(await bring(afterRows(at), 20), 20)).toEqual(numbersFrom(at, 20))
    expect(requests).toEqual([
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
    const { requests, next } = listOf(5_000)
    const { to } = openReadAhead()
    for (const at of [0, 200, 400]) await to(next)(afterRows(at), 200)
    for (const at of [3_000, 4_000]) await to(next, 'another')(afterRows(at), 1_000)
    expect(requests).toEqual([
      [0, 200],
      [200, 200],
      [400, 400],
      [3_000, 1_000],
      [4_000, 1_000],
    ])
  })

  test('the second page is requested alone, whatever its size', async () => {
    const { requests, next } = listOf(500)
    const bring = openReadAhead().to(next)
    for (const want of [20, 11, 5]) await bring(afterRows(20), want)
    expect(requests).toEqual([
      [20, 20],
      [20, 11],
      [20, 20],
    ])
  })

  test('a list that ends in the batch is served to its end', async () => {
    const { requests, next } = listOf(75)
    const bring = openReadAhead().to(next)
    await bring(afterRows(40), 20)
    const last = await bring(afterRows(60), 20)
    expect([idsOf(last, 99), last.hasMore]).toEqual([numbersFrom(60, 15), false])
    expect((await bring(afterRows(75), 20)).rows).toEqual([])
    expect(requests).toEqual([[40, 40]])
  })

  test('rows that do not fill the page, with more to follow, are requested again', async () => {
    const { requests, next } = listOf(500)
    const bring = openReadAhead().to(next)
    await bring(afterRows(40), 20)
    expect(idsOf(await bring(afterRows(70), 20), 20)).toEqual(numbersFrom(70, 20))
    expect(requests).toEqual([
      [40, 40],
      [70, 70],
    ])
  })

  test('an answer shorter than requested is served as far as it goes', async () => {
    const { next, requests } = listOf(500)
    const bring = openReadAhead().to(([before, ...rest], want) => next([before, ...rest], Math.min(want, 50)))
    for (let at = 0; at < 500; at += 20)
      expect(idsOf(await bring(afterRows(at), 20), 20)).toEqual(numbersFrom(at, 20))
    expect(requests.length).toBeLessThan(15)
  })
})

describe('which rows are served', () => {
  test('any position in a batch, at any size, forwards and back', async () => {
    const { requests, next } = listOf(1_000)
    const bring = openReadAhead().to(next)
    await bring(afterRows(400), 20)
    for (const [at, want] of [
      [420, 20],
      [400, 200],
      [799, 1],
      [500, 7],
      [507, 150],
      [400, 1],
    ] as const)
      expect(idsOf(await bring(afterRows(at), want), want)).toEqual(numbersFrom(at, want))
    expect(requests).toEqual([[400, 400]])
  })

  test('a position before the batch is requested', async () => {
    const { requests, next } = listOf(1_000)
    const bring = openReadAhead().to(next)
    await bring(afterRows(400), 20)
    expect(idsOf(await bring(afterRows(20), 20), 20)).toEqual(numbersFrom(20, 20))
    expect(idsOf(await bring(afterRows(0), 20), 20)).toEqual(numbersFrom(0, 20))
    expect(requests).toEqual([
      [400, 400],
      [20, 20],
      [0, 20],
    ])
  })

  test('a position with as many rows before it, but after another row, is requested', async () => {
    const { requests, next } = listOf(1_000)
    const bring = openReadAhead().to(next)
    await bring(afterRows(400), 20)
    await bring([400, 'after some other row'], 20)
    await bring([420, 'after 421'], 20)
    await bring([420], 20)
    expect(requests.slice(1).map(([at]) => at)).toEqual([400, 420, 420])
  })
})

describe('for whom', () => {
  test('another list, or the same list of another account, is cached separately', async () => {
    const [ours, theirs] = [listOf(1_000), listOf(1_000, (index) => ({ id: String(index + 5_000) }))]
    const { to } = openReadAhead()
    await to(ours.next, 'jobs of a')(afterRows(400), 20)
    expect(idsOf(await to(theirs.next, 'jobs of b')(afterRows(420), 20), 20)).toEqual(numbersFrom(5_420, 20))
    expect(idsOf(await to(ours.next, 'jobs of a')(afterRows(420), 20), 20)).toEqual(numbersFrom(420, 20))
    expect([ours.requests, theirs.requests]).toEqual([[[400, 400]], [[420, 420]]])
  })
})

describe('for how long', () => {
  test('a minute, and no longer', async () => {
    const { requests, next } = listOf(2_000)
    const { to, pass } = openReadAhead()
    await to(next)(afterRows(400), 20)
    pass(minute - 1)
    await to(next)(afterRows(420), 20)
    expect(requests).toHaveLength(1)
    pass(1)
    expect(idsOf(await to(next)(afterRows(440), 20), 20)).toEqual(numbersFrom(440, 20))
    expect(requests).toEqual([
      [400, 400],
      [440, 440],
    ])
  })

  test('serving does not prolong it', async () => {
    const { requests, next } = listOf(2_000)
    const { to, pass } = openReadAhead()
    await to(next)(afterRows(400), 20)
    for (let at = 420; at < 480; at += 20) {
      pass(minute / 3)
      await to(next)(afterRows(at), 20)
    }
    expect(requests.map(([at]) => at)).toEqual([400, 460])
  })

  /** Rows of which a thousand take 3 MB, and five thousand 15. */
  const largeRow = (index: number) => ({ id: String(index), comment: 'x'.repeat(2_750) })

  test('until 16 MiB are cached: then the least recently used are dropped', async () => {
    const { requests, next } = listOf(9_000, largeRow)
    const { to } = openReadAhead()
    const calls = async (list: string): Promise<number> => {
      const before = requests.length
      await to(next, list)(afterRows(1_020), 20)
      return requests.length - before
    }
    const lists = ['a', 'b', 'c', 'd', 'e']
    for (const list of lists) await to(next, list)(afterRows(1_000), 20)
    for (const list of lists) expect([list, await calls(list)]).toEqual([list, 0])
    await to(next, 'f')(afterRows(1_000), 20)
    for (const list of [...lists.slice(1), 'f']) expect([list, await calls(list)]).toEqual([list, 0])
    expect(await calls('a')).toBe(1)
    // That was cached in its turn.
    expect(await calls('b')).toBe(1)
    expect(await calls('d')).toBe(0)
  })

  test('a list that sends everything at once, more than 16 MiB, is not cached', async () => {
    const { requests, next } = listOf(8_000, largeRow)
    const bring = openReadAhead().to((at) => next(at, 8_000))
    await bring(afterRows(40), 20)
    await bring(afterRows(60), 20)
    expect(requests).toHaveLength(2)
  })

  test('a list that is paged further holds one batch', async () => {
    const { requests, next } = listOf(9_000)
    const { to } = openReadAhead()
    await to(next, 'other')(afterRows(1_000), 20)
    for (let at = 1_000; at < 8_000; at += 1_000) await to(next)(afterRows(at), 20)
    const before = requests.length
    await to(next, 'other')(afterRows(1_020), 20)
    expect(requests).toHaveLength(before)
  })
})
