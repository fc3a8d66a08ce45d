import { describe, expect, test } from 'vitest'
import { AnswerStore } from '../../../src/cli/probe/answer-store.ts'
import type { Probe } from '../../../src/cli/probe/probe.ts'
import { requestVariants } from '../../../src/cli/probe/request-variants.ts'
import { operations } from '../../../src/operations/index.ts'

// Filters and forms of requests: what is sent to an account, and what its answer shows beside the known list.

const question = (kind: string, tool: string, about: string): Probe => {
  const found = requestVariants.find(
    (one) => one.kind === kind && one.operation.name === tool && one.about === about,
  )
  if (!found) throw new Error(`nobody asks ${kind} ${tool} ${about}`)
  return found
}
const operationOf = (name: string) => {
  const found = operations.find((operation) => operation.name === name)
  if (!found) throw new Error(name)
  return found
}

/** What is known, if these lists returned these rows. */
function knownOf(lists: Readonly<Record<string, readonly object[]>>, total?: number): AnswerStore {
  const known = new AnswerStore()
  for (const [name, rows] of Object.entries(lists)) {
    const operation = operationOf(name)
    known.add(operation, { rows, ...(total !== undefined && { total }) })
  }
  return known
}

const jobs = [
  { sortValues: [9, '80507'], data: { id: '80507', title: 'Nightly "Backup"-1700000000', scriptId: 19218 } },
  { sortValues: [8, '80506'], data: { id: '80506', title: 'Patch', scriptId: 7 } },
]

describe('a filter is probed', () => {
  const filter = (kind: string, tool: string, about: string, known: AnswerStore): unknown => {
    const prepared = question(kind, tool, about).prepare(known)
    return typeof prepared === 'string' ? prepared : prepared.args['filter']
  }
  const known = knownOf({
    car_search_jobs: jobs,
    car_search_assets: [
      { id: 5, tags: [] },
      { id: 6, tags: [{ id: 7, name: 'EMEA' }] },
    ],
    car_search_asset_tags: [{ id: 1, name: 'first' }],
    car_search_scripts: [{ id: 3 }],
  })

  test.each([
    ['car_search_jobs', 'scriptId', 'scriptId:19218'],
    ['car_search_asset_jobs', 'job.id', 'job.id:80507'],
    ['car_search_assets', 'id', 'id:5'],
    ['car_search_assets', 'tags.id', 'tags.id:7'],
    ['car_search_assets', 'tags.name', 'tags.name:EMEA'],
    ['car_search_scripts', 'status', 'status:APPROVED'],
    ['car_search_scripts', 'id', 'id:3'],
  ])('%s by %s: %s', (tool, about, text) => expect(filter('token', tool, about, known)).toBe(text))

  test('with the title of a script without its time, never with quotes in it', () => {
    expect(filter('token', 'car_search_jobs', 'script.name', known)).toBe('nothingToCompare')
    const plain = knownOf({
      car_search_jobs: [{ sortValues: [1], data: { id: '1', title: 'Backup-1700000000' } }],
    })
    expect(filter('token', 'car_search_jobs', 'script.name', plain)).toBe('script.name:Backup')
  })

  test('by the first tag, where no host has one', () => {
    const tagless = knownOf({
      car_search_assets: [{ id: 5 }],
      car_search_asset_tags: [{ id: 1, name: 'first' }],
    })
    expect(filter('token', 'car_search_assets', 'tags.name', tagless)).toBe('tags.name:first')
  })

  test.each([
    ['texts', (uuid: string) => uuid],
    ['objects', (uuid: string) => ({ id: uuid })],
  ])('by the UUIDs of tags that hosts show as %s', (_, form) => {
    const uuid = '0479cf1f-0a8e-4a9d-9d3a-6c4a90f1f0b2'
    const sister = knownOf({
      car_search_assets: [{ id: 'a', assetId: 20032549, tags: [form(uuid)] }],
      car_search_asset_tags: [
        { id: 1, name: 'first', tagUuid: '1' },
        { id: 2, name: 'EMEA', tagUuid: uuid },
      ],
    })
    const asked = (about: string) => filter('token', 'car_search_assets', about, sister)
    expect(asked('tags')).toBe(`tags:${uuid}`)
    expect(asked('tags.id')).toBe(`tags.id:${uuid}`)
    expect(asked('tags.name')).toBe('tags.name:EMEA')
    expect(asked('assetId')).toBe('assetId:20032549')
  })

  test('by the UUID of a tag that the list of tags shows', () => {
    const tagUuid = '0479cf1f-0a8e-4a9d-9d3a-6c4a90f1f0b2'
    const plain = knownOf({
      car_search_assets: [{ id: 6, tags: [{ id: 7, name: 'EMEA' }] }],
      car_search_asset_tags: [{ id: 7, name: 'EMEA', tagUuid }],
    })
    expect(filter('token', 'car_search_assets', 'tags', plain)).toBe(`tags:${tagUuid}`)
    expect(filter('token', 'car_search_assets', 'assetId', plain)).toBe('nothingToCompare')
  })

  test('also with a value that no row has', () => {
    expect(filter('control', 'car_search_jobs', 'scriptId', known)).toMatch(/^scriptId:0{10,}$/)
  })

  test('not where no list had anything to compare with', () => {
    for (const one of requestVariants.filter(({ kind }) => kind !== 'way'))
      expect(one.prepare(new AnswerStore())).toBe('nothingToCompare')
  })
})

