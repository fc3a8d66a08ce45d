import { describe, expect, test } from 'vitest'
import { assessRecording, type Finding } from '../../../src/cli/probe/comparison/route-assessment.ts'
import type { RecordedAnswer } from '../../../src/cli/probe/recording/schema.ts'

// What a recording shows about each operation: found where it is declared, elsewhere, or not at all.

const route = 'GET /sm/v1/scripts/{scriptId}'
const own: RecordedAnswer = { operation: 'car_get_script', kind: 'own', route, about: 'as declared' }
const good = {
  status: 200,
  held: true,
  bytes: 900,
  record: { fields: {}, unknown: 0 },
  headers: { 'content-type': 'application/json' },
}
const notFound = { status: 404, held: false, failure: 'setup' } as const
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

function findingFor(...answers: readonly RecordedAnswer[]): Finding {
  const found = assessRecording(answers).find(({ operation }) => operation.name === 'car_get_script')
  if (!found) throw new Error('nothing is said of it')
  return found
}

describe('the verdict', () => {
  test.each<[string, readonly RecordedAnswer[], string, string]>([
    ['an answer as declared', [{ ...own, ...good }], 'HELD', `${route}, one record`],
    [
      'an answer at the route that is set',
      [{ ...own, ...notFound }, set(good)],
      'HELD',
      'GET /sm/v7/scripts/{scriptId}, one record, as QUALYS_ROUTES has it',
    ],
    [
      'an answer of a variant alone',
      [{ ...own, ...notFound }, variant(good)],
      'MOVED',
      `GET /sm/v2/scripts/{scriptId}; ${route} answers 404`,
    ],
    [
      'an answer with another id of the row',
      [{ ...own, ...notFound }, variant({ ...good, route, about: 'with uuid as the id' })],
      'MOVED',
      `${route} with uuid as the id; ${route} answers 404`,
    ],
    ['404', [{ ...own, ...notFound }], 'GONE', `${route} answers 404, and no variant of it is there`],
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
      [{ ...own, ...notFound }, set({ skipped: 'mayAct' })],
      'NOT ASKED',
      `${route} answers 404; GET /sm/v7/scripts/{scriptId}, as QUALYS_ROUTES has it: this path may act`,
    ],
  ])('of %s', (_what, answers, verdict, because) => {
    expect(findingFor(...answers)).toMatchObject({ verdict, reason: because })
  })
})

describe('what to set', () => {
  test('is the route of a variant that holds', () => {
    expect(findingFor({ ...own, ...notFound }, variant(good)).route).toBe('GET /sm/v2/scripts/{scriptId}')
  })

  test('is nothing where the variant is another id, or a route that is not accepted', () => {
    expect(
      findingFor({ ...own, ...notFound }, variant({ ...good, route, about: 'with uuid as the id' })).route,
    ).toBeUndefined()
    const odd = findingFor({ ...own, ...notFound }, variant({ ...good, route: 'GET /sm/v2/other/{otherId}' }))
    expect(odd.route).toBeUndefined()
    expect(odd.reason).toContain('which QUALYS_ROUTES does not take: report it')
  })

  test('keeps a configured route that works, or was not probed', () => {
    expect(findingFor({ ...own, ...notFound }, set(good)).routeToKeep).toBe('GET /sm/v7/scripts/{scriptId}')
    expect(findingFor({ ...own, ...good }, set({ skipped: 'mayAct' })).routeToKeep).toBe(
      'GET /sm/v7/scripts/{scriptId}',
    )
    expect(findingFor({ ...own, ...good }, set(notFound)).routeToKeep).toBeUndefined()
  })
})

describe('an answer', () => {
  test('is reported with its rows, its record or its bytes', () => {
    const list = (more: Partial<RecordedAnswer>): string =>
      assessRecording([
        {
          operation: 'car_search_jobs',
          kind: 'own',
          route: 'POST /sm/v2/jobs/search',
          about: 'x',
          status: 200,
          held: true,
          ...more,
        },
      ]).find(({ operation }) => operation.name === 'car_search_jobs')?.reason ?? ''
    const rows = { count: 50, wrapped: true, sortValues: ['numeric text' as const] }
    expect(list({ rows })).toBe('POST /sm/v2/jobs/search, 50 rows')
    expect(list({ rows: { ...rows, total: '100-999' } })).toBe('POST /sm/v2/jobs/search, 50 rows of 100-999')
    expect(list({ bytes: 1_234 })).toBe('POST /sm/v2/jobs/search, 1,234 bytes of no type')
    expect(list({ sent: 'GET /sm/v2/jobs/search', rows })).toBe('GET /sm/v2/jobs/search, 50 rows')
    expect(findingFor({ ...own, ...good, record: undefined }).reason).toBe(
      `${route}, 900 bytes of application/json`,
    )
  })

  test('of other variants that work as well is named', () => {
    expect(findingFor({ ...own, ...good }, variant(good)).otherRoutes).toEqual([
      'GET /sm/v2/scripts/{scriptId}',
    ])
    expect(findingFor({ ...own, ...notFound }, variant(good)).otherRoutes).toEqual([])
  })

  test('without sort values cannot be walked', () => {
    const jobs = (sortValues: object): readonly string[] | undefined =>
      assessRecording([
        {
          operation: 'car_search_jobs',
          kind: 'own',
          route: 'POST /sm/v2/jobs/search',
          about: 'x',
          status: 200,
          held: true,
          record: { fields: {}, unknown: 0 },
          rows: { count: 5, wrapped: false, ...sortValues },
        },
      ]).find(({ operation }) => operation.name === 'car_search_jobs')?.drift?.problems
    expect(jobs({})).toContain('rows come without sortValues: lists end at row 9,999')
    expect(jobs({ sortValues: ['numeric text'] })).not.toContain(
      'rows come without sortValues: lists end at row 9,999',
    )
  })
})

test('findings cover the products that were probed', () => {
  const products = new Set(assessRecording([own]).map(({ operation }) => operation.name.split('_')[0]))
  expect([...products]).toEqual(['car'])
  expect(assessRecording([])).toEqual([])
  expect(assessRecording([own]).every(({ operation }) => operation.effect === 'read')).toBe(true)
})
