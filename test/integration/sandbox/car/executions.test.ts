import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Answer, SandboxClient } from '../sandbox-client.ts'
import { base64, customScript, scriptForms } from './bodies.ts'

interface Target {
  id: number
  uuid: string
  name: string
  lab: boolean
  tags: { id: string }[]
}
interface LabTag {
  id: string
  tagUuid: string
  lab: boolean
}
interface HostRow {
  id: string
  enddate?: string
  output?: { code: number; text: string }
  scriptResult?: string
  asset: { id: number }
}

let visitor: SandboxClient
let free: Target[]
let lab: Target[]
let labTag: LabTag
let blockedAsset: Target
let blockedTag: LabTag
beforeAll(async () => {
  visitor = await SandboxClient.arrive({ jobs: 300, assets: 5_400 })
  const assets = await visitor.dump<Target>('assets')
  blockedAsset = (await visitor.dump<Target>('blocked-assets'))[0] as Target
  blockedTag = (await visitor.dump<LabTag>('blocked-tags'))[0] as LabTag
  const blocked = new Set((await visitor.dump<Target>('blocked-assets')).map(({ id }) => id))
  const holds = (asset: Target, tag: string) => asset.tags.some(({ id }) => id === tag)
  free = assets.filter((asset) => !asset.lab && !blocked.has(asset.id) && !holds(asset, blockedTag.id))
  lab = assets.filter((asset) => asset.lab)
  labTag = (await visitor.dump<LabTag>('tags')).find((tag) => tag.lab) as LabTag
})
beforeEach(async () => {
  await visitor.control('POST', 'reset')
})
afterAll(() => visitor.leave())

const approved = 19218
const run = (body: object, script: number | string = approved) =>
  visitor.post(`/sm/v1/scripts/${script}/execute`, body)
const onFree = (count: number, extra: object = {}) => ({
  assetIds: free
    .slice(0, count)
    .map(({ id }) => id)
    .join(','),
  ...extra,
})
const uuidOf = ({ json }: Answer) =>
  (json.body as unknown as { correlationUuid: string } | null)?.correlationUuid
const statusOf = async (status: string) =>
  (await visitor.dump<{ id: number; status: string }>('scripts')).find((script) => script.status === status)
    ?.id ?? 0

async function jobOf(answer: Answer): Promise<Record<string, unknown> | undefined> {
  const { list } = await visitor.post('/sm/v2/jobs/search', { filter: `correlationUuid:${uuidOf(answer)}` })
  return list[0]?.['data'] as Record<string, unknown> | undefined
}

/** Every asset job of a job, by searchAfter. */
async function hostsOf(job: unknown, extra: object = {}): Promise<HostRow[]> {
  const rows: HostRow[] = []
  for (let searchAfter: unknown; ; ) {
    const { list } = await visitor.post('/sm/v2/assetjobs/search', {
      filter: `job.id:${job}`,
      pageSize: 1000,
      sort: [{ 'created.dateTime': 'desc' }, { id: 'desc' }],
      ...extra,
      ...(searchAfter !== undefined && { searchAfter }),
    })
    if (list.length === 0) return rows
    rows.push(...list.map((row) => row['data'] as HostRow))
    searchAfter = list.at(-1)?.['sortValues']
  }
}

const total = async (filter: string) =>
  (await visitor.post('/sm/v2/assetjobs/search', { filter })).json.body?.totalCount

