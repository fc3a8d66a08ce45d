import { describe, expect } from 'vitest'
import { connect } from '../../support/consent/raw-client.ts'
import { type Alterations, alteredPlatform } from '../../support/effects/altered-platform.ts'
import { effectRequests } from '../../support/sandbox.ts'
import { expectCount, most, test } from './fixtures.ts'

// QUALYS_MAX_ASSETS_PER_RUN against Qualys' own search. (Every answer: test/unit/limits/hosts.test.ts.)

const execute = 'car_execute_script'
const script = { scriptId: 19218 }

describe('a run', () => {
  test('on hosts by id, in both modes', async ({ fleet, callUnattended, callApproved }) => {
    const args = { ...script, assetIds: fleet.assets.slice(0, 3).map(({ id }) => id) }
    await expectCount(callUnattended, execute, args, 3)
    await expectCount(callApproved, execute, args, 3)
  })

  test('on hosts of a tag', async ({ fleet, callUnattended }) => {
    const tag = fleet.someTag()
    await expectCount(callUnattended, execute, { ...script, assetTagIds: [tag] }, fleet.hostsWith(tag).length)
  })

  test('on hosts of two tags, counting hosts with both once', async ({ fleet, callApproved }) => {
    const one = fleet.someTag()
    const other = fleet.someTag(one)
    const both = new Set([...fleet.hostsWith(one), ...fleet.hostsWith(other)])
    await expectCount(callApproved, execute, { ...script, assetTagIds: [one, other] }, both.size)
  })

  test('without an excluded host, if the tag has it', async ({ fleet, callUnattended }) => {
    const tag = fleet.someTag()
    const hosts = fleet.hostsWith(tag)
    const args = { ...script, assetTagIds: [tag], excludedAssetIds: [hosts[0]] }
    await expectCount(callUnattended, execute, args, hosts.length - 1)
  })

  test('on hosts of a lab tag', async ({ sandbox, fleet }) => {
    const tag = fleet.labTag()
    const hosts = fleet.hostsWith(tag)
    for (const [limit, sent] of [
      [hosts.length - 1, 0],
      [hosts.length, 1],
    ] as const) {
      const settings = { QUALYS_MODE: 'unattended', ...most(limit) }
      const client = await connect(sandbox, 'modern', { settings })
      // Lab tags are known after they were listed.
      await client.call('car_search_asset_tags', { filter: 'labTag:true' })
      const { text } = await client.call(execute, { ...script, testMode: true, testTags: [tag] })
      expect(await effectRequests(sandbox.control), text).toHaveLength(sent)
    }
  })

  test('on 25 hosts at most when nothing is set', async ({ fleet, callUnattended }) => {
    const assetIds = fleet.assets.slice(0, 26).map(({ id }) => id)
    expect((await callUnattended(execute, { ...script, assetIds: assetIds.slice(1) })).sent).toBe(1)
    expect((await callUnattended(execute, { ...script, assetIds })).sent).toBe(0)
  })

  test('on a tag that does not exist', async ({ callApproved }) => {
    const { sent, text } = await callApproved(execute, { ...script, assetTagIds: [999] }, most(1000))
    expect(sent).toBe(0)
    expect(text).toMatch(/how many hosts tag 999 has cannot be proved/)
  })
})

/** Filters by the tags of a host, with tokens that the platform does not know. */
const unknownTags: Alterations = { request: (_, body) => body.replaceAll('tags.', 'labels.') }
const unknownIds: Alterations = { request: (_, body) => body.replaceAll('tags.id', 'labels.id') }

describe.each(['ignore', 'nothing', 'reject'])('tokens that Qualys does not know: %s', (unknownToken) => {
  test('a tag whose hosts are unknown is over any limit', async ({ sandbox, fleet, callUnattended }) => {
    await sandbox.control.knobs({ unknownToken })
    const platform = await alteredPlatform(sandbox, unknownTags)
    const args = { ...script, assetTagIds: [fleet.someTag()] }
    const { sent, text } = await callUnattended(execute, args, most(1_000_000), platform)
    expect(sent).toBe(0)
    expect(text).toMatch(/cannot be proved, and an unknown number counts as more than the 1000000/)
  })

  test('a tag whose hosts are known by name only is counted', async ({ sandbox, fleet, callUnattended }) => {
    await sandbox.control.knobs({ unknownToken })
    const platform = await alteredPlatform(sandbox, unknownIds)
    const tag = fleet.someTag()
    const hosts = fleet.hostsWith(tag).length
    const args = { ...script, assetTagIds: [tag] }
    expect((await callUnattended(execute, args, most(hosts), platform)).sent).toBe(1)
    expect((await callUnattended(execute, args, most(hosts - 1), platform)).sent).toBe(0)
  })
})

test('an unreadable list of hosts is over any limit', async ({ sandbox, fleet, callUnattended }) => {
  const platform = await alteredPlatform(sandbox, {
    answer: (path) => (path.endsWith('/assets/search') ? { errorCode: 'X', message: 'no' } : undefined),
  })
  const args = { ...script, assetTagIds: [fleet.someTag()] }
  expect((await callUnattended(execute, args, most(25), platform)).sent).toBe(0)
})
