import { describe, expect, test } from 'vitest'
import { assessRequests, limitLines } from '../../../src/cli/probe/comparison/request-assessment.ts'
import type { RecordedAnswer } from '../../../src/cli/probe/recording/schema.ts'

// What a recording shows about filters, forms of requests, and limits.

const one = (more: Partial<RecordedAnswer>): RecordedAnswer => ({
  operation: 'car_search_jobs',
  kind: 'way',
  route: 'POST /sm/v2/jobs/search',
  about: 'x',
  ...more,
})

describe('a filter', () => {
  const verdictOf = (token: Partial<RecordedAnswer>, control?: Partial<RecordedAnswer>) =>
    assessRequests(
      [
        one({ kind: 'token', about: 'scriptId', ...token }),
        ...(control ? [one({ kind: 'control', about: 'scriptId', ...control })] : []),
        one({ kind: 'control', about: 'another', held: true, result: 'none' }),
      ],
      'token',
    )

  test.each(['assetId', 'tags'])('that is spare may fail: %s', (about) => {
    const token = one({ kind: 'token', about, held: false, status: 400 })
    expect(assessRequests([token], 'token')).toEqual([
      { about: `car_search_jobs ${about}`, line: 'refused with 400' },
    ])
  })

  test.each<[Partial<RecordedAnswer>, Partial<RecordedAnswer> | undefined, object]>([
    [{ held: true, result: 'fewer' }, { held: true, result: 'none' }, { line: 'works' }],
    [
      { held: true, result: 'all' },
      { held: true, result: 'all' },
      { line: 'is ignored: a value that nothing has finds rows, too', state: 'failed' },
    ],
    [
      { held: true, result: 'none' },
      { held: true, result: 'none' },
      { line: 'finds nothing: it is not known, or nothing has that value', state: 'open' },
    ],
    [
      { held: false, status: 400, code: '1965' },
      undefined,
      { line: 'refused with 400 1965', state: 'failed' },
    ],
    [{ held: false }, undefined, { line: 'refused with no answer', state: 'failed' }],
    [
      { held: true, result: 'fewer' },
      { held: false, status: 400 },
      { line: 'finds rows, and refuses a value that nothing has with 400', state: 'open' },
    ],
    [
      { held: true, result: 'fewer' },
      undefined,
      { line: 'finds rows, and refuses a value that nothing has with no answer', state: 'open' },
    ],
    [
      { skipped: 'nothingToCompare' },
      { skipped: 'shut' },
      { line: 'not asked, no list brought rows to compare with', state: 'skipped' },
    ],
    [
      { held: true, result: 'fewer' },
      { skipped: 'stopped' },
      { line: 'not asked, the recording had ended before', state: 'skipped' },
    ],
  ])('%j beside %j', (token, control, learnt) => {
    expect(verdictOf(token, control)).toEqual([{ about: 'car_search_jobs scriptId', ...learnt }])
  })
})

describe('a form of a request', () => {
  test.each<[string, Partial<RecordedAnswer>, object]>([
    ['searchAfter', { held: true, result: 'next row' }, { line: 'works' }],
    ['searchAfter', { held: true, result: 'same row' }, { line: 'does not work: same row', state: 'failed' }],
    ['searchAfter', { status: 400 }, { line: 'does not work: 400', state: 'failed' }],
    ['count with a filter', { held: true }, { line: 'works' }],
    ['count with a filter', { held: false, status: 500 }, { line: 'does not work: 500', state: 'failed' }],
    ['startFromOffset', { held: true, result: 'next row' }, { line: 'works' }],
    [
      'startFromOffset',
      { held: true, result: 'same row' },
      { line: 'does not work: same row', state: 'failed' },
    ],
    ['id GREATER', { held: true, result: 'next row' }, { line: 'works, too' }],
    ['id GREATER', { held: true, result: 'no row' }, { line: 'does not work: no row' }],
    ['answer as JSON', { held: true, result: 'JSON' }, { line: 'works, too' }],
    ['answer as JSON', { held: true, result: 'XML' }, { line: 'does not work: XML' }],
    ['filter labTag', { held: true, result: 'other rows' }, { line: 'lists lab tags' }],
    ['filter isLabTag', { held: true, result: 'none' }, { line: 'does not work: none' }],
    ['filter of 100 ids', { held: true, result: 'as asked' }, { line: 'works' }],
    ['filter of 500 ids', { held: true, result: 'as asked' }, { line: 'works, too' }],
    ['filter of 500 ids', { held: true, result: 'fewer' }, { line: 'does not work: fewer' }],
    ['filter of 500 ids', { status: 400 }, { line: 'does not work: 400' }],
    [
      'unfinished results of old runs',
      { held: true, result: 'unfinished' },
      { line: 'there are: a host that never reports has a result that stays open' },
    ],
    [
      'unfinished results of old runs',
      { held: true, result: 'none' },
      { line: 'there are none: a host that never reports may have no result' },
    ],
    [
      'unfinished results of old runs',
      { held: true, result: 'no row' },
      { line: 'no result is a week older than the newest' },
    ],
    ['unfinished results of old runs', { status: 400 }, { line: 'does not work: 400' }],
    ['sort as text', { held: true }, { line: 'works, too' }],
    ['sort as text', { status: 400, code: '7' }, { line: 'does not work: 400 7' }],
    [
      'sort as text',
      { skipped: 'shut' },
      { line: 'not asked, its host let nobody in, or did not answer', state: 'skipped' },
    ],
    [
      'searchAfter',
      { skipped: 'stopped' },
      { line: 'not asked, the recording had ended before', state: 'skipped' },
    ],
  ])('%s: %j', (about, answer, learnt) => {
    expect(assessRequests([one({ about, ...answer })], 'way')).toEqual([
      { about: `car_search_jobs ${about}`, ...learnt },
    ])
  })

  test('by which lists are paged is named, where it is another one', () => {
    const offset = one({ about: 'startFromOffset', held: true, result: 'same row' })
    const cursor = one({ about: 'id GREATER', held: true, result: 'next row' })
    expect(assessRequests([offset, cursor], 'way')[0]).toMatchObject({
      state: 'failed',
      setting: 'QUALYS_SAQ_PAGING=id',
    })
    const both = assessRequests([{ ...offset, result: 'next row' }, cursor], 'way')
    expect(both.map(({ line, setting }) => [line, setting])).toEqual([
      ['works', undefined],
      ['works, too', undefined],
    ])
  })
})

describe('limits', () => {
  test('are the last ones that each product reported', () => {
    const answers = [
      one({
        headers: { 'x-ratelimit-limit': '300', 'x-ratelimit-remaining': '299', 'content-type': 'text/xml' },
      }),
      one({ headers: { 'x-ratelimit-remaining': '298' } }),
      one({ operation: 'saq_search_users', headers: { 'content-type': 'text/xml' } }),
      one({ operation: 'saq_search_users', headers: {} }),
    ]
    expect(limitLines(answers)).toEqual([
      'CAR: x-ratelimit-limit 300, x-ratelimit-remaining 298',
      'SAQ: none told in 2 answers',
    ])
  })

  test('of a product that answered nothing are none', () => {
    expect(limitLines([one({}), one({ operation: 'saq_search_users', skipped: 'shut' })])).toEqual([])
    expect(limitLines([one({ headers: { 'retry-after': '60' } })])).toEqual(['CAR: retry-after 60'])
  })
})
