import { describe, expect, test } from 'vitest'
import { searchAssetJobs } from '../../../src/operations/car/runs.ts'
import { BusyError, DriftError, InputError, TooLargeError, VendorError } from '../../../src/shared/errors.ts'
import { afterRows, idsOf, listOf, minute, numbersFrom, openReadAhead } from './paged-list.ts'

// What is never cached, and batches that fail, on a fake clock.

const now = Date.now()

describe('never cached', () => {
  test('rows that may come with outputs', async () => {
    const { requests, next } = listOf(1_000)
    const bring = openReadAhead().to(next, 'asset jobs', searchAssetJobs, { includeOutput: true })
    for (const at of [400, 420, 400]) await bring(afterRows(at), 20)
    expect(requests).toEqual([
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
    const { requests, next } = listOf(2_000, (index) => ({ id: String(index), ...recordOf(index) }))
    const { to, pass } = openReadAhead()
    const bring = to(next, 'asset jobs', searchAssetJobs)
    for (const at of [400, 420, 400])
      expect(idsOf(await bring(afterRows(at), 20), 20)).toEqual(numbersFrom(at, 20))
    expect(requests).toEqual([
      [400, 400],
      [420, 20],
      [400, 20],
    ])
    pass(minute)
    await bring(afterRows(440), 20)
    expect(requests.at(-1)).toEqual([440, 440])
  })

  test('but older results are', async () => {
    const { requests, next } = listOf(1_000, (index) => ({ id: String(index), ...old }))
    const bring = openReadAhead().to(next, 'asset jobs', searchAssetJobs)
    for (const at of [400, 420, 400]) await bring(afterRows(at), 20)
    expect(requests).toEqual([[400, 400]])
  })
})

describe('when a batch fails', () => {
  test('because it is too large, it is requested at the page size, for a minute', async () => {
    const { requests, next } = listOf(2_000)
    const { to, pass } = openReadAhead()
    const bring = to(async (at, want) => {
      const batch = await next(at, want)
      if (want > 50) throw new TooLargeError('too large', 'ask for less')
      return batch
    })
    for (const at of [400, 420])
      expect(idsOf(await bring(afterRows(at), 20), 99)).toEqual(numbersFrom(at, 20))
    expect(requests).toEqual([
      [400, 400],
      [400, 20],
      [420, 20],
    ])
    pass(minute)
    await bring(afterRows(440), 20)
    expect(requests.slice(3)).toEqual([
      [440, 440],
      [440, 20],
    ])
  })

  test('because the page alone is too large, the call ends in that error', async () => {
    const bring = openReadAhead().to(async () => {
      throw new TooLargeError('too large', 'ask for less')
    })
    await expect(bring(afterRows(400), 20)).rejects.toThrow(TooLargeError)
  })

  test.each([
    ['that may come of its size', new VendorError('broken', 'try again'), 20],
    ['of rows that cannot be read', new DriftError('broken', 'report it'), 20],
    ['that has nothing to do with it', new BusyError('broken', 'wait'), 400],
  ])('with an error %s, the call ends in it, and the next try gets the page', async (_, error, tried) => {
    const { requests, next } = listOf(2_000)
    let broken = true
    const bring = openReadAhead().to(async (at, want) => {
      if (broken) throw error
      return next(at, want)
    })
    await expect(bring(afterRows(400), 20)).rejects.toThrow('broken')
    broken = false
    expect(idsOf(await bring(afterRows(400), 20), 20)).toEqual(numbersFrom(400, 20))
    expect(requests).toEqual([[400, tried]])
  })

  test('because its size is refused, that size is not tried again for a minute', async () => {
    const { requests, next } = listOf(2_000)
    const bring = openReadAhead().to(async (at, want) => {
      const batch = await next(at, want)
      if (want > 100) throw new InputError('pageSize must not exceed 100', 'ask for less')
      return batch
    })
    for (const at of [400, 420])
      expect(idsOf(await bring(afterRows(at), 20), 99)).toEqual(numbersFrom(at, 20))
    expect(requests).toEqual([
      [400, 400],
      [400, 20],
      [420, 20],
    ])
  })

  test('cached rows stay available', async () => {
    const { requests, next } = listOf(2_000)
    let broken = false
    const bring = openReadAhead().to(async (at, want) => {
      if (broken) throw new VendorError('broken', 'try again')
      return next(at, want)
    })
    await bring(afterRows(400), 20)
    broken = true
    await expect(bring(afterRows(800), 20)).rejects.toThrow('broken')
    expect(idsOf(await bring(afterRows(780), 20), 20)).toEqual(numbersFrom(780, 20))
    expect(requests).toEqual([[400, 400]])
  })
})
