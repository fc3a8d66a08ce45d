import { expect } from 'vitest'
import { connect, yes } from '../../support/consent/raw-client.ts'
import { effectRequests } from '../../support/sandbox.ts'
import { test } from './fixtures.ts'

// QUALYS_RUN_BY_TAG, as it goes over the wire. (Its rules: test/unit/limits/run-by-tag.test.ts.)

const wide = { QUALYS_MAX_ASSETS_PER_RUN: '200', QUALYS_UNVERIFIED: 'all' }
const sorted = (ids: readonly number[]): string => [...ids].sort((a, b) => a - b).join(',')

test('a run by tag holds the hosts that were shown, and no tag', async ({ sandbox, fleet }) => {
  const tag = fleet.someTag()
  const [spared = 0, ...others] = fleet.hostsWith(tag)
  const client = await connect(sandbox, 'modern', { settings: { ...wide, QUALYS_MODE: 'confirm' } })
  const args = { scriptId: 19218, assetTagIds: [tag], excludedAssetIds: [spared] }
  const { text } = await client.callAndAnswer('car_execute_script', args, yes)
  expect(text).toContain(`sent as the ${others.length} host`)
  const requests = await effectRequests(sandbox.control)
  expect(requests.map(({ body }) => JSON.parse(body) as unknown)).toEqual([
    { testMode: false, assetIds: sorted(others) },
  ])
})

test('a run by lab tag holds the hosts with their UUIDs', async ({ sandbox, fleet }) => {
  const tag = fleet.labTag()
  const client = await connect(sandbox, 'modern', { settings: { ...wide, QUALYS_MODE: 'unattended' } })
  await client.call('car_search_asset_tags', { filter: 'labTag:true' })
  await client.call('car_execute_script', { scriptId: 19218, testMode: true, testTags: [tag] })
  const bodies = (await effectRequests(sandbox.control)).map(({ body }) => JSON.parse(body) as unknown)
  const uuids = new Map(
    (await sandbox.control.dump('assets')).map(({ id, uuid }) => [Number(id), String(uuid)]),
  )
  const hosts = [...fleet.hostsWith(tag)].sort((a, b) => a - b)
  expect(bodies).toEqual([
    { testMode: true, testAssets: hosts.map((id) => ({ id: String(id), UUId: uuids.get(id) })) },
  ])
})

test('a run by tag holds the tag where the operator says so', async ({ sandbox, fleet }) => {
  const tag = fleet.someTag()
  const settings = { ...wide, QUALYS_MODE: 'unattended', QUALYS_RUN_BY_TAG: 'tag' }
  const client = await connect(sandbox, 'modern', { settings })
  const { text } = await client.call('car_execute_script', { scriptId: 19218, assetTagIds: [tag] })
  expect(text).toContain('which hosts they hold may change until it runs')
  const requests = await effectRequests(sandbox.control)
  expect(requests.map(({ body }) => JSON.parse(body) as unknown)).toEqual([
    { testMode: false, assetTagIds: tag },
  ])
})
