import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { connect } from '../../../support/consent/raw-client.ts'
import { type Alterations, alteredPlatform } from '../../../support/effects/altered-platform.ts'
import { effectRequests, openSandbox } from '../../../support/sandbox.ts'
import { Fleet, most } from './fleet.ts'

// QUALYS_MAX_ASSETS_PER_RUN: how many hosts a run may have, however they are named.

let sandbox: Awaited<ReturnType<typeof openSandbox>>
let fleet: Fleet
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 100, assets: 200 })
  fleet = await Fleet.of(sandbox)
})
afterAll(() => sandbox.close())
beforeEach(() => sandbox.control.reset())

const script = { scriptId: 19218 }

describe('a run', () => {
  test('on hosts by id', async () => {
    await fleet.expectCount({ ...script, assetIds: fleet.assets.slice(0, 3).map(({ id }) => id) }, 3)
    expect((await fleet.attempt({ ...script, assetIds: [fleet.assets[0]?.id] }, most(25))).sent).toBe(1)
  })

  test('on hosts of a tag', async () => {
    const tag = fleet.someTag()
    await fleet.expectCount({ ...script, assetTagIds: [tag] }, fleet.hostsWith(tag).length)
  })

  test('on hosts of two tags, counting hosts with both once', async () => {
    const one = fleet.someTag()
    const both = new Set([...fleet.hostsWith(one), ...fleet.hostsWith(fleet.someTag(one))])
    await fleet.expectCount({ ...script, assetTagIds: [one, fleet.someTag(one)] }, both.size)
  })

  test('on a tag and hosts, one of which has the tag', async () => {
    const tag = fleet.someTag()
    const [inside] = fleet.hostsWith(tag)
    const outside = fleet.strangerTo(tag)
    const args = { ...script, assetTagIds: [tag], assetIds: [inside, outside] }
    await fleet.expectCount(args, fleet.hostsWith(tag).length + 1)
  })

  test('without an excluded host, if the tag has it', async () => {
    const tag = fleet.someTag()
    const hosts = fleet.hostsWith(tag)
    const outside = fleet.strangerTo(tag)
    await fleet.expectCount({ ...script, assetTagIds: [tag], excludedAssetIds: [hosts[0]] }, hosts.length - 1)
    await fleet.expectCount({ ...script, assetTagIds: [tag], excludedAssetIds: [outside] }, hosts.length)
  })

  test('on lab hosts', async () => {
    const lab = fleet.assets.filter((asset) => asset.lab)
    const testAssets = lab.slice(0, 2).map(({ id }) => id)
    await fleet.expectCount({ ...script, testMode: true, testAssets }, 2)
  })

  test('on hosts of a lab tag', async () => {
    const tag = fleet.labTag()
    const hosts = fleet.hostsWith(tag)
    for (const [limit, sent] of [
      [hosts.length - 1, 0],
      [hosts.length, 1],
    ] as const) {
      const client = await connect(sandbox, 'modern', {
        settings: { QUALYS_MODE: 'unattended', ...most(limit) },
      })
      // Lab tags are known after they were listed.
      await client.call('car_search_asset_tags', { filter: 'labTag:true' })
      const { text } = await client.call('car_execute_script', { ...script, testMode: true, testTags: [tag] })
      expect(await effectRequests(sandbox.control), text).toHaveLength(sent)
    }
  })

  test('on 25 hosts at most when nothing is set', async () => {
    const assetIds = fleet.assets.slice(0, 26).map(({ id }) => id)
    expect((await fleet.attempt({ ...script, assetIds: assetIds.slice(1) }, {})).sent).toBe(1)
    expect((await fleet.attempt({ ...script, assetIds }, {})).sent).toBe(0)
  })

  test('on no host with a limit of zero', async () => {
    expect((await fleet.attempt({ ...script, assetIds: [fleet.assets[0]?.id] }, most(0))).sent).toBe(0)
  })

  test('on the one host of a tag that is excluded: a count of zero proves nothing', async () => {
    const tag = fleet.someTag()
    const args = { ...script, assetTagIds: [tag], excludedAssetIds: fleet.hostsWith(tag) }
    const { sent, text } = await fleet.attempt(args, most(25))
    expect(sent).toBe(0)
    expect(text).toMatch(/no host can be counted, and an unknown number counts as more than the 25/)
  })

  test('on a tag that does not exist', async () => {
    const { sent, text } = await fleet.attempt({ ...script, assetTagIds: [999] }, most(1000))
    expect(sent).toBe(0)
    expect(text).toMatch(/how many hosts tag 999 has cannot be proved/)
  })
})

