import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { SandboxClient } from '../sandbox-client.ts'
import { base64, scriptForms } from './bodies.ts'

type Row = Record<string, unknown>
interface Reference {
  id: string | number
  UUId: string
}

const day = 864e5
const hour = 36e5
let visitor: SandboxClient
let assets: Reference[]
let tag: Reference
/** Midnight of a future day, by the clock of the sandbox. */
let midnight: number
beforeAll(async () => {
  visitor = await SandboxClient.arrive({ jobs: 100 })
  assets = (await visitor.dump<{ id: number; uuid: string }>('assets'))
    .slice(0, 2)
    .map(({ id, uuid }) => ({ id, UUId: uuid }))
  const [first] = await visitor.dump<{ tagId: number; tagUuid: string }>('tags')
  tag = { id: first?.tagId ?? 0, UUId: first?.tagUuid ?? '' }
  midnight = (Math.floor((await visitor.advance(0)) / day) + 2) * day
})
beforeEach(async () => {
  await visitor.control('POST', 'reset')
})
afterAll(() => visitor.leave())

let titles = 0
const oneTime = (changes: object = {}) => ({
  title: `Schedule ${++titles}`,
  scripts: [{ id: 19218, title: 'Auto_script_22062022_074300047' }],
  scheduleType: 'ONE_TIME',
  startDate: String(midnight),
  startTime: String(midnight + 7 * hour),
  activate: true,
  assets,
  ...changes,
})
const recurring = (changes: object = {}) =>
  oneTime({
    scheduleType: 'RECURRING',
    recurrence: { frequency: 'WEEKLY', interval: 2 },
    endDate: String(midnight + 90 * day),
    ...changes,
  })
const create = (body: object) => visitor.post('/sm/v1/scripts/scheduler', body)
const createdId = async (body: object) => ((await create(body)).json.body as unknown as { id: string }).id
const read = async (id: string) => (await visitor.get(`/sm/v1/scheduler/${id}`)).json.body as unknown as Row
const update = (id: string, body: object) => visitor.post(`/sm/v1/scheduler/${id}`, body)
/** An update that changes nothing. */
const again = ({ title, scripts, scheduleType, startDate, startTime }: Row, changes: object = {}) => ({
  title,
  scripts,
  scheduleType,
  startDate,
  startTime,
  ...changes,
})

