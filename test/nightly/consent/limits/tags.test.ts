import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Environment } from '../../../../src/config/settings.ts'
import type { Sandbox } from '../../../../src/sandbox/sandbox.ts'
import { connect } from '../../../support/consent/raw-client.ts'
import { alteredPlatform, alteringRows } from '../../../support/effects/altered-platform.ts'
import { effectRequests, openSandbox } from '../../../support/sandbox.ts'
import { attemptInBothModes as attempted, plan, storeSchedule } from './both-modes.ts'

// QUALYS_ALLOWED_TAGS and QUALYS_BLOCKED_TAGS: on which hosts anything runs.

interface Tag {
  readonly id: string
  readonly name: string
}
interface Asset {
  readonly id: number
  readonly tags: readonly Tag[]
}

let sandbox: Awaited<ReturnType<typeof openSandbox>>
let assets: readonly Asset[]
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 100, assets: 200 })
  assets = (await sandbox.control.dump('assets')) as unknown as Asset[]
})
afterAll(() => sandbox.close())
beforeEach(() => sandbox.control.reset())

/** A host with two tags, and each of the tags. */
function tagged(): { readonly host: number; readonly one: Tag; readonly two: Tag } {
  const host = assets.find(
    ({ tags }) => tags.length === 2 && !tags.some(({ name }) => /,|^CAR|Lab/.test(name)),
  )
  const [one, two] = host?.tags ?? []
  if (!host || !one || !two) throw new Error('no such host')
  return { host: host.id, one, two }
}

const untagged = (): number => assets.find(({ tags }) => tags.length === 0)?.id ?? 0
const hostsWith = (tag: string): number[] =>
  assets.filter(({ tags }) => tags.some(({ id }) => id === tag)).map(({ id }) => id)

const on = (...assetIds: readonly number[]) => ({ scriptId: 19218, assetIds })

/** An attempt at a run, or at another call. */
const attempt = (
  args: object,
  limits: Environment,
  platform: Sandbox = sandbox,
  tool = 'car_execute_script',
) => attempted(sandbox, [tool, args], { QUALYS_MAX_ASSETS_PER_RUN: '200', ...limits }, platform)

const blocked = (tags: string): Environment => ({ QUALYS_BLOCKED_TAGS: tags })
const allowed = (tags: string): Environment => ({ QUALYS_ALLOWED_TAGS: tags })

/** Hosts whose tags have only some of their fields. */
const show = (change: (tag: Tag) => unknown) =>
  alteringRows(/\/assets\/search/, (row) => ({ ...row, tags: (row['tags'] as Tag[]).map(change) }))

const unreadable: Readonly<Record<string, ReturnType<typeof alteringRows>>> = {
  'have another name': alteringRows(/\/assets\/search/, ({ tags, ...row }) => ({ ...row, assetTags: tags })),
  'are missing': alteringRows(/\/assets\/search/, ({ tags: _, ...row }) => row),
  'are null': alteringRows(/\/assets\/search/, (row) => ({ ...row, tags: null })),
  'are a text': alteringRows(/\/assets\/search/, (row) => ({ ...row, tags: 'none' })),
  'are an object': alteringRows(/\/assets\/search/, (row) => ({ ...row, tags: { list: [] } })),
  'are bare texts': show(({ name }) => name),
  'have neither id nor name': show(({ id }) => ({ tagId: id })),
}

