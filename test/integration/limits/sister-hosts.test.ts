import { describe, expect } from 'vitest'
import { connect } from '../../support/consent/raw-client.ts'
import type { TestSandbox } from '../../support/sandbox.ts'
import { plan, schedulesOf } from './attempt.ts'
import { most, test } from './fixtures.ts'

// Hosts and their tags as two sister modules show them: searched, run on, scheduled, blocked and limited like others.
// Before, the ids that the list showed were refused, and no tag of a host could be told.

const execute = 'car_execute_script'
const on = (...assetIds: readonly number[]) => ({ scriptId: 19218, assetIds })
const limit = (setting: string, tags: string) => ({ ...most(200), [setting]: tags })

const forms = [
  { hostRecord: 'fim', hostTags: 'uuids' },
  { hostRecord: 'fim', hostTags: 'uuidObjects' },
  { hostRecord: 'plain', hostTags: 'uuids' },
] as const

const lastRun = async ({ control }: TestSandbox) =>
  (await control.dump('executions')).at(-1) as { assetIds?: number[] } | undefined

describe.each(forms)('hosts as $hostRecord, tags as $hostTags', (form) => {
  test('are listed with the number that inputs take', async ({ sandbox, fleet }) => {
    await sandbox.control.knobs(form)
    const client = await connect(sandbox, 'modern')
    const { text } = await client.call('car_search_assets', { pageSize: 100 })
    await client.close()
    const shown = text.split('\n').flatMap((line) => /^(\d{6,})\t/.exec(line)?.[1] ?? [])
    expect(new Set(shown).size).toBe(100)
    expect(fleet.assets.map(({ id }) => String(id))).toEqual(expect.arrayContaining(shown))
    expect(text).not.toContain('Note:')
  })

  test('run by id, with the host in the preview by name', async ({ sandbox, fleet, callUnattended }) => {
    await sandbox.control.knobs(form)
    const { host } = fleet.tagged()
    const client = await connect(sandbox, 'modern')
    const { preview } = await client.call(execute, on(host))
    await client.close()
    const name = (await sandbox.control.dump('assets')).find(({ id }) => id === host)?.['name']
    expect(preview).toContain(`\n  "${host}", "${name}", `)
    expect((await callUnattended(execute, on(host))).sent).toBe(1)
    expect((await lastRun(sandbox))?.assetIds).toEqual([host])
  })

  test('of another platform than the script are told in the preview', async ({ sandbox }) => {
    await sandbox.control.knobs(form)
    const hosts = await sandbox.control.dump('assets')
    const script = (await sandbox.control.dump('scripts')).find(({ id }) => id === 19218)
    const [own, other] = [true, false].map((isOwn) =>
      hosts.find(({ platform }) => (platform === script?.['platform']) === isOwn),
    )
    const client = await connect(sandbox, 'modern')
    const warning = '1 host of another platform than the script'
    expect((await client.call(execute, on(Number(own?.['id'])))).preview).not.toContain(warning)
    expect((await client.call(execute, on(Number(other?.['id'])))).preview).toContain(warning)
    await client.close()
  })

  test('are counted by tag, without those that are excluded', async ({ sandbox, fleet, callUnattended }) => {
    await sandbox.control.knobs(form)
    const tag = fleet.someTag()
    const [first = 0, ...others] = fleet.hostsWith(tag)
    const args = { scriptId: 19218, assetTagIds: [tag] }
    const over = await callUnattended(execute, args, most(others.length))
    expect(over.sent).toBe(0)
    expect(over.text).toContain(`has ${others.length + 1} hosts, and QUALYS_MAX_ASSETS_PER_RUN is`)
    const spared = { ...args, excludedAssetIds: [first] }
    expect((await callUnattended(execute, spared, most(others.length))).sent).toBe(1)
    expect((await lastRun(sandbox))?.assetIds?.sort()).toEqual([...others].sort())
  })

  test('with a blocked or an allowed tag are told', async ({
    sandbox,
    fleet,
    callUnattended,
    callApproved,
  }) => {
    await sandbox.control.knobs(form)
    const { host, one, two } = fleet.tagged()
    for (const list of [one.id, two.name]) {
      const { sent, text } = await callApproved(execute, on(host), limit('QUALYS_BLOCKED_TAGS', list))
      expect(sent).toBe(0)
      expect(text).toContain(`host ${host} has a tag of QUALYS_BLOCKED_TAGS`)
      expect((await callUnattended(execute, on(host), limit('QUALYS_ALLOWED_TAGS', list))).sent).toBe(1)
    }
    const other = limit('QUALYS_BLOCKED_TAGS', '7512899, No such tag')
    expect((await callUnattended(execute, on(host, fleet.untagged()), other)).sent).toBe(1)
    const none = await callUnattended(execute, on(fleet.untagged()), limit('QUALYS_ALLOWED_TAGS', one.id))
    expect(none.text).toMatch(/has no tag of QUALYS_ALLOWED_TAGS/)
    expect(none.sent).toBe(0)
  })

  test('with a blocked tag are no target of another tag', async ({ sandbox, fleet, callUnattended }) => {
    await sandbox.control.knobs(form)
    const { one, two } = fleet.tagged()
    const args = { scriptId: 19218, assetTagIds: [one.id] }
    const { sent, text } = await callUnattended(execute, args, limit('QUALYS_BLOCKED_TAGS', two.name))
    expect(sent).toBe(0)
    expect(text).toMatch(/host \d+ has a tag of QUALYS_BLOCKED_TAGS/)
  })

  test('are scheduled with the UUID of their agent', async ({ sandbox, fleet, callUnattended }) => {
    await sandbox.control.knobs(form)
    const { host } = fleet.tagged()
    const { sent, text } = await callUnattended('car_create_schedule', {
      ...plan,
      assets: [host],
      excludedAssets: [fleet.untagged()],
    })
    expect(sent, text).toBe(1)
    const stored = (await schedulesOf(sandbox)).find(({ title }) => title === plan.title)
    const uuid = (await sandbox.control.dump('assets')).find(({ id }) => id === host)?.['uuid']
    expect(stored?.assets).toEqual([{ id: host, UUId: uuid }])
    expect(text).toMatch(/^schedule \S+ "[^"]*" created; stored, not active/)
    const changed = { ...plan, scheduleId: stored?.id, title: 'Planned again', assets: [host] }
    expect((await callUnattended('car_update_schedule', changed)).sent).toBe(1)
  })

  test('of a lab evaluate a script', async ({ sandbox, fleet, callUnattended }) => {
    await sandbox.control.knobs(form)
    const labHost = fleet.assets.find(({ lab }) => lab)?.id
    const { sent, text } = await callUnattended(execute, {
      ...{ scriptId: 19218, testMode: true, testAssets: [labHost] },
    })
    expect(sent, text).toBe(1)
    expect((await lastRun(sandbox))?.assetIds).toEqual([labHost])
  })

  test('are blocked by the number', async ({ sandbox, fleet, callUnattended }) => {
    await sandbox.control.knobs(form)
    const { host } = fleet.tagged()
    const { text } = await callUnattended('car_block_assets', { assetIds: [host] })
    expect(text).toContain('1 asset blocked')
    const blocked = (await sandbox.control.dump('blocked-assets')).map(({ id }) => id)
    expect(blocked).toContain(host)
  })
})