test('a run becomes a job, and its asset jobs end one by one', async () => {
  await visitor.control('PATCH', 'knobs', { jobDelayMs: 60_000, hostSeconds: 600 })
  const [before] = (await visitor.post('/sm/v1/jobs/search', { pageSize: 1 })).list
  const answer = await run(onFree(20, { description: 'twenty', excludedAssetIds: String(free[0]?.id) }))
  expect(answer.status).toBe(200)
  expect(answer.json).toEqual({ body: { correlationUuid: expect.stringMatching(/^[0-9a-f-]{36}$/) } })
  expect(await jobOf(answer)).toBeUndefined()
  expect((await visitor.post('/sm/v1/jobs/search', { pageSize: 1 })).list[0]).toEqual(before)

  await visitor.advance(60)
  const job = await jobOf(answer)
  expect(job).toMatchObject({
    executionType: 'Manual',
    test: false,
    isTest: false,
    scriptId: approved,
    correlationUuid: uuidOf(answer),
    id: String(Number(before?.['id']) + 1),
  })
  const created = job?.['created'] as { dateTime: number }
  expect(job?.['title']).toBe(`Auto_script_22062022_074300047-${Math.floor(created.dateTime / 1000)}`)
  expect((await visitor.post('/sm/v1/jobs/search', { pageSize: 1 })).list[0]).toEqual(job)

  const open: number[] = []
  for (let step = 0; step < 6; step++) {
    const rows = await hostsOf(job?.['id'])
    expect(rows).toHaveLength(19)
    expect(rows.every((row) => (row.output === undefined) === (row.enddate === undefined))).toBe(true)
    open.push(rows.filter((row) => row.enddate === undefined).length)
    await visitor.advance(250)
  }
  expect(open).toEqual([...open].sort((a, b) => b - a))
  expect(open[0]).toBeGreaterThan(open.at(-1) ?? 0)

  const rows = await hostsOf(job?.['id'], { includeScriptResult: true })
  const ended = rows.filter((row) => row.enddate !== undefined)
  expect(ended.every((row) => Date.parse(row.enddate ?? '') > created.dateTime)).toBe(true)
  expect(ended.every((row) => row.scriptResult !== undefined)).toBe(true)
  expect(ended.some(({ output }) => output?.code === 0)).toBe(true)
  expect(rows.map(({ asset }) => asset.id).sort()).toEqual(
    free
      .slice(1, 20)
      .map(({ id }) => id)
      .sort(),
  )
  expect(await total(`job.id:${job?.['id']} AND output.code >= 0`)).toBe(ended.length)
  const finished = await jobOf(answer)
  expect(Number(finished?.['updatedDateTime'])).toBeGreaterThan(created.dateTime)
  expect((await visitor.dump('executions')).at(-1)).toMatchObject({
    username: 'sandbox_ab1',
    scriptId: approved,
    asked: { description: 'twenty' },
  })
})

test('a small run ends, whatever the share of offline hosts', async () => {
  await visitor.control('PATCH', 'knobs', { offlineShare: 1, hostSeconds: 1 })
  const [small, large] = [await run(onFree(7)), await run(onFree(8))]
  await visitor.advance(30)
  const open = async (answer: Answer) =>
    (await hostsOf((await jobOf(answer))?.['id'])).filter((row) => row.enddate === undefined).length
  expect([await open(small), await open(large)]).toEqual([0, 8])
})

test.each([
  ['succeeded', [0]],
  ['failed', [1, 2, 5, 126, 1460]],
])('every host %s', async (executionOutcome, codes) => {
  await visitor.control('PATCH', 'knobs', {
    executionOutcome,
    hostSeconds: 0,
    jobDelayMs: 0,
    offlineShare: 0,
  })
  const rows = await hostsOf((await jobOf(await run(onFree(60))))?.['id'])
  expect([...new Set(rows.map(({ output }) => output?.code ?? -1))].sort((a, b) => a - b)).toEqual(codes)
})

test('asset jobs may appear one by one', async () => {
  await visitor.control('PATCH', 'knobs', { assetJobSpreadMs: 6_000_000 })
  const answer = await run(onFree(40))
  await visitor.advance(2_000)
  const job = (await jobOf(answer))?.['id']
  const early = await total(`job.id:${job}`)
  await visitor.advance(6_000)
  expect(early).toBeGreaterThan(0)
  expect(early).toBeLessThan(40)
  expect(await total(`job.id:${job}`)).toBe(40)
})

