import { describe, expect, test } from 'vitest'
import { behind, from, idsOf, listOf, minute, place } from './place.ts'

// What is kept of a batch, how long, and for whom: by a clock of the test's.

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