describe('blocked tags', () => {
  test('by id and by name, as the operator spells it', async () => {
    const { host, one } = tagged()
    for (const list of [
      one.id,
      one.name,
      `x, ${one.name}`,
      one.name.toUpperCase(),
      ` ${one.name.toLowerCase()} `,
    ]) {
      const { sent, text } = await attempt(on(host), blocked(list))
      expect(sent, list).toBe(0)
      expect(text).toContain(`host ${host} has a tag of QUALYS_BLOCKED_TAGS`)
    }
  })

  test('another tag, and no tag at all, are not blocked', async () => {
    const { host } = tagged()
    expect((await attempt(on(host, untagged()), blocked('7512899, No such tag'))).sent).toBe(1)
  })

  test('one host among many is enough', async () => {
    const { host, one } = tagged()
    expect((await attempt(on(untagged(), host), blocked(one.id))).sent).toBe(0)
  })

  test('a target named by the blocked tag itself', async () => {
    const { one } = tagged()
    for (const list of [one.id, one.name]) {
      const { sent, text } = await attempt({ scriptId: 19218, assetTagIds: [one.id] }, blocked(list))
      expect(sent).toBe(0)
      expect(text).toContain(`tag ${one.id} is one of QUALYS_BLOCKED_TAGS`)
    }
  })

  test('a target named by another tag that one of the hosts has, until that host is excluded', async () => {
    const { one, two } = tagged()
    const args = { scriptId: 19218, assetTagIds: [one.id] }
    expect((await attempt(args, blocked(two.id))).sent).toBe(0)
    const both = hostsWith(one.id).filter((id) => hostsWith(two.id).includes(id))
    expect((await attempt({ ...args, excludedAssetIds: both }, blocked(two.id))).sent).toBe(1)
  })

  test.each(Object.entries(unreadable))('hosts whose tags %s are refused', async (_what, alterations) => {
    const platform = await alteredPlatform(sandbox, alterations)
    const { host } = tagged()
    const { sent, text } = await attempt(on(host), blocked('7512899'), platform)
    expect(sent).toBe(0)
    expect(text).toContain(`the tags of host ${host} cannot be read`)
  })

  test('hosts whose fields all have another name are refused', async () => {
    await sandbox.control.faults([{ route: 'POST /sm/v1/assets/search', kind: 'rename' }])
    expect((await attempt(on(tagged().host), blocked('7512899'))).sent).toBe(0)
  })

  test('hosts that cannot be looked up are refused', async () => {
    for (const fault of [
      { kind: 'status', status: 400 },
      { kind: 'status', status: 403 },
      { kind: 'html' },
    ]) {
      await sandbox.control.faults([{ route: 'POST /sm/v1/assets/search', ...fault }])
      const { sent, text } = await attempt(on(tagged().host), blocked('7512899'))
      expect(sent).toBe(0)
      expect(text).toMatch(/cannot be read/)
    }
    await sandbox.control.faults([])
    expect((await attempt(on(1), blocked('7512899'))).sent).toBe(0)
  })

  test('tags without names do not pass a blocked name, nor tags without ids a blocked id', async () => {
    const { host, one } = tagged()
    const nameless = await alteredPlatform(
      sandbox,
      show(({ id }) => ({ id })),
    )
    expect((await attempt(on(host), blocked(one.name), nameless)).sent).toBe(0)
    expect((await attempt(on(host), blocked('No such tag'), nameless)).text).toMatch(/cannot be read/)
    expect((await attempt(on(host), blocked(one.id), nameless)).text).toMatch(/has a tag of/)
    expect((await attempt(on(host), blocked('7512899'), nameless)).sent).toBe(1)
    const idless = await alteredPlatform(
      sandbox,
      show(({ name }) => ({ name })),
    )
    expect((await attempt(on(host), blocked(one.id), idless)).sent).toBe(0)
    expect((await attempt(on(host), blocked(one.name), idless)).text).toMatch(/has a tag of/)
    expect((await attempt(on(host), blocked('No such tag'), idless)).sent).toBe(1)
  })

  test('ids as numbers', async () => {
    const { host, one } = tagged()
    const platform = await alteredPlatform(
      sandbox,
      show(({ id, name }) => ({ id: Number(id), name })),
    )
    expect((await attempt(on(host), blocked(one.id), platform)).sent).toBe(0)
  })

  test('a host that gets the tag after the look-up', async () => {
    const { host, one } = tagged()
    let hidden = true
    const platform = await alteredPlatform(sandbox, {
      answer: (path, answer) =>
        hidden
          ? alteringRows(/\/assets\/search/, (row) => ({ ...row, tags: [] })).answer(path, answer, '')
          : undefined,
    })
    const client = await connect(platform, 'modern', { settings: blocked(one.id) })
    await client.call('car_search_assets', { pageSize: 200 })
    const question = await client.call('car_execute_script', on(host))
    expect(question.preview).toBeDefined()
    hidden = false
    const { text } = await client.answerQuestion('car_execute_script', on(host), question.state)
    expect(text).toMatch(/has a tag of QUALYS_BLOCKED_TAGS/)
    expect(await effectRequests(sandbox.control)).toEqual([])
  })

  test('a schedule on such a host is neither created nor switched on', async () => {
    const { host, one } = tagged()
    const created = { ...plan('Blocked at once'), assets: [host] }
    expect((await attempt(created, blocked(one.id), sandbox, 'car_create_schedule')).sent).toBe(0)
    const switched = { scheduleId: (await storeSchedule(sandbox, 'Blocked later', { assets: [host] })).id }
    const { sent, text } = await attempt(switched, blocked(one.id), sandbox, 'car_activate_schedule')
    expect(text).toContain(`host ${host} has a tag of QUALYS_BLOCKED_TAGS`)
    expect(sent).toBe(0)
    expect((await attempt(switched, blocked('7512899'), sandbox, 'car_activate_schedule')).sent).toBe(1)
  })
})

