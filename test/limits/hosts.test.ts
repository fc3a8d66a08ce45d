import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import type { Environment } from '../../src/settings.ts'
import { meet } from '../consent/by-hand.ts'
import { effectsAt, openSandbox } from '../harness.ts'
import { type Bends, bentPlatform, inRows } from './between.ts'
import { tried as attempted, plan as planned, schedulesOf, stored as storedOn } from './tried.ts'

// QUALYS_MAX_ASSETS_PER_RUN: how many hosts a run may have, however they are named.

interface Asset {
  readonly id: number
  readonly lab: boolean
  readonly tags: readonly { readonly id: string; readonly name: string }[]
}

let sandbox: Awaited<ReturnType<typeof openSandbox>>
let assets: readonly Asset[]
/** Ids of the hosts of each tag. */
let hostsOf: ReadonlyMap<string, readonly number[]>
let labTags: readonly string[]
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 100, assets: 200 })
  assets = (await sandbox.control.truth('assets')) as unknown as Asset[]
  const table = new Map<string, number[]>()
  for (const { id, tags } of assets)
    for (const tag of tags) table.set(tag.id, [...(table.get(tag.id) ?? []), id])
  hostsOf = table
  const tags = (await sandbox.control.truth('tags')) as unknown as { id: string; lab: boolean }[]
  labTags = tags.filter(({ lab }) => lab).map(({ id }) => id)
})
afterAll(() => sandbox.close())
beforeEach(() => sandbox.control.reset())

const hostsWith = (tag: string): readonly number[] => hostsOf.get(tag) ?? []

/** A tag with some hosts, that is no lab's. */
function someTag(other?: string): string {
  const found = [...hostsOf].find(
    ([tag, hosts]) => tag !== other && hosts.length >= 3 && !labTags.includes(tag),
  )
  return found?.[0] ?? ''
}

/** The id of a host that does not have the tag. */
const strangerTo = (tag: string): number | undefined =>
  assets.find(({ id }) => !hostsWith(tag).includes(id))?.id

const script = { scriptId: 19218 }

/** An attempt at a run, or at another call. */
const tried = (args: object, limits: Environment, tool = 'car_execute_script', platform: Sandbox = sandbox) =>
  attempted(sandbox, [tool, args], limits, platform)

const most = (number: number): Environment => ({ QUALYS_MAX_ASSETS_PER_RUN: String(number) })

/** At the limit and below it goes out, one over it does not. */
async function expectCount(args: object, count: number, tool?: string): Promise<void> {
  expect((await tried(args, most(count), tool)).sent).toBe(1)
  const over = await tried(args, most(count - 1), tool)
  expect(over.sent).toBe(0)
  expect(over.text).toMatch(new RegExp(`has \\d+ hosts, and QUALYS_MAX_ASSETS_PER_RUN is ${count - 1}\\.`))
}