/** Filters by the tags of a host, with tokens that the platform does not know. */
const unknownTags: Alterations = { request: (_, body) => body.replaceAll('tags.', 'labels.') }

describe('a tag whose hosts the platform does not report: unknown is over any limit', () => {
  test.each(['ignore', 'nothing', 'reject'])('the token is unknown: %s', async (unknownToken) => {
    await sandbox.control.knobs({ unknownToken })
    const platform = await alteredPlatform(sandbox, unknownTags)
    const { sent, text } = await fleet.attempt(
      { ...script, assetTagIds: [fleet.someTag()] },
      most(1_000_000),
      undefined,
      platform,
    )
    expect(sent).toBe(0)
    expect(text).toMatch(/cannot be proved, and an unknown number counts as more than the 1000000/)
  })

  test.each(['ignore', 'nothing', 'reject'])(
    'the token for ids is unknown, the one for names is not: %s',
    async (unknownToken) => {
      await sandbox.control.knobs({ unknownToken })
      const platform = await alteredPlatform(sandbox, {
        request: (_, body) => body.replaceAll('tags.id', 'labels.id'),
      })
      const tag = fleet.someTag()
      const hosts = fleet.hostsWith(tag).length
      const args = { ...script, assetTagIds: [tag] }
      expect((await fleet.attempt(args, most(hosts), undefined, platform)).sent).toBe(1)
      expect((await fleet.attempt(args, most(hosts - 1), undefined, platform)).sent).toBe(0)
    },
  )

  const total = (of: RegExp, change: (total: number) => unknown): Alterations => ({
    answer: (path, answer, asked) => {
      if (!path.endsWith('/assets/search') || !of.test(asked)) return undefined
      const body = answer['body'] as { totalCount: number } | null
      // A filter that is refused.
      if (body === null) return undefined
      return { ...answer, body: { ...body, totalCount: change(body.totalCount) } }
    },
  })

  test.each([
    ['every answer has the total of the whole list', total(/./, () => 200)],
    ['no answer has a total', total(/./, () => undefined)],
    ['the total of a tag is missing', total(/tags/, () => undefined)],
    ['the total of the whole list is missing', total(/^(?!.*filter)/, () => undefined)],
    ['the total of a tag is zero', total(/tags/, () => 0)],
    ['the total of a tag is below zero', total(/tags/, () => -1)],
    ['also a tag that cannot exist has hosts', total(/tags.*0000/, () => 1)],
    ['fewer hosts are listed than there are said to be', total(/tags\.\w+:[^0]/, (found) => found + 1)],
  ])('%s', async (_what, alterations) => {
    const platform = await alteredPlatform(sandbox, alterations)
    const { sent } = await fleet.attempt(
      { ...script, assetTagIds: [fleet.someTag()] },
      most(150),
      undefined,
      platform,
    )
    expect(sent).toBe(0)
  })

  test('more hosts are listed than counted: the listed ones count', async () => {
    const platform = await alteredPlatform(
      sandbox,
      total(/tags\.\w+:[^0]/, () => 1),
    )
    const args = { ...script, assetTagIds: [fleet.someTag()] }
    expect((await fleet.attempt(args, most(2), undefined, platform)).sent).toBe(0)
    expect((await fleet.attempt(args, most(25), undefined, platform)).sent).toBe(1)
  })

  test('a host is listed twice, instead of another', async () => {
    const platform = await alteredPlatform(sandbox, {
      answer: (path, answer, asked) => {
        if (!path.endsWith('/assets/search') || !/tags/.test(asked)) return undefined
        const body = answer['body'] as { list: unknown[] }
        return { ...answer, body: { ...body, list: body.list.map(() => body.list[0]) } }
      },
    })
    const { sent, text } = await fleet.attempt(
      { ...script, assetTagIds: [fleet.someTag()] },
      most(2),
      undefined,
      platform,
    )
    expect(sent).toBe(0)
    expect(text).toMatch(/cannot all be listed|has \d+ hosts/)
    const args = { ...script, assetTagIds: [fleet.someTag()] }
    expect((await fleet.attempt(args, most(150), undefined, platform)).text).toMatch(/cannot all be listed/)
  })

  test('the list of hosts cannot be read', async () => {
    const platform = await alteredPlatform(sandbox, {
      answer: (path) => (path.endsWith('/assets/search') ? { errorCode: 'X', message: 'no' } : undefined),
    })
    expect(
      (await fleet.attempt({ ...script, assetTagIds: [fleet.someTag()] }, most(25), undefined, platform))
        .sent,
    ).toBe(0)
  })
})
