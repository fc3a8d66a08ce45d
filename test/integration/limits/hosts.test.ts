import { describe, expect } from 'vitest'
import { connect } from '../../support/consent/raw-client.ts'
import { type Alterations, alteredPlatform } from '../../support/effects/altered-platform.ts'
import { effectsAt } from '../../support/sandbox.ts'
import { expectCount, most, test } from './fixtures.ts'

// QUALYS_MAX_ASSETS_PER_RUN against Qualys' own search. (Every answer to it: test/unit/limits/hosts.test.ts.)

const execute = 'car_execute_script'
const script = { scriptId: 19218 }

describe('a run', () => {
  test('on hosts by id, in both modes', async ({ fleet, unasked, asked }) => {
    const args = { ...script, assetIds: fleet.assets.slice(0, 3).map(({ id }) => id) }
    await expectCount(unasked, execute, args, 3)
    await expectCount(asked, execute, args, 3)
  })

  test('on hosts of a tag', async ({ fleet, unasked }) => {
    const tag = fleet.someTag()
    await expectCount(unasked, execute, { ...script, assetTagIds: [tag] }, fleet.hostsWith(tag).length)
  })

  test('on hosts of two tags, those of both once', async ({ fleet, asked }) => {
    const one = fleet.someTag()
    const other = fleet.someTag(one)
    const both = new Set([...fleet.hostsWith(one), ...fleet.hostsWith(other)])
    await expectCount(asked, execute, { ...script, assetTagIds: [one, other] }, both.size)
  })

  test('less an excluded host, if the tag has it', async ({ fleet, unasked }) => {
    const tag = fleet.someTag()
    const hosts = fleet.hostsWith(tag)
    const args = { ...script, assetTagIds: [tag], excludedAssetIds: [hosts[0]] }
    await expectCount(unasked, execute, args, hosts.length - 1)
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
      // Lab tags are known to who has listed them.
      await client.call('car_search_asset_tags', { filter: 'labTag:true' })
      const { text } = await client.call(execute, { ...script, testMode: true, testTags: [tag] })
      expect(await effectsAt(sandbox.control), text).toHaveLength(sent)
    }
  })

  test('on 25 hosts at most when nothing is set', async ({ fleet, unasked }) => {
    const assetIds = fleet.assets.slice(0, 26).map(({ id }) => id)
    expect((await unasked(execute, { ...script, assetIds: assetIds.slice(1) })).sent).toBe(1)
    expect((await unasked(execute, { ...script, assetIds })).sent).toBe(0)
  })

  test('on a tag that does not exist', async ({ asked }) => {
    const { sent, text } = await asked(execute, { ...script, assetTagIds: [999] }, most(1000))
    expect(sent).toBe(0)
    expect(text).toMatch(/how many hosts tag 999 has cannot be proved/)
  })
})

/** Filters by the tags of a host, under names that the platform does not know. */
const unknownTags: Alterations = { request: (_, body) => body.replaceAll('tags.', 'labels.') }
const unknownIds: Alterations = { request: (_, body) => body.replaceAll('tags.id', 'labels.id') }

describe.each(['ignore', 'nothing', 'reject'])('tokens that Qualys does not know: %s', (unknownToken) => {
  test('a tag whose hosts are not told is over any limit', async ({ sandbox, fleet, unasked }) => {
    await sandbox.control.knobs({ unknownToken })
    const platform = await alteredPlatform(sandbox, unknownTags)
    const args = { ...script, assetTagIds: [fleet.someTag()] }
    const { sent, text } = await unasked(execute, args, most(1_000_000), platform)
    expect(sent).toBe(0)
    expect(text).toMatch(/cannot be proved, and an unknown number counts as more than the 1000000/)
  })

  test('a tag whose hosts are told by name alone is counted', async ({ sandbox, fleet, unasked }) => {
    await sandbox.control.knobs({ unknownToken })
    const platform = await alteredPlatform(sandbox, unknownIds)
    const tag = fleet.someTag()
    const hosts = fleet.hostsWith(tag).length
    const args = { ...script, assetTagIds: [tag] }
    expect((await unasked(execute, args, most(hosts), platform)).sent).toBe(1)
    expect((await unasked(execute, args, most(hosts - 1), platform)).sent).toBe(0)
  })
})

test('a list of hosts that cannot be read is over any limit', async ({ sandbox, fleet, unasked }) => {
  const platform = await alteredPlatform(sandbox, {
    answer: (path) => (path.endsWith('/assets/search') ? { errorCode: 'X', message: 'no' } : undefined),
  })
  const args = { ...script, assetTagIds: [fleet.someTag()] }
  expect((await unasked(execute, args, most(25), platform)).sent).toBe(0)
})
