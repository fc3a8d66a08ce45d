import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { SandboxClient } from './sandbox-client.ts'

interface Wrapped {
  sortValues: (string | number)[]
  data: { id: string; created: { dateTime: number } }
}

let visitor: SandboxClient
beforeAll(async () => {
  visitor = await SandboxClient.arrive()
})
beforeEach(async () => {
  await visitor.control('POST', 'reset')
})
afterAll(() => visitor.leave())

const unique = [{ 'created.dateTime': 'desc' }, { id: 'desc' }]
const jobs = (body: unknown) => visitor.post('/sm/v2/jobs/search', body)
const ids = (list: unknown[]) => (list as Wrapped[]).map(({ data }) => data.id)

async function walk(sort: object[], pageSize: number): Promise<string[]> {
  const seen: string[] = []
  for (let searchAfter: unknown; ; ) {
    const { status, list } = await jobs({ sort, pageSize, searchAfter })
    expect(status).toBe(200)
    seen.push(...ids(list))
    if (list.length < pageSize) return seen
    searchAfter = (list.at(-1) as unknown as Wrapped).sortValues
  }
}

describe('pages', () => {
  test('ten rows by default, and the full count', async () => {
    const { json, list } = await jobs({})
    expect(json).toMatchObject({ errorCode: null, message: null, body: { totalCount: 15_000 } })
    expect(list).toHaveLength(10)
    expect((await visitor.post('/sm/v1/assettags/search', '')).list).toHaveLength(10)
  })

  test('pageNumber counts from 0, and both come as numbers or strings', async () => {
    const all = ids((await jobs({ sort: unique, pageSize: 30 })).list)
    const second = await jobs({ sort: unique, pageSize: '10', pageNumber: '1' })
    expect(ids(second.list)).toEqual(all.slice(10, 20))
  })

  test.each([
    { pageSize: 10_000 },
    { pageSize: 1_000, pageNumber: 9 },
    { pageSize: 1, pageNumber: 9_999 },
    { pageSize: 0 },
    { pageSize: -1 },
    { pageSize: 1.5 },
    { pageSize: 'ten' },
    { pageNumber: -1 },
    { pageNumber: null, pageSize: true },
    { filter: 7 },
    { sort: 'created.dateTime desc' },
    { sort: { id: 'desc' } },
    { sort: [{ id: 'up' }] },
    { sort: [{ id: 'asc', title: 'asc' }] },
    { sort: ['id'] },
    { sort: [{ nonsense: 'asc' }] },
    { startAt: 'yesterday' },
    { endAt: '2025-02-31T00:00:00Z' },
    { startAt: 1674216006119 },
    { searchAfter: [1, '2'] },
    { sort: unique, searchAfter: [1] },
    { sort: unique, searchAfter: ['1674216006119', '25943'] },
    { sort: unique, searchAfter: [1674216006119, 25943] },
    { sort: unique, searchAfter: 25943 },
    { sort: unique, searchAfter: [1674216006119, '25943'], pageNumber: 1 },
  ])('400: %o', async (body) => {
    const { status, json } = await jobs(body)
    expect(status).toBe(400)
    expect(json).toEqual({ errorCode: '400', message: expect.any(String), body: null })
  })

  test.each(['[]', 'null', '"x"', '{', '7'])('400: the body %s', async (body) => {
    expect((await jobs(body)).status).toBe(400)
  })

  test('the result limit is 9,999', async () => {
    expect((await jobs({ pageSize: 9_999 })).list).toHaveLength(9_999)
    expect((await jobs({ pageSize: 1, pageNumber: 9_998 })).list).toHaveLength(1)
    expect((await jobs({ pageSize: 2_000, pageNumber: 3 })).list).toHaveLength(2_000)
    expect((await jobs({ pageSize: 2_000, pageNumber: 4 })).json.message).toMatch(/searchAfter/)
  })

  test('a page after the last row is empty', async () => {
    const { list, json } = await visitor.post('/sm/v1/scheduler/search', { pageNumber: 50 })
    expect(list).toEqual([])
    expect(json).toEqual({ body: { totalCount: 40, list: [] } })
  })

  test('undocumented fields are accepted, unless strictBody is set', async () => {
    expect((await visitor.post('/sm/v1/jobs/search', { searchAfter: 'x', limit: 3 })).status).toBe(200)
    await visitor.control('PATCH', 'knobs', { strictBody: true })
    expect((await visitor.post('/sm/v1/jobs/search', { searchAfter: [1] })).json.message).toMatch(
      /searchAfter/,
    )
    expect((await jobs({ filter: '', sort: unique, pageSize: 1 })).status).toBe(200)
  })
})

