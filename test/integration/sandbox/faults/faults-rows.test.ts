import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { XmlElement } from '../../../../src/sandbox/xml/writer.ts'
import { at, SaqClient, within } from '../saq/saq-client.ts'

// Faults that alter rows, in JSON and in XML, and those that refuse in their own format.

type Row = Record<string, unknown>

const jobs = 'POST /sm/v2/jobs/search'
const users = 'POST /qps/rest/1.0/search/saq/user'

let saq: SaqClient
beforeAll(async () => {
  saq = await SaqClient.arrive()
})
beforeEach(async () => {
  await saq.visitor.control('POST', 'reset')
})
afterAll(() => saq.leave())

const put = async (...faults: object[]): Promise<void> => {
  const { status, text } = await saq.visitor.control('PUT', 'faults', faults)
  expect(status, text).toBe(200)
}

const search = () => saq.visitor.post('/sm/v2/jobs/search', { pageSize: 3, sort: [{ id: 'asc' }] })
const job = async (): Promise<Row> => (await search()).list[0]?.['data'] as Row
const user = async (): Promise<XmlElement | undefined> => {
  const { rows } = await saq.post('search/saq/user')
  return rows.find((row) => within(row, 'tags').length > 0)
}
const names = (element: XmlElement | undefined) => element?.children.map(({ name }) => name) ?? []

describe('fields in JSON', () => {
  test('are dropped, also in nested objects', async () => {
    const clean = await job()
    await put({ route: jobs, kind: 'dropField', fields: ['title', 'created.dateTime', 'nothing.of.it'] })
    const { title: _, created, ...others } = clean
    const { dateTime: __, ...author } = created as Row
    expect(await job()).toEqual({ ...others, created: author })
  })

  test('get other names, and keep their position', async () => {
    const clean = await job()
    const fields = { title: 'heading', 'created.dateTime': 'at' }
    await put({ route: jobs, kind: 'renameField', fields })
    const bent = await job()
    const { title, created, ...others } = clean
    const { dateTime, ...author } = created as Row
    expect(bent).toEqual({ ...others, heading: title, created: { ...author, at: dateTime } })
    expect(Object.keys(bent).indexOf('heading')).toBe(Object.keys(clean).indexOf('title'))
  })

  test('change their type', async () => {
    const { id, title, created, category } = await job()
    const fields = ['id', 'title', 'created.dateTime', 'category']
    await put({ route: jobs, kind: 'retypeField', fields })
    expect(await job()).toMatchObject({
      id: Number(id),
      title: [title],
      created: { dateTime: String((created as Row)['dateTime']) },
      category: [category],
    })
  })

  test('are null except the id, and the envelope stays', async () => {
    const [clean, { json: before }] = [await job(), await search()]
    await put({ route: jobs, kind: 'nullFields' })
    const bent = await job()
    expect(Object.keys(bent)).toEqual(Object.keys(clean))
    expect(Object.entries(bent).filter(([, value]) => value !== null)).toEqual([['id', clean['id']]])
    const { json } = await search()
    expect([json.errorCode, json.body?.totalCount]).toEqual([before.errorCode, before.body?.totalCount])
  })

  test('are joined by unknown fields', async () => {
    const clean = await job()
    await put({ route: jobs, kind: 'extraFields' })
    expect(await job()).toEqual({ ...clean, newName: 'new', newCount: 7, newPart: { newFlag: true } })
  })

  test('of one record change as those of rows do', async () => {
    await put({ route: '*', kind: 'dropField', fields: ['title'] })
    expect((await saq.visitor.get('/sm/v1/scripts/19218')).json.body).not.toHaveProperty('title')
    expect((await saq.visitor.get('/sm/v1/scripts/19218')).json.body).toHaveProperty('severity')
  })
})

