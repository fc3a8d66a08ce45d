import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Answer, SandboxClient } from '../sandbox-client.ts'
import { customScript } from './bodies.ts'
import { approved, execute, findJob, onFirst, type Target, targetsOf, uuidOf } from './execution.ts'

// An execution becomes a job, and its asset jobs appear and end with the time; also one whose answer is lost.

interface HostRow {
  id: string
  enddate?: string
  output?: { code: number; text: string }
  scriptResult?: string
  asset: { id: number }
}

let visitor: SandboxClient
let free: Target[]
beforeAll(async () => {
  visitor = await SandboxClient.arrive({ jobs: 300, assets: 5_400 })
  free = (await targetsOf(visitor)).free
})
beforeEach(async () => {
  await visitor.control('POST', 'reset')
})
afterAll(() => visitor.leave())

const run = (body: object, script?: number | string) => execute(visitor, body, script)
const onFree = (count: number, extra?: object) => onFirst(free, count, extra)
const jobOf = (answer: Answer) => findJob(visitor, answer)

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
