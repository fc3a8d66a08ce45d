import { expect } from 'vitest'
import { searchAssets } from '../../../src/operations/car/assets.ts'
import { searchAssetJobs } from '../../../src/operations/car/runs.ts'
import { testOn } from '../../support/fixtures.ts'
import type { TestSandbox } from '../../support/sandbox.ts'

// Look-ups by id, over HTTP. (Their requests and cache: test/unit/effects/lookup-cache.test.ts.)

const path = '/sm/v1/assets/search'
const test = testOn({ jobs: 200, assets: 1_200 }, { QUALYS_MAX_WAIT_SECONDS: '0' })
const requests = async ({ control }: TestSandbox) =>
  (await control.requests()).filter((seen) => seen.path === path)

test('rows of a listed page need no look-up', async ({ sandbox, session }) => {
  const answer = await session.call(searchAssets, { pageSize: 5 })
  const listed = answer.kind === 'page' ? answer.rows.map(({ id }) => String(id)) : []
  expect(listed).toHaveLength(5)
  expect((await session.find(searchAssets, listed)).size).toBe(5)
  expect(await requests(sandbox)).toHaveLength(1)
})

test.for<readonly [string, object, number]>([
  ['as it is', {}, 2],
  ['refused', { kind: 'reply', status: 400, body: { message: 'no such token' } }, 4],
])('150 ids by a filter that is %s', async ([, fault, most], { sandbox, session }) => {
  const hosts = (await sandbox.control.dump('assets')) as unknown as { id: number; name: string }[]
  if ('kind' in fault) await sandbox.control.faults([{ route: `POST ${path}`, times: 1, ...fault }])
  const wanted = hosts.slice(950, 1_100)
  expect(wanted).toHaveLength(150)
  const found = await session.find(
    searchAssets,
    wanted.map(({ id }) => String(id)),
  )
  expect([...found.values()].map(({ name }) => name)).toEqual(wanted.map(({ name }) => name))
  expect(await requests(sandbox)).toHaveLength(most)
})

test('outputs of hosts do not pile up in memory', async ({ session }) => {
  const answer = await session.call(searchAssetJobs, { includeOutput: true, pageSize: 50 })
  const listed = answer.kind === 'page' ? answer.rows : []
  const long = listed.find(({ scriptResult }) => String(scriptResult).length > 2_000)
  if (!long) throw new Error('no output is long enough')
  const id = String(long['id'])
  expect((await session.find(searchAssetJobs, [id])).get(id)).not.toHaveProperty('scriptResult')
  expect(long).toHaveProperty('scriptResult')
})