describe('fields in XML', () => {
  test('are dropped, also in nested lists', async () => {
    const clean = await user()
    await put({ route: users, kind: 'dropField', fields: ['lastName', 'tags.Tag.name'] })
    const bent = await user()
    expect(names(bent)).toEqual(names(clean).filter((name) => name !== 'lastName'))
    expect(within(bent, 'tags').map(names)).toEqual(within(clean, 'tags').map(() => ['id']))
  })

  test('get other names', async () => {
    const clean = await user()
    await put({ route: users, kind: 'renameField', fields: { firstName: 'givenName', 'tags.Tag': 'Label' } })
    const bent = await user()
    expect(at(bent, 'givenName')).toBe(at(clean, 'firstName'))
    expect(at(bent, 'firstName')).toBeUndefined()
    expect(at(bent, 'tags.Label.id')).toBe(at(clean, 'tags.Tag.id'))
  })

  test('become elements, or move one level deeper', async () => {
    const clean = await user()
    await put({ route: users, kind: 'retypeField', fields: ['firstName', 'tags'] })
    const bent = await user()
    expect([at(bent, 'firstName')?.trim(), at(bent, 'firstName.value')]).toEqual(['', at(clean, 'firstName')])
    expect(at(bent, 'tags.value.Tag.id')).toBe(at(clean, 'tags.Tag.id'))
  })

  test('are empty except the id; unknown ones are added', async () => {
    const clean = await saq.row('user', 400591)
    await put({ route: '*', kind: 'nullFields' })
    const empty = await saq.row('user', 400591)
    expect(names(empty)).toEqual(names(clean))
    expect(empty?.children.filter(({ text, children }) => text !== '' || children.length > 0)).toEqual([
      clean?.children.find(({ name }) => name === 'id'),
    ])
    await put({ route: '*', kind: 'extraFields' })
    const more = await saq.row('user', 400591)
    expect(names(more)).toEqual([...names(clean), 'newName', 'newCount', 'newPart'])
    expect(at(more, 'newPart.newFlag')).toBe('true')
  })
})

describe('an error inside a success', () => {
  test('on the gateway: an errorCode, and no body', async () => {
    await put({ route: jobs, kind: 'errorInside' })
    expect(await search()).toMatchObject({ status: 200, json: { errorCode: '500', body: null } })
    await put({ route: jobs, kind: 'errorInside', code: 4711 })
    expect((await search()).json.errorCode).toBe('4711')
  })

  test('on the API server: a responseCode', async () => {
    await put({ route: users, kind: 'errorInside' })
    expect(await saq.post('search/saq/user')).toMatchObject({ status: 200, code: 'INVALID_REQUEST' })
    await put({ route: users, kind: 'errorInside', code: 'LIMIT_EXCEEDED' })
    expect((await saq.post('search/saq/user')).code).toBe('LIMIT_EXCEEDED')
  })
})

describe('limits', () => {
  test.each([
    ['the gateway', jobs, () => search()],
    ['the API server', users, () => saq.post('search/saq/user')],
  ] as const)('%s gives its hint only at the second time', async (_, route, ask) => {
    await put({ route, kind: 'limit', hint: 'late', toWaitSec: 3, times: 3 })
    const hints: (string | null)[] = []
    for (let turn = 0; turn < 4; turn++) hints.push((await ask()).headers.get('x-ratelimit-towait-sec'))
    expect(hints).toEqual([null, '3', '3', null])
    expect((await ask()).status).toBe(200)
  })

  test.each([
    ['hyphen', 'x-concurrency-limit'],
    ['joined', 'x-concurrencylimit'],
  ])('of concurrent calls, in the spelling %s', async (spelling, header) => {
    for (const [route, ask, status] of [
      [jobs, search, 429],
      [users, () => saq.post('search/saq/user'), 409],
    ] as const) {
      await put({ route, kind: 'limit', code: 1960, spelling })
      const answer = await ask()
      const announced = ['x-concurrency-limit', 'x-concurrencylimit'].filter((name) =>
        answer.headers.has(`${name}-limit`),
      )
      expect([answer.status, announced, answer.headers.get(`${header}-running`)]).toEqual([
        status,
        [header],
        '2',
      ])
      expect(answer.headers.get('x-ratelimit-towait-sec')).toBeNull()
    }
  })
})

test('maintenance: a page without a hint, from both servers', async () => {
  await put({ route: '*', kind: 'maintenance' })
  for (const { status, headers, text } of [await search(), await saq.post('search/saq/user')]) {
    expect([status, headers.get('retry-after'), headers.get('x-ratelimit-towait-sec')]).toEqual([
      503,
      null,
      null,
    ])
    expect(headers.get('content-type')).toBe('text/html;charset=utf-8')
    expect(text).toContain('under maintenance')
  }
})