describe('a filter finds', () => {
  const { check: result } = question('token', 'car_search_jobs', 'scriptId')
  const known = knownOf({ car_search_jobs: jobs }, 100)
  const prepared = { args: {} }

  test.each([
    [{ rows: [], total: 0 }, 'none'],
    [{ rows: [1], total: 99 }, 'fewer'],
    [{ rows: [1], total: 100 }, 'all'],
    [{ rows: [1], total: 101 }, 'more'],
    [{ rows: [1] }, 'unknown'],
    [{}, 'none'],
  ])('%j: %s', (payload, said) => expect(result?.(payload, known, prepared, '')).toBe(said))

  test('an unknown number, where the list has no total', () => {
    const other = knownOf({ car_search_jobs: jobs })
    expect(result?.({ rows: [1], total: 5 }, other, prepared, '')).toBe('unknown')
  })
})

describe('the row after the first', () => {
  const { prepare, check: result } = question('way', 'car_search_jobs', 'searchAfter')
  const known = knownOf({ car_search_jobs: jobs })

  test('is requested by the sort values of the first', () => {
    expect(prepare(known)).toMatchObject({ params: { searchAfter: [9, '80507'], pageSize: 1 } })
  })

  test('is not requested where there is one row, or no sort values', () => {
    expect(prepare(knownOf({ car_search_jobs: jobs.slice(0, 1) }))).toBe('nothingToCompare')
    expect(prepare(knownOf({ car_search_jobs: [{ id: '1' }, { id: '2' }] }))).toBe('nothingToCompare')
  })

  test.each([
    [[{ sortValues: [8], data: { id: '80506' } }], 'next row'],
    [[{ sortValues: [9], data: { id: '80507' } }], 'same row'],
    [[{ sortValues: [7], data: { id: '1' } }], 'other rows'],
    [[], 'no row'],
  ])('arrived: %j is %s', (rows, said) => expect(result?.({ rows }, known, { args: {} }, '')).toBe(said))

  test.each(['startFromOffset', 'id GREATER'])('of SAQ is requested by %s', (about) => {
    const users = knownOf({ saq_search_users: [{ id: 11 }, { id: 12 }] })
    const one = question('way', 'saq_search_users', about)
    expect(one.prepare(users)).toMatchObject({ params: { preferences: { limitResults: 1 } } })
    expect(one.check?.({ rows: [{ id: 12 }] }, users, { args: {} }, '')).toBe('next row')
  })
})

describe('other forms', () => {
  test.each([
    [[], 'none'],
    [[{ id: 1 }], 'same row'],
    [[{ id: 1 }, { id: 9 }], 'other rows'],
  ])('lab tags: %j beside the usual ones are %s', (rows, said) => {
    const known = knownOf({ car_search_asset_tags: [{ id: 1 }, { id: 2 }] })
    const { check: result } = question('way', 'car_search_asset_tags', 'filter labTag')
    expect(result?.({ rows }, known, { args: {} }, '')).toBe(said)
  })

  test.each([
    ['application/json', 'JSON'],
    ['text/xml', 'XML'],
  ])('an answer of type %s is %s', (mediaType, said) => {
    const { check: result } = question('way', 'saq_count_users', 'answer as JSON')
    expect(result?.({}, new AnswerStore(), { args: {} }, mediaType)).toBe(said)
  })

  test.each([
    ['car_search_jobs', 'sort as text', 'string'],
    ['car_search_schedules', 'sort as array', 'object'],
  ])('%s: %s', (tool, about, type) => {
    const prepared = question('way', tool, about).prepare(new AnswerStore())
    if (typeof prepared === 'string') throw new Error(prepared)
    expect(typeof prepared.params?.['sort']).toBe(type)
  })

  test('count with a filter, which is another method', () => {
    const { operation } = question('way', 'saq_count_templates', 'count with a filter')
    const provided = { secret: () => '', lookup: () => undefined }
    expect(operation.request?.({}, provided)).toMatchObject({ body: expect.anything() })
  })
})
