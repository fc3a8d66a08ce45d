import { describe, expect } from 'vitest'
import { connect } from '../../support/consent/raw-client.ts'
import { alteredPlatform, alteringRows } from '../../support/effects/altered-platform.ts'
import { effectRequests } from '../../support/sandbox.ts'
import { plan, storeSchedule } from './attempt.ts'
import { test } from './fixtures.ts'

// QUALYS_ALLOWED_TAGS and QUALYS_BLOCKED_TAGS against Qualys' own lists. (Every form of tags: test/unit/limits/tags.test.ts.)

const execute = 'car_execute_script'
const on = (...assetIds: readonly number[]) => ({ scriptId: 19218, assetIds })
const blocked = (tags: string) => ({ QUALYS_MAX_ASSETS_PER_RUN: '200', QUALYS_BLOCKED_TAGS: tags })
const allowed = (tags: string) => ({ QUALYS_MAX_ASSETS_PER_RUN: '200', QUALYS_ALLOWED_TAGS: tags })

describe('blocked tags', () => {
  test('by id and by name, as the operator spells it, in both modes', async ({
    fleet,
    callUnattended,
    callApproved,
  }) => {
    const { host, one } = fleet.tagged()
    for (const [call, list] of [
      [callUnattended, one.id],
      [callApproved, ` ${one.name.toUpperCase()} `],
    ] as const) {
      const { sent, text } = await call(execute, on(host), blocked(list))
      expect(sent, list).toBe(0)
      expect(text).toContain(`host ${host} has a tag of QUALYS_BLOCKED_TAGS`)
    }
  })

  test('another tag, and no tag at all, are not blocked', async ({ fleet, callApproved }) => {
    const { host } = fleet.tagged()
    const { sent } = await callApproved(execute, on(host, fleet.untagged()), blocked('7512899, No such tag'))
    expect(sent).toBe(1)
  })

  test('a target named by the blocked tag itself', async ({ fleet, callUnattended }) => {
    const { one } = fleet.tagged()
    for (const list of [one.id, one.name]) {
      const { sent, text } = await callUnattended(
        execute,
        { scriptId: 19218, assetTagIds: [one.id] },
        blocked(list),
      )
      expect(sent).toBe(0)
      expect(text).toContain(`tag ${one.id} is one of QUALYS_BLOCKED_TAGS`)
    }
  })

  test('a target named by another tag that one of the hosts has, until that host is excluded', async ({
    fleet,
    callUnattended,
  }) => {
    const { one, two } = fleet.tagged()
    const args = { scriptId: 19218, assetTagIds: [one.id] }
    expect((await callUnattended(execute, args, blocked(two.id))).sent).toBe(0)
    const both = fleet.hostsWith(one.id).filter((id) => fleet.hostsWith(two.id).includes(id))
    expect((await callUnattended(execute, { ...args, excludedAssetIds: both }, blocked(two.id))).sent).toBe(1)
  })

  test.for<readonly [string, object]>([
    ['whose fields all have another name', { kind: 'rename' }],
    ['that cannot be looked up', { kind: 'status', status: 403 }],
    ['of a page that is no answer', { kind: 'html' }],
  ])('hosts %s are refused', async ([, fault], { sandbox, fleet, callApproved }) => {
    await sandbox.control.faults([{ route: 'POST /sm/v1/assets/search', ...fault }])
    const { sent, text } = await callApproved(execute, on(fleet.tagged().host), blocked('7512899'))
    expect(sent).toBe(0)
    expect(text).toMatch(/cannot be read/)
  })

  test('a host that gets the tag after the look-up', async ({ sandbox, fleet }) => {
    const { host, one } = fleet.tagged()
    let hidden = true
    const untagged = alteringRows(/\/assets\/search/, (row) => ({ ...row, tags: [] }))
    const platform = await alteredPlatform(sandbox, {
      answer: (path, answer) => (hidden ? untagged.answer(path, answer, '') : undefined),
    })
    const client = await connect(platform, 'modern', { settings: blocked(one.id) })
    await client.call('car_search_assets', { pageSize: 200 })
    const question = await client.call(execute, on(host))
    expect(question.preview).toBeDefined()
    hidden = false
    const { text } = await client.answerQuestion(execute, on(host), question.state)
    expect(text).toMatch(/has a tag of QUALYS_BLOCKED_TAGS/)
    expect(await effectRequests(sandbox.control)).toEqual([])
  })

  test('a schedule on such a host is neither created nor switched on', async ({
    sandbox,
    fleet,
    callUnattended,
  }) => {
    const { host, one } = fleet.tagged()
    const created = { ...plan, assets: [host] }
    expect((await callUnattended('car_create_schedule', created, blocked(one.id))).sent).toBe(0)
    const switched = { scheduleId: (await storeSchedule(sandbox, { assets: [host] })).id }
    const { sent, text } = await callUnattended('car_activate_schedule', switched, blocked(one.id))
    expect(text).toContain(`host ${host} has a tag of QUALYS_BLOCKED_TAGS`)
    expect(sent).toBe(0)
    expect((await callUnattended('car_activate_schedule', switched, blocked('7512899'))).sent).toBe(1)
  })
})

describe('allowed tags', () => {
  test('by id and by name, in both modes', async ({ fleet, callUnattended, callApproved }) => {
    const { host, one } = fleet.tagged()
    expect((await callUnattended(execute, on(host), allowed(one.id))).sent).toBe(1)
    expect((await callApproved(execute, on(host), allowed(`7512899,${one.name}`))).sent).toBe(1)
  })

  test('a host without any of them', async ({ fleet, callApproved }) => {
    const { host, one } = fleet.tagged()
    const { sent, text } = await callApproved(execute, on(host, fleet.untagged()), allowed(one.id))
    expect(sent).toBe(0)
    expect(text).toMatch(/host \d+ has no tag of QUALYS_ALLOWED_TAGS/)
  })

  test('a target named by a tag has to be one of them', async ({ fleet, callUnattended }) => {
    const { one, two } = fleet.tagged()
    const args = { scriptId: 19218, assetTagIds: [one.id] }
    expect((await callUnattended(execute, args, allowed(one.name))).sent).toBe(1)
    const { sent, text } = await callUnattended(execute, args, allowed(two.id))
    expect(sent).toBe(0)
    expect(text).toContain(`tag ${one.id} is not one of QUALYS_ALLOWED_TAGS`)
  })
})
