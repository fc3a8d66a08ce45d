import { describe, expect, test } from 'vitest'
import { type Finding, findingsIn } from '../../../src/cli/probe/comparison/assessment.ts'
import type { RecordedAnswer } from '../../../src/cli/probe/recording/transcript.ts'

// What a recording says of each operation: found where it is declared, elsewhere, or not at all.

const route = 'GET /sm/v1/scripts/{scriptId}'
const own: RecordedAnswer = { operation: 'car_get_script', kind: 'own', route, about: 'as declared' }
const good = {
  status: 200,
  held: true,
  bytes: 900,
  fields: [],
  headers: { 'content-type': 'application/json' },
}
const gone = { status: 404, held: false, failure: 'setup' } as const
const variant = (more: Partial<RecordedAnswer> = {}): RecordedAnswer => ({
  ...own,
  kind: 'variant',
  route: 'GET /sm/v2/scripts/{scriptId}',
  about: 'the version is a guess',
  ...more,
})
const set = (more: Partial<RecordedAnswer> = {}): RecordedAnswer => ({
  ...own,
  kind: 'set',
  route: 'GET /sm/v7/scripts/{scriptId}',
  about: 'as QUALYS_ROUTES has it',
  ...more,
})

function judged(...answers: readonly RecordedAnswer[]): Finding {
  const found = findingsIn(answers).find(({ operation }) => operation.name === 'car_get_script')
  if (!found) throw new Error('nothing is said of it')
  return found
}

describe('the verdict', () => {
  test.each<[string, readonly RecordedAnswer[], string, string]>([
    ['an answer as declared', [{ ...own, ...good }], 'HELD', `${route}, one record`],
    [
      'an answer at the route that is set',
      [{ ...own, ...gone }, set(good)],
      'HELD',
      'GET /sm/v7/scripts/{scriptId}, one record, as QUALYS_ROUTES has it',
    ],
    [
      'an answer of a variant alone',
      [{ ...own, ...gone }, variant(good)],
      'MOVED',
      `GET /sm/v2/scripts/{scriptId}; ${route} answers 404`,
    ],
    [
      'an answer with another id of the row',
      [{ ...own, ...gone }, variant({ ...good, route, about: 'with uuid as the id' })],
      'MOVED',
      `${route} with uuid as the id; ${route} answers 404`,
    ],
    ['404', [{ ...own, ...gone }], 'GONE', `${route} answers 404, and no variant of it is there`],
    ['405', [{ ...own, status: 405 }], 'GONE', `${route} answers 405, and no variant of it is there`],
    ['410', [{ ...own, status: 410 }], 'GONE', `${route} answers 410, and no variant of it is there`],
    [
      '404 for an id that is not there',
      [{ ...own, status: 404, failure: 'input', code: '1965' }],
      'REFUSED',
      `${route} answers 404 (1965)`,
    ],
    [
      'a refusal',
      [{ ...own, status: 403, code: 'INVALID_REQUEST', says: 'invalid value' }],
      'REFUSED',
      `${route} answers 403 (INVALID_REQUEST, invalid value)`,
    ],
    [
      'a success with a code',
      [{ ...own, status: 200, code: '1965' }],
      'REFUSED',
      `${route} answers 200 (1965)`,
    ],
    [
      'another form',
      [{ ...own, status: 200, held: false }],
      'UNREADABLE',
      `${route} answers 200 in a form that is not expected`,
    ],
    [
      'another record',
      [{ ...own, ...good, result: 'another id' }],
      'UNREADABLE',
      `${route} answers with another record`,
    ],
    ['nothing', [{ ...own, failure: 'vendor' }], 'NO ANSWER', `nothing came back from ${route}`],
    ['a limit', [{ ...own, status: 429, failure: 'busy' }], 'NOT ASKED', `${route} answers 429, to wait`],
    ['no id', [{ ...own, skipped: 'noId' }], 'NOT ASKED', 'no list brought an id to ask for'],
    ['no question', [variant({ skipped: 'needless' })], 'NOT ASKED', 'the recording does not have it'],
    [
      'a set route that may act',
      [{ ...own, ...gone }, set({ skipped: 'mayAct' })],
      'NOT ASKED',
      `${route} answers 404; GET /sm/v7/scripts/{scriptId}, as QUALYS_ROUTES has it: this path may act`,
    ],
  ])('of %s', (_what, answers, verdict, because) => {
    expect(judged(...answers)).toMatchObject({ verdict, because })
  })
})

