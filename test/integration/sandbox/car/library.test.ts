import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { SandboxClient } from '../sandbox-client.ts'

let visitor: SandboxClient
beforeAll(async () => {
  visitor = await SandboxClient.arrive({ jobs: 100 })
})
beforeEach(async () => {
  await visitor.control('POST', 'reset')
})
afterAll(() => visitor.leave())

const v1 = { title: 'Log4j from the library', categoryId: 1, approved: true, id: 234564 }
const v2 = { ...v1, typeId: 1, typeName: 'Custom Script', subType: 'Detection' }
const take = (version: number, body: object) => visitor.post(`/sm/v${version}/script-library/import`, body)

describe('import', () => {
  test.each([
    [2, v2, { status: 'APPROVED', typeName: 'Custom Script', subType: 'Detection' }],
    [
      2,
      { ...v2, approved: false, id: '234580', categoryId: '605' },
      { status: 'PENDING_TEST', platform: 'LINUX' },
    ],
    [
      2,
      { ...v2, typeId: 2, typeName: 'Custom QID', subType: undefined },
      { typeId: 2, subType: 'Detection' },
    ],
    [1, v1, { status: 'APPROVED', typeId: 1, title: v1.title }],
  ])('v%i %j', async (version, body, kept) => {
    const { status, json } = await take(version, body)
    expect(json).toEqual({
      errorCode: '0',
      message: 'Script created from library successfully',
      body: { id: expect.any(Number) },
    })
    expect(status).toBe(200)
    const { id } = json.body as unknown as { id: number }
    expect((await visitor.get(`/sm/v1/scripts/${id}`)).json.body).toMatchObject(kept)
  })

  test.each<[number, object, RegExp]>([
    [2, { ...v2, id: 1 }, /The library has no script 1/],
    [2, { ...v2, categoryId: 77 }, /No category/],
    [2, { ...v2, typeName: 'Custom QID' }, /typeName of type 1 is Custom Script/],
    [2, { ...v2, typeId: undefined }, /typeId is mandatory/],
    [2, { ...v2, subType: undefined }, /subType is mandatory/],
    [2, { ...v2, approved: undefined }, /approved is mandatory/],
    [2, { ...v2, approved: 'true' }, /approved must be true or false/],
    [2, { ...v2, categodyID: 1 }, /"categodyID"/],
    [1, v2, /"typeId"/],
  ])('v%i %j is refused', async (version, body, message) => {
    const { status, json } = await take(version, body)
    expect([status, json.message]).toEqual([400, expect.stringMatching(message)])
  })

  test('an author can import, but not approve', async () => {
    const author = await visitor.as('author')
    const path = '/sm/v2/script-library/import'
    expect((await author.post(path, v2)).json.message).toMatch(/script approve/)
    expect((await author.post(path, { ...v2, approved: false })).status).toBe(200)
  })

  test('the importable scripts can be listed', async () => {
    const library = await visitor.dump<{ id: number }>('library')
    expect(library.map(({ id }) => id)).toContain(234564)
  })
})

describe('invalid asset jobs', () => {
  const open = async () =>
    (await visitor.dump<{ id: string; outcome: string; created: { dateTime: number } }>('assetjobs')).filter(
      ({ outcome }) => outcome === 'open',
    )
  const remove = (ids: unknown) => visitor.post('/sm/v1/assetjobs/delete', { ids })

  test('are those that are open for over a day', async () => {
    const rows = await open()
    const ids = rows.map(({ id }) => Number(id))
    expect(ids.length).toBeGreaterThan(1)
    const [first = 0, ...others] = ids
    const message = { success: 'Ids are processed', failure: 'Ids are Invalid' }
    await visitor.advance(2 * 86_400)
    const { json } = await remove([String(first), 1])
    expect(json).toEqual({
      body: {
        success: { ids: [first], message: message.success },
        failure: { ids: [1], message: message.failure },
      },
    })
    expect((await open()).map(({ id }) => Number(id))).toEqual(others)
    const found = await visitor.post('/sm/v2/assetjobs/search', { filter: `id:${first}` })
    expect(found.json.body?.totalCount).toBe(0)
  })

  test('are not those that are younger, or ended', async () => {
    await visitor.control('PATCH', 'knobs', { hostSeconds: 10_000_000, jobDelayMs: 0 })
    await visitor.post('/sm/v1/scripts/19218/execute', { assetIds: '21789601' })
    const rows = await visitor.dump<{ id: string }>('assetjobs')
    const ids = [Number(rows[0]?.id), Number(rows.at(-1)?.id)]
    expect((await remove(ids)).json.body).toMatchObject({ success: { ids: [] }, failure: { ids } })
    await visitor.advance(86_401)
    expect((await remove(ids)).json.body).toMatchObject({ success: { ids: [ids[1]] } })
  })

  test.each([['x'], [undefined], [[]], [['a']]])('%j is refused', async (ids) => {
    expect((await remove(ids)).status).toBe(400)
  })
})

describe('reports', () => {
  const body = { reportName: 'Mine', templateName: 'Script Job Report', fileFormat: 'CSV' }
  const list = async () => (await visitor.get('/sm/v1/reports')).json['list'] as Record<string, unknown>[]

  test('are created, downloaded and deleted', async () => {
    const before = await list()
    const { status, json } = await visitor.post('/sm/v1/reports', { ...body, description: 'for the board' })
    expect(json).toEqual({
      message: 'Report generation started.',
      fileUuid: expect.any(String),
      resourceId: expect.any(String),
    })
    expect(status).toBe(200)
    const { fileUuid, resourceId } = json
    await visitor.control('PATCH', 'knobs', { reportSeconds: 60 })
    const slow = await visitor.post('/sm/v1/reports', body)
    expect((await list())[0]).toMatchObject({ status: 'IN_PROGRESS', createdBy: '422036547', ...body })
    expect((await visitor.get(`/sm/v1/reports/${slow.json['fileUuid']}/download`)).status).toBe(404)
    await visitor.advance(60)
    const [second, first] = await list()
    expect(second).toMatchObject({ status: 'COMPLETED', fileUuid: slow.json['fileUuid'] })
    expect(first).toMatchObject({ status: 'COMPLETED', fileUuid, resourceId, description: 'for the board' })
    const { text } = await visitor.get(`/sm/v1/reports/${resourceId}/download`)
    expect(Buffer.byteLength(text)).toBe(first?.['fileSize'])

    for (const id of [fileUuid, second?.['resourceId']]) {
      const gone = await visitor.delete(`/sm/v1/reports/${id}`)
      expect([gone.status, gone.json]).toEqual([200, { message: 'Report deleted successfully.' }])
      expect((await visitor.delete(`/sm/v1/reports/${id}`)).status).toBe(404)
    }
    expect(await list()).toEqual(before)
  })

  test.each<[object, RegExp]>([
    [{ reportName: undefined }, /reportName is mandatory/],
    [{ templateName: 'Other' }, /Script Job Report/],
    [{ fileFormat: 'PDF' }, /CSV/],
    [{ name: 'x' }, /"name"/],
  ])('%j: refused', async (changes, message) => {
    const { status, json } = await visitor.post('/sm/v1/reports', { ...body, ...changes })
    expect([status, json.message]).toEqual([400, expect.stringMatching(message)])
  })
})