describe('create', () => {
  test('once', async () => {
    const answer = await create(oneTime({ title: 'Just once' }))
    expect(answer.json).toEqual({
      errorCode: '0',
      message: 'Schedule created successfully',
      body: { id: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    })
    const id = (answer.json.body as unknown as Row)['id']
    expect(await read(String(id))).toMatchObject({
      id,
      title: 'Just once',
      scheduleType: 'ONE_TIME',
      startDate: midnight,
      startTime: midnight + 7 * hour,
      activate: true,
      assets,
      assetTags: [],
      user: { name: 'sandbox_ab1' },
    })
    const { list } = await visitor.post('/sm/v1/scheduler/search', { pageSize: 1 })
    expect(list).toMatchObject([{ id }])
  })

  test('recurring, with every field', async () => {
    const body = recurring({
      activate: 'false',
      description: 'all of it',
      assets: [],
      assetTags: [tag],
      excludedAssets: [{ ...assets[0], id: String(assets[0]?.id) }],
      allTagsForAssetsEnabled: true,
      rebootAfterScriptExecution: true,
      rebootDelayInSeconds: 5,
      rebootDelayTimeUnit: 'minutes',
      executionPolicyBypassEnabled: true,
      user: { id: 'f0bb1f6a-2f0e-4a5e-8a63-0c7f2f1d9b11', name: 'x' },
    })
    expect(await read(await createdId(body))).toMatchObject({
      recurrence: { frequency: 'WEEKLY', interval: 2 },
      endDate: midnight + 90 * day,
      activate: false,
      description: 'all of it',
      assetTags: [tag],
      excludedAssets: [assets[0]],
      allTagsForAssetsEnabled: true,
      rebootAfterScriptExecution: true,
      rebootDelayInSeconds: 5,
      rebootDelayTimeUnit: 'minutes',
      executionPolicyBypassEnabled: true,
    })
  })

  test('with the parameters of the script, whose values are not stored', async () => {
    const { json } = await visitor.post('/sm/v5/script', scriptForms.parameterized)
    const { id } = json.body as unknown as { id: number }
    const params = ['service', 'größe'].map((key) => ({ key: base64(key), value: base64('canary') }))
    const script = { id, title: scriptForms.parameterized.title }
    expect((await create(oneTime({ scripts: [script] }))).json.message).toMatch(/Parameters are missing/)
    const row = await read(await createdId(oneTime({ scripts: [{ ...script, params }] })))
    expect(row['scripts']).toEqual([{ ...script, params: [{ key: 'service' }, { key: 'größe' }] }])
  })

  test('the same title twice', async () => {
    const body = oneTime()
    expect((await create(body)).status).toBe(200)
    const { status, json } = await create(body)
    expect([status, json.message]).toEqual([
      400,
      `Scheduler with the same title already exists: ${body.title}`,
    ])
  })

  test.each<[string, () => object, RegExp]>([
    ['without title', () => oneTime({ title: undefined }), /title is mandatory/],
    ['without scripts', () => oneTime({ scripts: undefined }), /scripts is mandatory/],
    ['with no script', () => oneTime({ scripts: [] }), /scripts must not be empty/],
    ['with an unknown script', () => oneTime({ scripts: [{ id: 1, title: 'x' }] }), /No script has the id 1/],
    ['with another title', () => oneTime({ scripts: [{ id: 19218, title: 'x' }] }), /and the title x/],
    ['without a title', () => oneTime({ scripts: [{ id: 19218 }] }), /scripts\[0\].title is mandatory/],
    ['of no type', () => oneTime({ scheduleType: undefined }), /scheduleType is mandatory/],
    ['of another type', () => oneTime({ scheduleType: 'DAILY' }), /ONE_TIME, RECURRING/],
    ['in the past', () => oneTime(at(midnight - 9 * day)), /The start is in the past/],
    ['with numbers for times', () => oneTime({ startTime: midnight }), /string of epoch milliseconds/],
    ['with ISO dates', () => oneTime({ startDate: '2030-01-01' }), /string of epoch milliseconds/],
    ['with a start off midnight', () => oneTime({ startDate: String(midnight + 1) }), /midnight UTC/],
    ['on another day', () => oneTime({ startTime: String(midnight + day) }), /on the day of startDate/],
    ['recurring without a rhythm', () => recurring({ recurrence: undefined }), /recurrence is mandatory/],
    ['recurring without an end', () => recurring({ endDate: undefined }), /endDate is mandatory/],
    ['ending before it starts', () => recurring({ endDate: String(midnight) }), /after the start/],
    [
      'in an unknown rhythm',
      () => recurring({ recurrence: { frequency: 'YEARLY', interval: 1 } }),
      /recurrence.frequency must be one of HOURLY/,
    ],
    [
      'every zero weeks',
      () => recurring({ recurrence: { frequency: 'WEEKLY', interval: 0 } }),
      /recurrence.interval must be/,
    ],
    ['once, again and again', () => recurring({ scheduleType: 'ONE_TIME' }), /for RECURRING schedules/],
    ['without targets', () => oneTime({ assets: [] }), /No asset and no asset tag/],
    ['on a wrong UUId', () => oneTime({ assets: [{ ...assets[0], UUId: 'x' }] }), /No such asset/],
    ['under an unknown tag', () => oneTime({ assetTags: [{ id: 1, UUId: 'x' }] }), /No such tag/],
    ['less a wrong asset', () => oneTime({ excludedAssets: [{ id: 1, UUId: 'x' }] }), /No such asset/],
    ['with an unknown field', () => oneTime({ timezone: 'UTC' }), /Unrecognized field "timezone"/],
    ['with ids in a string', () => oneTime({ assets: undefined, assetIds: '1' }), /"assetIds"/],
  ])('%s: refused', async (_, body, message) => {
    const before = (await visitor.dump('schedules')).length
    const { status, json } = await create(body())
    expect(json).toEqual({ errorCode: '400', message: expect.stringMatching(message), body: null })
    expect(status).toBe(400)
    expect((await visitor.dump('schedules')).length).toBe(before)
  })

  const at = (start: number) => ({ startDate: String(start), startTime: String(start + hour) })
})

describe('update', () => {
  test('keeps fields that are not named', async () => {
    const id = await createdId(recurring({ description: 'before', assetTags: [tag] }))
    const before = await read(id)
    const answer = await update(id, again(before, { description: 'after' }))
    expect(answer.json).toEqual({ body: { id } })
    const after = await read(id)
    expect(after).toEqual({
      ...before,
      description: 'after',
      updatedDateTime: after['updatedDateTime'],
    })
  })

  test('an unchanged start may be in the past, another one may not', async () => {
    const row = (await visitor.dump<Row>('schedules')).find((one) => one['scheduleType'] === 'RECURRING')
    const id = String(row?.['id'])
    expect((await update(id, again(row ?? {}))).status).toBe(200)
    const earlier = again(row ?? {}, { startTime: Number(row?.['startDate']) })
    expect((await update(id, earlier)).json.message).toMatch(/in the past/)
  })

  test('changes one kind into the other', async () => {
    const id = await createdId(recurring())
    const row = await read(id)
    expect((await update(id, again(row, { scheduleType: 'ONE_TIME' }))).status).toBe(200)
    expect(await read(id)).not.toHaveProperty('recurrence')
    const back = again(row, { recurrence: { frequency: 'DAILY', interval: 1 }, endDate: midnight + 3 * day })
    expect((await update(id, again(row))).json.message).toMatch(/recurrence is mandatory/)
    expect((await update(id, back)).status).toBe(200)
    expect(await read(id)).toMatchObject({ scheduleType: 'RECURRING', endDate: midnight + 3 * day })
  })

  test.each<[string, object, RegExp]>([
    ['times as strings', { startTime: '1' }, /startTime must be a whole number/],
    ['activate as a word', { activate: 'true' }, /activate must be true or false/],
    ['the title of another', { title: 'dfdfdfd' }, /already exists: dfdfdfd/],
    ['no targets', { assets: [], assetTags: [] }, /No asset and no asset tag/],
    ['no scripts', { scripts: undefined }, /scripts is mandatory/],
    ['an unknown field', { enabled: true }, /"enabled"/],
  ])('%s: refused', async (_, changes, message) => {
    const id = await createdId(oneTime())
    const before = await read(id)
    const { status, json } = await update(id, again(before, changes))
    expect([status, json.message]).toEqual([400, expect.stringMatching(message)])
    expect(await read(id)).toEqual(before)
  })
})

test('activate, deactivate and delete', async () => {
  const id = await createdId(oneTime({ activate: undefined }))
  expect(await read(id)).toMatchObject({ activate: false })
  const on = await visitor.post(`/sm/v1/scheduler/${id}/activate`, '')
  expect(on.json).toEqual({ body: 'Schedule activated successfully' })
  expect(await read(id)).toMatchObject({ activate: true })
  const off = await visitor.post(`/sm/v1/scheduler/${id}/deactivate`, {})
  expect(off.json).toEqual({ body: 'Schedule deactivated successfully' })
  expect(await read(id)).toMatchObject({ activate: false })
  const gone = await visitor.delete(`/sm/v1/scheduler/${id}`)
  expect(gone.json).toEqual({ body: 'Schedule deleted successfully' })
  for (const answer of [
    await visitor.get(`/sm/v1/scheduler/${id}`),
    await visitor.delete(`/sm/v1/scheduler/${id}`),
    await update(id, oneTime()),
    await visitor.post(`/sm/v1/scheduler/${id}/activate`, ''),
  ]) {
    expect(answer.status).toBe(404)
  }
  const { json } = await visitor.post('/sm/v1/scheduler/search', { filter: `id:${id}` })
  expect(json.body?.totalCount).toBe(0)
})

describe('a platform that stores something else', () => {
  test.each<[object, object, string[]]>([
    [{ scheduleTimes: 'shifted' }, { startTime: () => midnight + 8 * hour }, []],
    [{ scheduleStores: 'noTargets' }, { assets: () => [] }, []],
    [{ scheduleStores: 'noRecurrence' }, {}, ['recurrence']],
  ])('%j', async (knobs, stored, missing) => {
    await visitor.control('PATCH', 'knobs', knobs)
    const id = await createdId(recurring())
    const check = async () => {
      const row = await read(id)
      for (const [name, value] of Object.entries(stored)) expect(row[name]).toEqual(value())
      for (const name of missing) expect(row).not.toHaveProperty(name)
    }
    await check()
    await visitor.control('DELETE', 'knobs')
    const row = await read(id)
    const right = again(row, {
      startTime: midnight + 7 * hour,
      assets,
      recurrence: { frequency: 'WEEKLY', interval: 2 },
    })
    expect((await update(id, right)).status).toBe(200)
    expect(await read(id)).toMatchObject(right)
    await visitor.control('PATCH', 'knobs', knobs)
    expect((await update(id, right)).status).toBe(200)
    await check()
  })
})

test('who may activate', async () => {
  const [author, operations] = [await visitor.as('author'), await visitor.as('operations')]
  expect((await author.post('/sm/v1/scripts/scheduler', oneTime())).status).toBe(403)
  const { json } = await author.post('/sm/v1/scripts/scheduler', oneTime({ activate: false }))
  const { id } = json.body as unknown as { id: string }
  const row = await read(id)
  expect(row['user']).toMatchObject({ name: 'author' })
  const on = again(row, { activate: true })
  expect((await author.post(`/sm/v1/scheduler/${id}`, on)).json.message).toMatch(/schedule activate/)
  expect((await author.post(`/sm/v1/scheduler/${id}`, again(row, { activate: false }))).status).toBe(200)
  expect((await operations.post(`/sm/v1/scheduler/${id}`, on)).status).toBe(200)
  expect((await operations.post(`/sm/v1/scheduler/${id}/deactivate`, '')).status).toBe(200)
  expect((await author.delete(`/sm/v1/scheduler/${id}`)).status).toBe(200)
})
