import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { SandboxClient } from '../sandbox-client.ts'
import { base64, scriptForms } from './bodies.ts'
import { approved, execute, findJob, type LabTag, onFirst, type Target, targetsOf } from './execution.ts'

// Which targets, parameters and scripts an execution may have, in test mode or not; others are refused.

let visitor: SandboxClient
let free: Target[]
let lab: Target[]
let labTag: LabTag
let blockedAsset: Target
let blockedTag: LabTag
beforeAll(async () => {
  visitor = await SandboxClient.arrive({ jobs: 300, assets: 5_400 })
  ;({ free, lab, labTag, blockedAsset, blockedTag } = await targetsOf(visitor))
})
beforeEach(async () => {
  await visitor.control('POST', 'reset')
})
afterAll(() => visitor.leave())

const run = (body: object, script?: number | string) => execute(visitor, body, script)
const onFree = (count: number, extra?: object) => onFirst(free, count, extra)
const statusOf = async (status: string) =>
  (await visitor.dump<{ id: number; status: string }>('scripts')).find((script) => script.status === status)
    ?.id ?? 0

describe('evaluation', () => {
  test('on lab assets and under lab tags, of a script that is not approved yet', async () => {
    const waiting = await statusOf('PENDING_TEST')
    const [asset] = lab
    const byAsset = { testMode: true, testAssets: [{ id: String(asset?.id), UUId: asset?.uuid }] }
    const byTag = { testMode: 'true', testTags: [{ id: labTag.id, UUId: labTag.tagUuid }], assetIds: '' }
    for (const body of [byAsset, byTag]) {
      const answer = await run(body, waiting)
      await visitor.advance(2)
      expect(await findJob(visitor, answer)).toMatchObject({ test: true, isTest: true, scriptId: waiting })
    }
  })

  test.each<[string, () => object, RegExp]>([
    ['without targets', () => ({ testMode: true }), /needs testAssets or testTags/],
    ['on plain targets', () => ({ testMode: true, ...onFree(1) }), /needs testAssets/],
    ['of both kinds', () => ({ ...labBody(), ...onFree(1) }), /cannot be given in testMode/],
    ['unsaid', () => ({ ...labBody(), testMode: false }), /need testMode/],
    ['on an asset of no lab', () => labBody({ id: free[0]?.id, UUId: free[0]?.uuid }), /Not a lab asset/],
    ['with the UUId of another', () => labBody({ id: lab[0]?.id, UUId: lab[1]?.uuid }), /not its UUId: \d+/],
    ['without UUId', () => labBody({ id: String(lab[0]?.id) }), /testAssets\[0\].UUId is mandatory/],
    ['with uuid', () => labBody({ id: '1', UUId: 'x', uuid: 'x' }), /"testAssets\[0\].uuid"/],
    [
      'under a tag of no lab',
      () => ({ testMode: true, testTags: [{ id: blockedTag.id, UUId: blockedTag.tagUuid }] }),
      /Not a lab tag/,
    ],
    ['in a word', () => labBody(undefined, 'yes'), /testMode must be true or false/],
  ])('%s: refused', async (_, body, message) => {
    expect((await run(body())).json.message).toMatch(message)
  })

  const labBody = (reference?: object, testMode: unknown = true) => ({
    testMode,
    testAssets: [reference ?? { id: String(lab[0]?.id), UUId: lab[0]?.uuid }],
  })
})