describe('allowed tags', () => {
  test('by id and by name', async () => {
    const { host, one } = tagged()
    for (const list of [one.id, one.name, `7512899,${one.name}`])
      expect((await attempt(on(host), allowed(list))).sent, list).toBe(1)
  })

  test('a host without any of them', async () => {
    const { host, one } = tagged()
    for (const [args, list] of [
      [on(untagged()), one.id],
      [on(host), '7512899'],
      [on(host, untagged()), one.id],
    ] as const) {
      const { sent, text } = await attempt(args, allowed(list))
      expect(sent).toBe(0)
      expect(text).toMatch(/host \d+ has no tag of QUALYS_ALLOWED_TAGS/)
    }
  })

  test('a name is compared as a whole as lists show it, and digits are an id', async () => {
    const { host, one } = tagged()
    for (const list of [one.name.toUpperCase(), one.name.toLowerCase(), ` ${one.name}\u200b`])
      expect((await attempt(on(host), allowed(list))).sent, list).toBe(1)
    for (const list of [one.name.slice(0, -1), `${one.name} x`, `${one.name}*`])
      expect((await attempt(on(host), allowed(list))).sent, list).toBe(0)
    const platform = await alteredPlatform(
      sandbox,
      show(() => ({ id: '1', name: one.id })),
    )
    expect((await attempt(on(host), allowed(one.id), platform)).sent).toBe(0)
  })

  test('a target named by a tag has to be one of them', async () => {
    const { one, two } = tagged()
    const args = { scriptId: 19218, assetTagIds: [one.id] }
    expect((await attempt(args, allowed(one.name))).sent).toBe(1)
    const { sent, text } = await attempt(args, allowed(two.id))
    expect(sent).toBe(0)
    expect(text).toContain(`tag ${one.id} is not one of QUALYS_ALLOWED_TAGS`)
    const both = { ...args, assetTagIds: [one.id, two.id] }
    expect((await attempt(both, allowed(one.id))).sent).toBe(0)
  })

  test('a target named by tag and by host: the host has to have an allowed tag, too', async () => {
    const { one } = tagged()
    const args = { scriptId: 19218, assetTagIds: [one.id], assetIds: [untagged()] }
    expect((await attempt(args, allowed(one.id))).sent).toBe(0)
  })

  test.each(Object.entries(unreadable))('hosts whose tags %s are refused', async (_what, alterations) => {
    const platform = await alteredPlatform(sandbox, alterations)
    const { host, one } = tagged()
    expect((await attempt(on(host), allowed(`${one.id},${one.name}`), platform)).sent).toBe(0)
  })

  test('blocked overrides allowed', async () => {
    const { host, one, two } = tagged()
    const limits = { ...allowed(one.id), ...blocked(two.id) }
    expect((await attempt(on(host), limits)).sent).toBe(0)
  })
})
