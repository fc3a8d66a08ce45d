import { expect, test } from 'vitest'
import { firstManager } from '../../../src/sandbox/data/accounts.ts'
import type { Asset, AssetJob, Job, Schedule, Script, Tag } from '../../../src/sandbox/data/car/rows.ts'
import { makeCarStore } from '../../../src/sandbox/data/car/store.ts'
import { vendorRoutes } from '../../../src/sandbox/server/routes.ts'
import { makeWorld } from '../../../src/sandbox/state/world.ts'

test('another seed gives other data', () => {
  const ids = (seed: number) => makeCarStore(seed, 500).jobs.map(({ correlationUuid }) => correlationUuid)
  expect(ids(1).slice(-50)).not.toEqual(ids(2).slice(-50))
})

test.each([1, 2, 3, 99])('the data of seed %i is consistent', (seed) => {
  const store = makeCarStore(seed, 15_000)
  const anchor = Date.parse('2026-11-20T12:00:00Z')
  const scripts = new Map<number, Script>(store.scripts.map((script) => [script.id, script]))
  const jobs = new Map<string, Job>(store.jobs.map((job) => [job.id, job]))
  const schedules = new Map<string, Schedule>(store.schedules.map((schedule) => [schedule.id, schedule]))
  const assets = new Map<number, Asset>(store.assets.map((asset) => [asset.id, asset]))
  const tags = new Set(store.tags.map(({ id }: Tag) => id))

  expect([scripts.size, jobs.size, schedules.size, assets.size, tags.size]).toEqual([
    120, 15_000, 40, 2_000, 60,
  ])
  expect(new Set(store.assets.map(({ name }) => name)).size).toBe(2_000)
  expect(new Set(store.assetJobs.map(({ id }: AssetJob) => id)).size).toBe(store.assetJobs.length)
  expect(store.assetJobs.length).toBeGreaterThan(40_000)
  expect(store.assetJobs.length).toBeLessThan(50_000)
  expect(jobs.has('80507')).toBe(true)
  expect(new Set(store.scripts.map(({ status }) => status)).size).toBe(5)
  expect(new Set(store.jobs.map(({ created }) => created.dateTime)).size).toBeLessThan(5_000)

  let moment = 0
  for (const job of store.jobs) {
    const script = scripts.get(job.scriptId)
    expect(job.created.dateTime).toBeGreaterThanOrEqual(moment)
    moment = job.created.dateTime
    if (!script || script.created.dateTime > moment || job.updatedDateTime > anchor) throw new Error(job.id)
    if (job.schedulerId !== undefined) {
      const schedule = schedules.get(job.schedulerId)
      if (schedule?.scripts[0]?.id !== job.scriptId || schedule.created.dateTime > moment)
        throw new Error(job.id)
    }
    if ((job.executionType === 'Automated') !== (job.schedulerId !== undefined)) throw new Error(job.id)
  }
  for (const row of store.assetJobs) {
    const job = jobs.get(row.job.id)
    if (job?.scriptId !== row.script.id || assets.get(row.asset.id)?.platform !== job.platform)
      throw new Error(row.id)
    if ((row.outcome === 'open') !== (row.enddate === undefined)) throw new Error(row.id)
    if (row.enddate !== undefined && Date.parse(row.enddate) > anchor) throw new Error(row.id)
    if (row.enddate !== undefined && Date.parse(row.enddate) < row.created.dateTime) throw new Error(row.id)
  }
  const newest = store.assetJobs.filter((row) => row.job.id === store.jobs.at(-1)?.id)
  expect(new Set(newest.map(({ outcome }) => outcome)).size).toBe(4)
  for (const { tags: held } of store.assets) expect(held.every(({ id }) => tags.has(id))).toBe(true)
})

test('ids grow past five digits, so that text and number order differ', () => {
  const ids = makeCarStore(1, 15_000).jobs.map(({ id }) => id)
  expect([...ids].sort()).not.toEqual(ids)
  expect(ids.map(Number)).toEqual([...ids].map(Number).sort((a, b) => a - b))
})

test('a change is seen by the next search', async () => {
  const world = makeWorld({ jobs: 100 })
  const route = vendorRoutes['POST /sm/v1/scripts/search']
  const request = {
    method: 'POST',
    path: '',
    params: {},
    query: {},
    headers: {},
    body: '',
    from: '',
    skew: 0,
  }
  const call = { ...request, account: firstManager, world }
  const count = async () => {
    const { content } = (await route?.handle(call)) ?? {}
    return content && 'json' in content
      ? (content.json as { body: { totalCount: number } }).body.totalCount
      : -1
  }
  expect(await count()).toBe(120)
  const removed = world.store.change(['scripts'], () => world.store.scripts.pop())
  expect(removed?.id).toBeGreaterThan(19218)
  expect(await count()).toBe(119)
})