describe('refused', () => {
  test.each<[string, () => object, RegExp]>([
    ['without targets', () => ({}), /No asset and no asset tag/],
    ['with empty targets', () => ({ assetIds: '', assetTagIds: '' }), /No asset and no asset tag/],
    [
      'with everything excluded',
      () => ({ ...onFree(1), excludedAssetIds: onFree(1).assetIds }),
      /No asset is left/,
    ],
    ['on unknown assets', () => ({ assetIds: '5,6' }), /No such asset: 5, 6/],
    ['under an unknown tag', () => ({ assetTagIds: '5' }), /No such asset tag: 5/],
    ['with an unknown exclusion', () => onFree(1, { excludedAssetIds: '5' }), /No such excluded asset: 5/],
    ['on a list', () => ({ assetIds: [1] }), /string of ids separated by commas/],
    ['on a name', () => ({ assetIds: '1;2' }), /ids separated by commas/],
    [
      'on a blocked asset',
      () => ({ assetIds: `${free[0]?.id},${blockedAsset.id}` }),
      /Blocked assets: \S+ \(/,
    ],
    ['under a blocked tag', () => ({ assetTagIds: blockedTag.id }), /Blocked asset tags: /],
    [
      'with parameters',
      () => onFree(1, { params: [{ key: base64('a'), value: '' }] }),
      /no such parameters: a/,
    ],
    ['with an unknown field', () => onFree(1, { assets: [] }), /Unrecognized field "assets"/],
    ['with another unit', () => onFree(1, { rebootDelayTimeUnit: 'days' }), /hours, minutes, seconds/],
  ])('%s', async (_, body, message) => {
    const before = (await visitor.dump('executions')).length
    const { status, json } = await run(body())
    expect(json).toEqual({ errorCode: '400', message: expect.stringMatching(message), body: null })
    expect(status).toBe(400)
    expect((await visitor.dump('executions')).length).toBe(before)
  })

  test('an asset under a blocked tag, by name', async () => {
    const held = (await visitor.dump<Target>('assets')).find(({ tags }) =>
      tags.some(({ id }) => id === blockedTag.id),
    )
    const { json } = await run({ assetIds: String(held?.id) })
    expect(json.message).toBe(`Blocked assets: ${held?.name} (${held?.id})`)
  })

  test.each([
    ['PENDING_TEST', false],
    ['PENDING_APPROVAL', false],
    ['REJECTED', true],
    ['DEPRECATED', true],
  ])('a script in status %s', async (status, evenInTest) => {
    const script = await statusOf(status)
    expect((await run(onFree(1), script)).json.message).toMatch(`its status is ${status}`)
    const [asset] = lab
    const body = { testMode: true, testAssets: [{ id: asset?.id, UUId: asset?.uuid }] }
    expect((await run(body, script)).status).toBe(evenInTest ? 400 : 200)
  })

  test('a script that does not exist', async () => {
    expect((await run(onFree(1), 1)).status).toBe(404)
  })

  test('more than a user may execute in a day', async () => {
    const author = await visitor.as('sandbox_cd2', 'sandbox2')
    const other = () => author.post(`/sm/v1/scripts/${approved}/execute`, onFree(1))
    await visitor.control('PATCH', 'knobs', { executionsPerDay: 2 })
    expect([(await other()).status, (await other()).status]).toEqual([200, 200])
    expect((await other()).json).toMatchObject({ errorCode: '400', message: /2 times a day/ })
    await visitor.advance(86_400)
    expect((await other()).status).toBe(200)
  })
})

test('a parameterized script needs exactly its parameters', async () => {
  const { json } = await visitor.post('/sm/v5/script', {
    ...scriptForms.parameterized,
    scriptApprovalUserConsent: true,
  })
  const { id } = json.body as unknown as { id: number }
  const [service, size] = [
    { key: base64('service'), value: base64('canary-value') },
    { key: base64('größe'), value: '' },
  ]
  expect((await run(onFree(1), id)).json.message).toMatch(/missing: service, größe/)
  expect((await run(onFree(1, { params: [service] }), id)).json.message).toMatch(/missing: größe/)
  const surplus = { params: [service, size, { key: base64('x'), value: '' }] }
  expect((await run(onFree(1, surplus), id)).json.message).toMatch(/no such parameters: x/)
  expect((await run(onFree(1, { params: [service, size, size] }), id)).status).toBe(400)
  expect((await run(onFree(1, { params: [size, service] }), id)).status).toBe(200)
  const receivedKeys = async () => {
    await run(onFree(1, { params: [service, size] }), id)
    const { asked } = (await visitor.dump<{ asked: { params: string[] } }>('executions')).at(-1) ?? {}
    return asked?.params
  }
  expect(await receivedKeys()).toEqual(['service', 'größe'])
  await visitor.control('PATCH', 'knobs', { emptyParameters: 'dropped' })
  expect(await receivedKeys()).toEqual(['service'])
  const kept = JSON.stringify((await visitor.dump('executions')).at(-1))
  expect(kept).toContain('service')
  expect(kept).not.toContain('canary')
})