describe('a run', () => {
  test('on hosts by id', async () => {
    await expectCount({ ...script, assetIds: assets.slice(0, 3).map(({ id }) => id) }, 3)
    expect((await tried({ ...script, assetIds: [assets[0]?.id] }, most(25))).sent).toBe(1)
  })

  test('on hosts of a tag', async () => {
    const tag = someTag()
    await expectCount({ ...script, assetTagIds: [tag] }, hostsWith(tag).length)
  })

  test('on hosts of two tags, those of both once', async () => {
    const one = someTag()
    const both = new Set([...hostsWith(one), ...hostsWith(someTag(one))])
    await expectCount({ ...script, assetTagIds: [one, someTag(one)] }, both.size)
  })

  test('on a tag and hosts, of which one has the tag', async () => {
    const tag = someTag()
    const [inside] = hostsWith(tag)
    const outside = strangerTo(tag)
    const args = { ...script, assetTagIds: [tag], assetIds: [inside, outside] }
    await expectCount(args, hostsWith(tag).length + 1)
  })

  test('less an excluded host, if the tag has it', async () => {
    const tag = someTag()
    const hosts = hostsWith(tag)
    const outside = strangerTo(tag)
    await expectCount({ ...script, assetTagIds: [tag], excludedAssetIds: [hosts[0]] }, hosts.length - 1)
    await expectCount({ ...script, assetTagIds: [tag], excludedAssetIds: [outside] }, hosts.length)
  })

  test('on lab hosts', async () => {
    const lab = assets.filter((asset) => asset.lab)
    const testAssets = lab.slice(0, 2).map(({ id }) => id)
    await expectCount({ ...script, testMode: true, testAssets }, 2)
  })

  test('on hosts of a lab tag', async () => {
    const [tag = '', hosts = []] =
      [...hostsOf].find(([id]) => labTags.includes(id) && hostsWith(id).length > 1) ?? []
    for (const [limit, sent] of [
      [hosts.length - 1, 0],
      [hosts.length, 1],
    ] as const) {
      const client = await meet(sandbox, 'modern', {
        settings: { QUALYS_MODE: 'unattended', ...most(limit) },
      })
      // Lab tags are known to who has listed them.
      await client.call('car_search_asset_tags', { filter: 'labTag:true' })
      const { text } = await client.call('car_execute_script', { ...script, testMode: true, testTags: [tag] })
      expect(await effectsAt(sandbox.control), text).toHaveLength(sent)
    }
  })

  test('on 25 hosts at most when nothing is set', async () => {
    const assetIds = assets.slice(0, 26).map(({ id }) => id)
    expect((await tried({ ...script, assetIds: assetIds.slice(1) }, {})).sent).toBe(1)
    expect((await tried({ ...script, assetIds }, {})).sent).toBe(0)
  })

  test('with a limit of zero on no host at all', async () => {
    expect((await tried({ ...script, assetIds: [assets[0]?.id] }, most(0))).sent).toBe(0)
  })

  test('on the one host of a tag that is excluded: zero proves nothing', async () => {
    const tag = someTag()
    const args = { ...script, assetTagIds: [tag], excludedAssetIds: hostsWith(tag) }
    const { sent, text } = await tried(args, most(25))
    expect(sent).toBe(0)
    expect(text).toMatch(/no host can be counted, and an unknown number counts as more than the 25/)
  })

  test('on a tag that does not exist', async () => {
    const { sent, text } = await tried({ ...script, assetTagIds: [999] }, most(1000))
    expect(sent).toBe(0)
    expect(text).toMatch(/how many hosts tag 999 has cannot be proved/)
  })
})

/** Filters by the tags of a host, under names that the platform does not know. */
const unknownTags: Bends = { asked: (_, body) => body.replaceAll('tags.', 'labels.') }

