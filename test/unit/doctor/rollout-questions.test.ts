import { describe, expect, test } from 'vitest'
import { AnswerStore } from '../../../src/cli/probe/answer-store.ts'
import type { Probe } from '../../../src/cli/probe/probe.ts'
import { rolloutQuestions } from '../../../src/cli/probe/rollout-questions.ts'
import { searchAssets } from '../../../src/operations/car/assets.ts'
import { searchAssetJobs } from '../../../src/operations/car/runs.ts'

// What a rollout needs to know of CAR: what is sent, and what its answer shows.

const question = (about: string): Probe => {
  const found = rolloutQuestions.find((one) => one.about === about)
  if (!found) throw new Error(`nobody asks ${about}`)
  return found
}
const knownOf = (operation: typeof searchAssets, rows: readonly object[]): AnswerStore => {
  const known = new AnswerStore()
  known.add(operation, { rows })
  return known
}
const prepared = (about: string, known: AnswerStore) => {
  const request = question(about).prepare(known)
  if (typeof request === 'string') throw new Error(request)
  return request
}
const said = (about: string, payload: object, known = new AnswerStore()) =>
  question(about).check?.(payload, known, { args: {} }, '')

describe('unfinished results', () => {
  const about = 'unfinished results of old runs'
  const result = (dateTime: unknown, more: object = {}) => ({
    sortValues: [1],
    data: { created: { dateTime }, ...more },
  })

  test('are those a week before the newest that is known, without their outputs', () => {
    const known = knownOf(searchAssetJobs, [
      result(Date.parse('2026-03-09T10:00:00Z')),
      result('2026-03-10T10:00:00.000+0000'),
      result('yesterday'),
    ])
    const { args, params } = prepared(about, known)
    expect(args).toEqual({ endAt: '2026-03-03T10:00:00Z' })
    expect(params).toMatchObject({ pageSize: 1_000 })
  })

  test('are not asked for where no result shows its time', () => {
    expect(question(about).prepare(new AnswerStore())).toBe('nothingToCompare')
    expect(question(about).prepare(knownOf(searchAssetJobs, [result('?')]))).toBe('nothingToCompare')
  })

  test.each([
    [[], 'no row'],
    [[result(1, { enddate: '2026-03-01T10:00:00Z' })], 'none'],
    [[result(1, { enddate: '2026-03-01T10:00:00Z' }), result(1)], 'unfinished'],
    [[result(1, { enddate: null })], 'unfinished'],
  ])('%j: %s', (rows, verdict) => expect(said(about, { rows })).toBe(verdict))
})

describe.each([100, 500])('a filter of %i ids', (count) => {
  const about = `filter of ${count} ids`
  const known = knownOf(searchAssets, [{ id: 5 }, { id: '6' }, { id: null }, { id: 7 }])

  test('names the known hosts over and over', () => {
    const filter = String(prepared(about, known).args['filter'])
    expect(filter.split(' OR ')).toHaveLength(count)
    expect(new Set(filter.split(' OR '))).toEqual(new Set(['id:5', 'id:6', 'id:7']))
  })

  test('is not sent where no host is known', () => {
    expect(question(about).prepare(new AnswerStore())).toBe('nothingToCompare')
  })

  test.each([
    [{ rows: [1], total: 3 }, 'as asked'],
    [{ rows: [1], total: 2 }, 'fewer'],
    [{ rows: [1], total: 2_000 }, 'more'],
    [{ rows: [1] }, 'unknown'],
  ])('%j: %s', (payload, verdict) => expect(said(about, payload, known)).toBe(verdict))
})
