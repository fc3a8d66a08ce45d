import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Answer, SandboxClient } from '../sandbox-client.ts'
import { approved, execute, findJob, onFirst, type Target, targetsOf, uuidOf } from './execution.ts'

// What tests can set for runs: hosts that never answer, shares that fail, limits, and runs that others start.

interface HostRow {
  enddate?: string
  output?: { code: number }
  asset: { id: number }
}

let visitor: SandboxClient
let free: Target[]
let lab: Target[]
beforeAll(async () => {
  visitor = await SandboxClient.arrive({ jobs: 300, assets: 2_000 })
  ;({ free, lab } = await targetsOf(visitor))
})
beforeEach(async () => {
  await visitor.control('POST', 'reset')
  await visitor.control('PATCH', 'knobs', { offlineShare: 0, hostSeconds: 1, jobDelayMs: 0 })
})
afterAll(() => visitor.leave())

const onFree = (count: number, extra?: object) => onFirst(free, count, extra)
const onLab = (count: number) => ({
  testMode: true,
  testAssets: lab.slice(0, count).map(({ id, uuid }) => ({ id: String(id), UUId: uuid })),
})
const knobs = (settings: object) => visitor.control('PATCH', 'knobs', settings)

/** The results of a run once every host had time to answer. */
async function resultsOf(answer: Answer): Promise<HostRow[]> {
  await visitor.advance(60)
  const job = await findJob(visitor, answer)
  const search = { filter: `job.id:${job?.['id']}`, pageSize: 2_000 }
  const { list } = await visitor.post('/sm/v2/assetjobs/search', search)
  return list.map((row) => row['data'] as HostRow)
}
const run = async (body: object) => resultsOf(await execute(visitor, body))
const failedOn = (rows: readonly HostRow[]) =>
  rows.flatMap(({ asset, output }) => (output !== undefined && output.code !== 0 ? [asset.id] : [])).sort()
const openOn = (rows: readonly HostRow[]) =>
  rows.flatMap(({ asset, enddate }) => (enddate === undefined ? [asset.id] : [])).sort()
const idsOf = (targets: readonly Target[]) => targets.map(({ id }) => id).sort()

describe('hosts that never answer', () => {
  test('are those that are named, in runs of any size, also evaluations', async () => {
    const silent = [...idsOf(free.slice(0, 2)), ...idsOf(lab.slice(0, 1))]
    expect((await visitor.control('PUT', 'silent', silent)).json).toEqual(silent)
    expect((await visitor.control('GET', 'silent')).json).toEqual(silent)
    expect(openOn(await run(onFree(3)))).toEqual(idsOf(free.slice(0, 2)))
    expect(openOn(await run(onLab(2)))).toEqual(idsOf(lab.slice(0, 1)))
    expect((await visitor.control('DELETE', 'silent')).json).toEqual([])
    expect(openOn(await run(onFree(3)))).toEqual([])
  })

  test('have no result where the knob says so; the others end as before', async () => {
    await knobs({ silentHosts: 'unlisted', offlineShare: 1 })
    expect(await run(onFree(8))).toEqual([])
    await knobs({ offlineShare: 0 })
    await visitor.control('PUT', 'silent', idsOf(free.slice(0, 1)))
    const rows = await run(onFree(3))
    expect(rows.map(({ asset }) => asset.id).sort()).toEqual(idsOf(free.slice(1, 3)))
    expect(openOn(rows)).toEqual([])
  })

  test('are as silent in a run that started before they were named as they were then', async () => {
    const answer = await execute(visitor, onFree(3))
    await visitor.control('PUT', 'silent', idsOf(free.slice(0, 3)))
    expect(openOn(await resultsOf(answer))).toEqual([])
  })

  test('are none after a reset', async () => {
    await visitor.control('PUT', 'silent', idsOf(free.slice(0, 1)))
    await visitor.control('POST', 'reset')
    expect((await visitor.control('GET', 'silent')).json).toEqual([])
  })

  test.each([[{}], [['5']], [[0]], [[5]]])('%j is refused', async (body) => {
    expect((await visitor.control('PUT', 'silent', body)).status).toBe(400)
  })
})

describe('shares of hosts that fail', () => {
  test('are those of the next runs, exactly, rounded up; then the knob counts again', async () => {
    await knobs({ executionOutcome: 'failed' })
    expect((await visitor.control('PUT', 'failures', [0, 0.5, 0.1, 1])).json).toEqual([0, 0.5, 0.1, 1])
    expect(failedOn(await run(onLab(2)))).toEqual([])
    expect((await visitor.control('GET', 'failures')).json).toEqual([0.5, 0.1, 1])
    expect(failedOn(await run(onFree(5)))).toHaveLength(3)
    // 0.1 * 30 is a little more than 3.
    expect(failedOn(await run(onFree(30)))).toHaveLength(3)
    expect(failedOn(await run(onFree(4)))).toHaveLength(4)
    expect((await visitor.control('GET', 'failures')).json).toEqual([])
    await knobs({ executionOutcome: 'succeeded' })
    expect(failedOn(await run(onFree(4)))).toEqual([])
  })

  test('choose the same hosts each time', async () => {
    const chosen = async () => {
      await visitor.control('POST', 'reset')
      await knobs({ offlineShare: 0, hostSeconds: 1, jobDelayMs: 0 })
      await visitor.control('PUT', 'failures', [0.3])
      return failedOn(await run(onFree(20)))
    }
    const first = await chosen()
    expect(first).toHaveLength(6)
    expect(await chosen()).toEqual(first)
  })

  test('count hosts that never answer, and choose among the others', async () => {
    await visitor.control('PUT', 'silent', idsOf(free.slice(0, 3)))
    await visitor.control('PUT', 'failures', [0.5, 1])
    const rows = await run(onFree(4))
    expect([failedOn(rows), openOn(rows)]).toEqual([idsOf(free.slice(3, 4)), idsOf(free.slice(0, 3))])
    expect(failedOn(await run(onFree(6)))).toEqual(idsOf(free.slice(3, 6)))
  })

  test('stay for the next run where one is refused', async () => {
    await visitor.control('PUT', 'failures', [1])
    expect((await execute(visitor, {})).status).toBe(400)
    expect((await visitor.control('GET', 'failures')).json).toEqual([1])
    expect((await visitor.control('DELETE', 'failures')).json).toEqual([])
  })

  test.each([[{}], [[2]], [['0.5']], [[-0.1]], [0.5]])('%j is refused', async (body) => {
    expect((await visitor.control('PUT', 'failures', body)).status).toBe(400)
  })
})