describe('what to set', () => {
  test('is the route of a variant that holds', () => {
    expect(judged({ ...own, ...gone }, variant(good)).route).toBe('GET /sm/v2/scripts/{scriptId}')
  })

  test('is nothing where the variant is another id, or a route that is not taken', () => {
    expect(
      judged({ ...own, ...gone }, variant({ ...good, route, about: 'with uuid as the id' })).route,
    ).toBeUndefined()
    const odd = judged({ ...own, ...gone }, variant({ ...good, route: 'GET /sm/v2/other/{otherId}' }))
    expect(odd.route).toBeUndefined()
    expect(odd.because).toContain('which QUALYS_ROUTES does not take: report it')
  })

  test('keeps a set route that works, or was not asked', () => {
    expect(judged({ ...own, ...gone }, set(good)).keeps).toBe('GET /sm/v7/scripts/{scriptId}')
    expect(judged({ ...own, ...good }, set({ skipped: 'mayAct' })).keeps).toBe(
      'GET /sm/v7/scripts/{scriptId}',
    )
    expect(judged({ ...own, ...good }, set(gone)).keeps).toBeUndefined()
  })
})

describe('an answer', () => {
  test('is told with its rows, its record or its bytes', () => {
    const list = (more: Partial<RecordedAnswer>): string =>
      findingsIn([
        {
          operation: 'car_search_jobs',
          kind: 'own',
          route: 'POST /sm/v2/jobs/search',
          about: 'x',
          status: 200,
          held: true,
          ...more,
        },
      ]).find(({ operation }) => operation.name === 'car_search_jobs')?.because ?? ''
    const rows = { count: 50, wrapped: true, sortValues: ['numeric text' as const] }
    expect(list({ rows })).toBe('POST /sm/v2/jobs/search, 50 rows')
    expect(list({ rows: { ...rows, total: '100-999' } })).toBe('POST /sm/v2/jobs/search, 50 rows of 100-999')
    expect(list({ bytes: 1_234 })).toBe('POST /sm/v2/jobs/search, 1,234 bytes of no type')
    expect(list({ sent: 'GET /sm/v2/jobs/search', rows })).toBe('GET /sm/v2/jobs/search, 50 rows')
    expect(judged({ ...own, ...good, fields: undefined }).because).toBe(
      `${route}, 900 bytes of application/json`,
    )
  })

  test('of others that work as well is named', () => {
    expect(judged({ ...own, ...good }, variant(good)).others).toEqual(['GET /sm/v2/scripts/{scriptId}'])
    expect(judged({ ...own, ...gone }, variant(good)).others).toEqual([])
  })

  test('without sort values cannot be walked', () => {
    const jobs = (sortValues: object): readonly string[] | undefined =>
      findingsIn([
        {
          operation: 'car_search_jobs',
          kind: 'own',
          route: 'POST /sm/v2/jobs/search',
          about: 'x',
          status: 200,
          held: true,
          fields: [],
          rows: { count: 5, wrapped: false, ...sortValues },
        },
      ]).find(({ operation }) => operation.name === 'car_search_jobs')?.drift?.wrong
    expect(jobs({})).toContain('rows come without sortValues: lists end at row 9,999')
    expect(jobs({ sortValues: ['numeric text'] })).not.toContain(
      'rows come without sortValues: lists end at row 9,999',
    )
  })
})

test('findings are of the products that were asked', () => {
  const products = new Set(findingsIn([own]).map(({ operation }) => operation.name.split('_')[0]))
  expect([...products]).toEqual(['car'])
  expect(findingsIn([])).toEqual([])
  expect(findingsIn([own]).every(({ operation }) => operation.effect === 'read')).toBe(true)
})