describe('searchAfter', () => {
  test.each([1_000, 1_999])('walks all 15,000 jobs exactly once, %i at a time', async (pageSize) => {
    const seen = await walk(unique, pageSize)
    const stored = await visitor.dump<{ id: string }>('jobs')
    expect(seen).toHaveLength(15_000)
    expect(new Set(seen)).toEqual(new Set(stored.map(({ id }) => id)))
  })

  test('loses rows where the sort keys are not unique', async () => {
    const seen = await walk([{ 'created.dateTime': 'desc' }], 1_000)
    expect(seen.length).toBeLessThan(15_000)
  })

  test('compares ids as text', async () => {
    const { list } = await jobs({ sort: [{ id: 'asc' }], pageSize: 3, searchAfter: ['99999'] })
    expect(list).toEqual([])
    const lowest = ids((await jobs({ sort: [{ id: 'asc' }], pageSize: 1 })).list)
    expect(lowest[0]).toMatch(/^1\d{5}$/)
  })

  test('continues after a row that does not exist', async () => {
    const { list } = await jobs({ sort: unique, pageSize: 1, searchAfter: [1674216006120, '0'] })
    expect(ids(list)).toEqual(['25943'])
  })

  test('works on asset jobs and assets, whose ids are numbers', async () => {
    const body = { sort: '[{"name":"asc"}]', pageSize: 1_500 }
    const first = await visitor.post('/sm/v1/assets/search', body)
    const searchAfter = first.list.at(-1)?.['sortValues']
    const second = await visitor.post('/sm/v1/assets/search', { ...body, searchAfter })
    const names = [...first.list, ...second.list].map((row) => row['name'])
    expect(new Set(names).size).toBe(2_000)
    const byId = { sort: [{ id: 'asc' }], pageSize: 1 }
    expect((await visitor.post('/sm/v1/assets/search', { ...byId, searchAfter: ['1'] })).status).toBe(400)
    expect((await visitor.post('/sm/v1/assets/search', { ...byId, searchAfter: [1] })).list).toHaveLength(1)
    expect(
      (await visitor.post('/sm/v2/assetjobs/search', { ...byId, searchAfter: ['5'] })).list,
    ).toHaveLength(1)
  })
})

describe('sort', () => {
  test('accepts an array, a string that holds one, and other capitalization', async () => {
    const asArray = await jobs({ sort: unique })
    const asString = await jobs({ sort: '[ {"created.dateTime":"desc"},\n {"id":"desc"} ]' })
    const capital = await jobs({ sort: [{ 'Created.dateTime': 'DESC' }, { ID: 'desc' }] })
    expect(asString.json).toEqual(asArray.json)
    expect(capital.json).toEqual(asArray.json)
  })

  test('missing values come last in both directions', async () => {
    for (const direction of ['asc', 'desc']) {
      const { list } = await jobs({ sort: [{ schedulerId: direction }], pageSize: 1 })
      expect(list[0]?.['data']).toHaveProperty('schedulerId')
    }
  })

  test('rows with equal keys come in another order each time', async () => {
    const [tie] = [...sameMoment(await visitor.dump<Wrapped['data']>('jobs'))].filter(
      (group) => group.length > 7,
    )
    const at = new Date(tie?.[0]?.created.dateTime ?? 0).toISOString()
    const once = async () =>
      ids((await jobs({ startAt: at, endAt: at, sort: [{ 'created.dateTime': 'desc' }], pageSize: 50 })).list)
    const orders = new Set<string>()
    for (let attempt = 0; attempt < 8; attempt++) orders.add((await once()).join())
    expect(orders.size).toBeGreaterThan(2)
    await visitor.control('PATCH', 'knobs', { shuffleTies: false })
    expect(await once()).toEqual(await once())
  })
})

function sameMoment<Item extends { created: { dateTime: number } }>(rows: Item[]): Item[][] {
  const groups = new Map<number, Item[]>()
  for (const row of rows) groups.set(row.created.dateTime, [...(groups.get(row.created.dateTime) ?? []), row])
  return [...groups.values()]
}

test('startAt and endAt bound created.dateTime', async () => {
  const startAt = '2025-03-01T00:00:00.000Z'
  const endAt = '2025-03-31T23:59:59.999+0000'
  const stored = await visitor.dump<Wrapped['data']>('jobs')
  const within = stored.filter(
    ({ created }) =>
      created.dateTime >= Date.parse(startAt) && created.dateTime < Date.parse('2025-04-01T00:00Z'),
  )
  const { json } = await jobs({ startAt, endAt })
  expect(json.body?.totalCount).toBe(within.length)
  expect(within.length).toBeGreaterThan(0)
})

test('v1 rows are flat, v2 rows are wrapped, sortValues can be omitted', async () => {
  const flat = await visitor.post('/sm/v1/jobs/search', { sort: unique })
  const wrapped = await jobs({ sort: unique })
  expect(flat.list).toEqual(wrapped.list.map((row) => row['data']))
  await visitor.control('PATCH', 'knobs', { sortValues: false })
  expect((await jobs({})).list[0]).not.toHaveProperty('sortValues')
})