describe('a tag whose hosts the platform does not tell: unknown is over any limit', () => {
  test.each(['ignore', 'nothing', 'reject'])('the token is unknown: %s', async (unknownToken) => {
    await sandbox.control.knobs({ unknownToken })
    const platform = await bentPlatform(sandbox, unknownTags)
    const { sent, text } = await tried(
      { ...script, assetTagIds: [someTag()] },
      most(1_000_000),
      undefined,
      platform,
    )
    expect(sent).toBe(0)
    expect(text).toMatch(/cannot be proved, and an unknown number counts as more than the 1000000/)
  })

  test.each(['ignore', 'nothing', 'reject'])(
    'by id it is unknown, by name it is not: %s',
    async (unknownToken) => {
      await sandbox.control.knobs({ unknownToken })
      const platform = await bentPlatform(sandbox, {
        asked: (_, body) => body.replaceAll('tags.id', 'labels.id'),
      })
      const tag = someTag()
      const hosts = hostsWith(tag).length
      const args = { ...script, assetTagIds: [tag] }
      expect((await tried(args, most(hosts), undefined, platform)).sent).toBe(1)
      expect((await tried(args, most(hosts - 1), undefined, platform)).sent).toBe(0)
    },
  )

  const total = (of: RegExp, change: (total: number) => unknown): Bends => ({
    answered: (path, answer, asked) => {
      if (!path.endsWith('/assets/search') || !of.test(asked)) return undefined
      const body = answer['body'] as { totalCount: number }
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
  ])('%s', async (_what, bends) => {
    const platform = await bentPlatform(sandbox, bends)
    const { sent } = await tried({ ...script, assetTagIds: [someTag()] }, most(150), undefined, platform)
    expect(sent).toBe(0)
  })

  test('more hosts are listed than there are said to be: those listed count', async () => {
    const platform = await bentPlatform(
      sandbox,
      total(/tags\.\w+:[^0]/, () => 1),
    )
    const args = { ...script, assetTagIds: [someTag()] }
    expect((await tried(args, most(2), undefined, platform)).sent).toBe(0)
    expect((await tried(args, most(25), undefined, platform)).sent).toBe(1)
  })

  test('a host is listed twice, in the place of another', async () => {
    const platform = await bentPlatform(sandbox, {
      answered: (path, answer, asked) => {
        if (!path.endsWith('/assets/search') || !/tags/.test(asked)) return undefined
        const body = answer['body'] as { list: unknown[] }
        return { ...answer, body: { ...body, list: body.list.map(() => body.list[0]) } }
      },
    })
    const { sent, text } = await tried({ ...script, assetTagIds: [someTag()] }, most(2), undefined, platform)
    expect(sent).toBe(0)
    expect(text).toMatch(/cannot all be listed|has \d+ hosts/)
    const args = { ...script, assetTagIds: [someTag()] }
    expect((await tried(args, most(150), undefined, platform)).text).toMatch(/cannot all be listed/)
  })

  test('the list of hosts cannot be read', async () => {
    const platform = await bentPlatform(sandbox, {
      answered: (path) => (path.endsWith('/assets/search') ? { errorCode: 'X', message: 'no' } : undefined),
    })
    expect((await tried({ ...script, assetTagIds: [someTag()] }, most(25), undefined, platform)).sent).toBe(0)
  })
})

describe('schedules', () => {
  let titles = 0
  const plan = () => planned(`Limits ${++titles}`)
  const stored = (targets: object) => storedOn(sandbox, `Limits ${++titles}`, targets)

  const ids = (count: number): number[] => assets.slice(0, count).map(({ id }) => id)

  test('created on hosts', async () => {
    const count = (limit: number) => tried({ ...plan(), assets: ids(3) }, most(limit), 'car_create_schedule')
    expect((await count(2)).sent).toBe(0)
    expect((await count(2)).text).toMatch(/the target has 3 hosts, and QUALYS_MAX_ASSETS_PER_RUN is 2/)
  })

  test('created on hosts, at the limit', async () => {
    const client = await meet(sandbox, 'modern', {
      settings: { QUALYS_MODE: 'unattended', QUALYS_MAX_ASSETS_PER_RUN: '3' },
    })
    expect((await client.call('car_create_schedule', { ...plan(), assets: ids(3) })).isError).toBe(false)
  })

  test('created on a tag', async () => {
    const tag = someTag()
    const args = { ...plan(), assetTags: [tag] }
    const over = await tried(args, most(hostsWith(tag).length - 1), 'car_create_schedule')
    expect(over.sent).toBe(0)
  })

  test('switched on: the hosts it holds', async () => {
    const { id } = await stored({ assets: ids(3) })
    await expectCount({ scheduleId: id }, 3, 'car_activate_schedule')
  })

  test('switched on: the hosts that its tags have', async () => {
    const tag = someTag()
    const { id } = await stored({ assetTags: [tag], assets: [ids(1)[0]] })
    const hosts = new Set([...hostsWith(tag), ids(1)[0]]).size
    await expectCount({ scheduleId: id }, hosts, 'car_activate_schedule')
  })

  test('changed without a word about its hosts: those it holds', async () => {
    const { id } = await stored({ assets: ids(3) })
    const over = await tried({ ...plan(), scheduleId: id }, most(2), 'car_update_schedule')
    expect(over.sent).toBe(0)
    expect((await tried({ ...plan(), scheduleId: id }, most(3), 'car_update_schedule')).sent).toBe(1)
  })

  test('changed to fewer hosts, though its tags stay', async () => {
    const tag = someTag()
    const { id } = await stored({ assetTags: [tag], assets: ids(2) })
    const hosts = new Set([...hostsWith(tag), assets[0]?.id]).size
    const change = { ...plan(), scheduleId: id, assets: ids(1) }
    expect((await tried(change, most(hosts - 1), 'car_update_schedule')).sent).toBe(0)
  })

  test('what it excludes counts only where it is passed', async () => {
    const tag = someTag()
    const hosts = hostsWith(tag)
    const { id } = await stored({ assetTags: [tag], excludedAssets: [hosts[0]] })
    const change = { ...plan(), scheduleId: id }
    expect((await tried(change, most(hosts.length - 1), 'car_update_schedule')).sent).toBe(0)
  })

  const drop = (name: string) => inRows(/\/scheduler\//, ({ [name]: _, ...row }) => row)

  test.each(['assets', 'assetTags'])('whose %s cannot be read: over any limit', async (name) => {
    const { id } = await stored({ assets: ids(1), assetTags: [someTag()] })
    const platform = await bentPlatform(sandbox, drop(name))
    const { sent, text } = await tried({ scheduleId: id }, most(25), 'car_activate_schedule', platform)
    expect(sent).toBe(0)
    expect(text).toMatch(/the targets of schedule .* cannot be read/)
  })

  test('that holds no host, as far as it shows', async () => {
    const { id } = await stored({ assets: ids(1) })
    const platform = await bentPlatform(
      sandbox,
      inRows(/\/scheduler\//, (row) => ({ ...row, assets: [], assetTags: null })),
    )
    const { sent, text } = await tried({ scheduleId: id }, most(25), 'car_activate_schedule', platform)
    expect(sent).toBe(0)
    expect(text).toMatch(/no host can be counted/)
  })

  test('that does not exist', async () => {
    const { sent } = await tried({ scheduleId: 'x-1' }, most(25), 'car_activate_schedule')
    expect(sent).toBe(0)
  })
})

describe('new content runs through active schedules', () => {
  /** A script that one active schedule runs, and on how many hosts. */
  async function scheduled(): Promise<{ readonly scriptId: number; readonly hosts: number }> {
    const active = (await schedulesOf(sandbox)).filter(({ activate }) => activate)
    for (const { scripts, assetTags } of active) {
      const [script, tag] = [scripts[0]?.id, assetTags[0]?.id]
      const twice = active.filter(({ scripts }) => scripts[0]?.id === script).length > 1
      const hosts = hostsWith(String(tag)).length
      if (script !== undefined && !twice && hosts > 1) return { scriptId: script, hosts }
    }
    throw new Error('no such script')
  }
  const content = { content: 'echo 1', comment: 'simpler' }

  test('as many hosts as they have', async () => {
    const { scriptId, hosts } = await scheduled()
    const over = await tried({ scriptId, ...content }, most(hosts - 1), 'car_update_script')
    expect(over.sent).toBe(0)
    expect(over.text).toMatch(new RegExp(`schedule .* has ${hosts} hosts`))
    expect((await tried({ scriptId, ...content }, most(hosts), 'car_update_script')).sent).toBe(1)
  })

  test('a title alone runs nothing', async () => {
    const { scriptId } = await scheduled()
    expect((await tried({ scriptId, title: 'T' }, most(0), 'car_update_script')).sent).toBe(1)
  })

  test.each([
    [
      'the schedules cannot be listed',
      { answered: (path: string) => (path.includes('/scheduler/') ? { body: 'none' } : undefined) },
    ],
    ['a schedule does not show its scripts', inRows(/\/scheduler\//, ({ scripts: _, ...row }) => row)],
    ['the schedules do not show their hosts', inRows(/\/scheduler\//, ({ assetTags: _, ...row }) => row)],
  ])('%s: over any limit', async (_what, bends: Bends) => {
    const { scriptId } = await scheduled()
    const platform = await bentPlatform(sandbox, bends)
    const { sent, text } = await tried({ scriptId, ...content }, most(1_000), 'car_update_script', platform)
    expect(sent).toBe(0)
    expect(text).toMatch(/cannot be read/)
  })

  test('a schedule that does not say whether it is active counts as active', async () => {
    const { scriptId, hosts } = await scheduled()
    const platform = await bentPlatform(
      sandbox,
      inRows(/\/scheduler\//, ({ activate: _, ...row }) => row),
    )
    const over = await tried({ scriptId, ...content }, most(hosts - 1), 'car_update_script', platform)
    expect(over.sent).toBe(0)
  })
})