describe("a colleague's run in the portal", () => {
  test('shows as a manual run of that script, without a request to the API', async () => {
    await visitor.control('PUT', 'failures', [1])
    await visitor.control('DELETE', 'requests')
    const assetIds = idsOf(free.slice(0, 2))
    const started = await visitor.control('POST', 'portal-run', { scriptId: approved, assetIds, test: true })
    expect(started.json).toMatchObject({ username: 'sandbox_cd2', scriptId: approved, test: true, assetIds })
    expect((await visitor.control('GET', 'requests')).json).toEqual([])
    const filter = `correlationUuid:${started.json['correlationUuid']}`
    const { list } = await visitor.post('/sm/v2/jobs/search', { filter })
    const { jobId: id } = started.json
    expect(list[0]?.['data']).toMatchObject({ id, executionType: 'Manual', scriptId: approved, test: true })
    // It is no wave of a plan.
    expect((await visitor.control('GET', 'failures')).json).toEqual([1])
  })

  test('is a day’s execution of the colleague, not of the caller', async () => {
    await knobs({ executionsPerDay: 1 })
    await visitor.control('POST', 'portal-run', { scriptId: approved, assetIds: [free[0]?.id] })
    expect((await execute(visitor, onFree(1))).status).toBe(200)
    const colleague = await visitor.as('sandbox_cd2', 'sandbox2')
    expect((await execute(colleague, onFree(1))).json.message).toMatch(/1 times a day/)
  })

  test.each([
    [{}, /scriptId/],
    [{ scriptId: 1, assetIds: [1] }, /scriptId/],
    [{ scriptId: approved }, /assetIds/],
    [{ scriptId: approved, assetIds: [] }, /No asset/],
    [{ scriptId: approved, assetIds: [5] }, /No such asset: 5/],
    [{ scriptId: approved, assetIds: [5], test: 'yes' }, /test/],
    [{ scriptId: approved, assetIds: [5], description: 5 }, /description/],
  ])('%j is refused', async (body, message) => {
    const { status, json } = await visitor.control('POST', 'portal-run', body)
    expect([status, json.message]).toEqual([400, expect.stringMatching(message)])
  })
})

test('a run shows its description only with the knob, in both versions', async () => {
  const answer = await execute(visitor, onFree(1, { description: 'wave 1 abcdefghijkl' }))
  const plain = await execute(visitor, onFree(1))
  const shown = async (of: Answer) => {
    const search = { filter: `correlationUuid:${uuidOf(of)}` }
    const flat = await visitor.post('/sm/v1/jobs/search', search)
    return [(await findJob(visitor, of))?.['description'], flat.list[0]?.['description']]
  }
  expect(await shown(answer)).toEqual([undefined, undefined])
  await knobs({ runDescriptions: 'shown' })
  expect(await shown(answer)).toEqual(['wave 1 abcdefghijkl', 'wave 1 abcdefghijkl'])
  expect(await findJob(visitor, plain)).not.toHaveProperty('description')
})

test('a list of hosts may be too long, by id and not under a tag', async () => {
  await knobs({ maxRunHosts: 2 })
  expect((await execute(visitor, onFree(2))).status).toBe(200)
  expect((await execute(visitor, onLab(2))).status).toBe(200)
  const { status, json } = await execute(visitor, onFree(3))
  expect(status).toBe(400)
  const message = 'A script can be executed on 2 assets, not on 3'
  expect(json).toEqual({ errorCode: '400', message, body: null })
  expect((await execute(visitor, onLab(3))).status).toBe(400)
  const labTag = (await targetsOf(visitor)).labTag
  const byTag = { testMode: true, testTags: [{ id: labTag.id, UUId: labTag.tagUuid }] }
  expect((await run(byTag)).length).toBeGreaterThan(2)
})

test('a run on 1,000 hosts is one page of results', async () => {
  await visitor.control('PUT', 'failures', [0.05])
  const rows = await run(onFree(1_000))
  expect(rows).toHaveLength(1_000)
  expect(failedOn(rows)).toHaveLength(50)
})

test('a run is created at the time of the Date header, however far the clock was moved', async () => {
  for (const hours of [0, 5, 24 * 365]) {
    await visitor.advance(hours * 3600)
    const answer = await execute(visitor, onFree(1))
    const job = await findJob(visitor, answer)
    const created = job?.['created'] as { dateTime: number } | undefined
    // A header has whole seconds.
    const date = Date.parse(answer.headers.get('date') ?? '')
    expect(created?.dateTime).toBeGreaterThan(date - 5_000)
    expect(created?.dateTime).toBeLessThan(date + 1_000)
  }
})