test('hosts print what the script echoes', async () => {
  const { json } = await visitor.post('/sm/v5/script', { ...customScript, scriptApprovalUserConsent: true })
  await visitor.control('PATCH', 'knobs', { executionOutcome: 'succeeded', hostSeconds: 0, jobDelayMs: 0 })
  const answer = await run(onFree(2), (json.body as unknown as { id: number }).id)
  const rows = await hostsOf((await jobOf(answer))?.['id'], { includeScriptResult: true })
  expect(rows.map((row) => Buffer.from(row.scriptResult ?? '', 'base64').toString()).sort()).toEqual(
    free
      .slice(0, 2)
      .map(({ name }) => `up on ${name}\n`)
      .sort(),
  )
})

test('5,000 hosts', async () => {
  const answer = await run(onFree(5_000))
  await visitor.advance(60)
  const rows = await hostsOf((await jobOf(answer))?.['id'])
  expect(new Set(rows.map(({ id }) => id)).size).toBe(5_000)
  const share = (of: (row: HostRow) => boolean) => rows.filter(of).length / rows.length
  expect(share(({ enddate }) => enddate === undefined)).toBeCloseTo(0.05, 1)
  expect(share(({ output }) => output?.code === 0)).toBeCloseTo(0.76, 1)
  expect(new Set(rows.map(({ output }) => output?.text)).size).toBe(7)
})

test('by tag, without the excluded ones', async () => {
  const allowed = new Set(free.map(({ id }) => id))
  const members = (tag: string) =>
    visitor.dump<Target>('assets').then((all) => all.filter(({ tags }) => tags.some(({ id }) => id === tag)))
  const held = await members('7512801')
  const blocked = held.filter(({ id, lab: isLab }) => !isLab && !allowed.has(id))
  const answer = await run({
    assetTagIds: '7512801',
    excludedAssetIds: blocked.map(({ id }) => id).join(', '),
  })
  await visitor.advance(2)
  expect(await hostsOf((await jobOf(answer))?.['id'])).toHaveLength(held.length - blocked.length)
})

describe('evaluation', () => {
  test('on lab assets and under lab tags, of a script that is not approved yet', async () => {
    const waiting = await statusOf('PENDING_TEST')
    const [asset] = lab
    const byAsset = { testMode: true, testAssets: [{ id: String(asset?.id), UUId: asset?.uuid }] }
    const byTag = { testMode: 'true', testTags: [{ id: labTag.id, UUId: labTag.tagUuid }], assetIds: '' }
    for (const body of [byAsset, byTag]) {
      const answer = await run(body, waiting)
      await visitor.advance(2)
      expect(await jobOf(answer)).toMatchObject({ test: true, isTest: true, scriptId: waiting })
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
  const kept = JSON.stringify((await visitor.dump('executions')).at(-1))
  expect(kept).toContain('service')
  expect(kept).not.toContain('canary')
})

test('answers carry the date of the clock that advance moves', async () => {
  const now = await visitor.advance(3_600)
  const { headers } = await visitor.get('/sm/v1/script-types')
  expect(Math.abs(Date.parse(headers.get('date') ?? '') - now)).toBeLessThan(60_000)
  expect((await visitor.control('POST', 'advance', { seconds: -1 })).status).toBe(400)
  expect((await visitor.control('POST', 'advance', {})).status).toBe(400)
})

test('the work can be done and its answer lost', async () => {
  const before = (await visitor.dump('executions')).length
  const route = 'POST /sm/v1/scripts/{scriptId}/execute'
  await visitor.control('PUT', 'faults', [{ route, kind: 'statusAfterBody', status: 502, times: 1 }])
  expect((await run(onFree(1))).status).toBe(502)
  await visitor.control('PUT', 'faults', [{ route, kind: 'resetAfterBody', times: 1 }])
  await expect(run(onFree(1))).rejects.toThrow()
  expect((await visitor.dump('executions')).length).toBe(before + 2)
})