test('a UUID is no id of a host, and the refusal says which one is', async ({ sandbox, callUnattended }) => {
  await sandbox.control.knobs({ hostRecord: 'fim' })
  const [{ uuid } = {}] = await sandbox.control.dump('assets')
  const { sent, text } = await callUnattended(execute, { scriptId: 19218, assetIds: [uuid] })
  expect(sent).toBe(0)
  expect(text).toContain('Pass the number that car_search_assets shows')
})

test('a lab tag that was listed lately is told on a host that names it by UUID', async ({
  sandbox,
  fleet,
}) => {
  await sandbox.control.knobs({ hostRecord: 'fim', hostTags: 'uuids' })
  const labHost = fleet.assets.find(({ lab }) => lab)?.id
  const settings = { QUALYS_MODE: 'unattended', QUALYS_BLOCKED_TAGS: 'Green' }
  const client = await connect(sandbox, 'modern', { settings })
  const args = { scriptId: 19218, testMode: true, testAssets: [labHost] }
  expect((await client.call(execute, args)).text).toMatch(/the tags of host \d+ cannot be read/)
  await client.call('car_search_asset_tags', { filter: 'labTag:true', pageSize: 200 })
  expect((await client.call(execute, args)).text).toMatch(/script 19218 "[^"]*" started/)
  await client.close()
})
