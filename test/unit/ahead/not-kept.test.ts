import { describe, expect, test } from 'vitest'
import { searchAssetJobs } from '../../../src/operations/car/runs.ts'
import { BusyError, DriftError, InputError, TooLargeError, VendorError } from '../../../src/shared/errors.ts'
import { behind, from, idsOf, listOf, minute, place } from './place.ts'

// What is never kept, and what becomes of a batch that fails: by a clock of the test's.

const now = Date.now()

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
