import { describe, expect } from 'vitest'
import { toolRegistry } from '../../../../src/tools/server/tool-registry.ts'
import { revisions } from '../../../support/service/client.ts'
import { serviceTestOn } from '../../../support/service/fixture.ts'
import { toolManifests } from '../../../support/service/manifests.ts'
import { plan } from '../../limits/attempt.ts'
import { Fleet } from '../../limits/fleet.ts'

// What a caller of the callers file carries: toolsets, tags and hosts of a run. Each can only narrow the settings.

const test = serviceTestOn({ jobs: 100, assets: 200 })

const unattended = { QUALYS_MODE: 'unattended', QUALYS_MAX_ASSETS_PER_RUN: '10' }
const role = 'operator' as const
const execute = 'car_execute_script'
const on = (...assetIds: readonly number[]) => ({ scriptId: 19218, assetIds })

/** The names of the tools of some toolsets, in order, and of those that belong to none. */
const inToolsets = (...toolsets: readonly string[]): string[] =>
  toolManifests
    .filter(
      ({ toolset, always }) =>
        always || toolset === undefined || toolsets.some((one) => `${toolset}.`.startsWith(`${one}.`)),
    )
    .map(({ name }) => name)

describe.each(revisions)('toolsets, %s', (revision) => {
  test.for([
    ['of one kind', ['car.scripts']],
    ['of a product', ['saq']],
    ['of both products', ['car.runs', 'saq.users']],
  ] as const)(
    '%s: their tools are listed, and the others are unknown',
    async ([, toolsets], { serve, upstream }) => {
      const service = await serve({ callers: { ada: { role, toolsets: [...toolsets] } } })
      const client = service.client('ada', { revision })
      const names = inToolsets(...toolsets)
      expect(await client.toolNames()).toEqual(names)
      for (const name of [...toolRegistry.keys()].filter((other) => !names.includes(other)))
        expect((await client.call(name)).error?.message).toBe(`Tool ${name} not found`)
      expect(await upstream()).toEqual([])
    },
  )

  test('wider than the settings they give no more', async ({ serve }) => {
    const service = await serve({
      callers: { ada: { role, toolsets: ['car', 'saq'] } },
      settings: { QUALYS_TOOLSETS: 'saq.users' },
    })
    expect(await service.client('ada', { revision }).toolNames()).toEqual(inToolsets('saq.users'))
  })
})

test('a list of another toolset is not exported either, nor is its continuation token taken', async ({
  serve,
  upstream,
  sandbox,
}) => {
  const service = await serve({ callers: { ada: { toolsets: ['saq'] }, eve: { toolsets: ['car'] } } })
  const first = await service.client('eve').call('car_search_jobs', { pageSize: 5 })
  const token = /continuationToken "([^"]+)"/.exec(first.text)?.[1]
  await sandbox.control.clearRequests()
  const ada = service.client('ada')
  expect((await ada.call('qualys_export', { tool: 'car_search_jobs', format: 'csv' })).text).toContain(
    'The tool car_search_jobs is withheld by the toolsets of this caller, and so is its export.',
  )
  const foreign = await ada.call('saq_search_users', { continuationToken: token })
  expect(foreign.isError).toBe(true)
  expect(await upstream()).toEqual([])
})

describe('tags', () => {
  test('a run needs hosts with a tag of the caller; what the settings demand still counts', async ({
    serve,
    sandbox,
    effects,
  }) => {
    const fleet = await Fleet.of(sandbox)
    const { host, one, two } = fleet.tagged()
    const callers = {
      mine: { role, tags: [one.name] },
      other: { role, tags: ['7512899', 'No such tag'] },
      free: { role },
    }
    const service = await serve({ callers, settings: { ...unattended, QUALYS_ALLOWED_TAGS: two.id } })
    const call = (name: string, args: object) => service.client(name).call(execute, args)
    expect((await call('mine', on(host))).isError).toBe(false)
    expect((await call('other', on(host))).text).toContain(
      `host ${host} has no tag of the tags of this caller`,
    )
    const stranger = fleet.assets.find(
      ({ tags }) => tags.some(({ id }) => id === one.id) && !tags.some(({ id }) => id === two.id),
    )
    if (stranger)
      expect((await call('mine', on(stranger.id))).text).toContain(
        `host ${stranger.id} has no tag of QUALYS_ALLOWED_TAGS`,
      )
    expect((await call('free', on(fleet.untagged()))).text).toContain('has no tag of QUALYS_ALLOWED_TAGS')
    expect(await effects()).toEqual(['POST /sm/v1/scripts/19218/execute'])
  })

  test.for(['car_create_schedule', execute])(
    '%s on hosts without one of them is refused',
    async (tool, { serve, sandbox, effects }) => {
      const { host, one } = (await Fleet.of(sandbox)).tagged()
      const callers = { other: { role, tags: ['7512899'] }, mine: { role, tags: [one.id] } }
      const service = await serve({ callers, settings: unattended })
      const args = tool === execute ? on(host) : { ...plan, assets: [host] }
      expect((await service.client('other').call(tool, args)).text).toContain('the tags of this caller')
      expect(await effects()).toEqual([])
      expect((await service.client('mine').call(tool, args)).isError).toBe(false)
      expect(await effects()).toHaveLength(1)
    },
  )
})

describe('hosts of a run', () => {
  test('a caller with fewer is held to them, and one with more to the settings', async ({
    serve,
    sandbox,
    effects,
  }) => {
    const hosts = (await Fleet.of(sandbox)).assets.filter(({ lab }) => !lab).map(({ id }) => id)
    const callers = {
      none: { role, maxAssetsPerRun: 0 },
      one: { role, maxAssetsPerRun: 1 },
      many: { role, maxAssetsPerRun: 1_000 },
    }
    const service = await serve({ callers, settings: { ...unattended, QUALYS_MAX_ASSETS_PER_RUN: '2' } })
    const call = (name: string, count: number) =>
      service.client(name).call(execute, on(...hosts.slice(0, count)))
    expect((await call('none', 1)).text).toMatch(/has 1 host\b/)
    expect((await call('one', 2)).text).toMatch(/has 2 hosts\b/)
    expect((await call('many', 3)).text).toMatch(/has 3 hosts, and QUALYS_MAX_ASSETS_PER_RUN is 2\./)
    expect(await effects()).toEqual([])
    expect((await call('one', 1)).isError).toBe(false)
    expect((await call('many', 2)).isError).toBe(false)
    expect(await effects()).toHaveLength(2)
  })

  test('the refusal names the limit of the caller, not a setting that allows more', async ({
    serve,
    sandbox,
  }) => {
    const hosts = (await Fleet.of(sandbox)).assets.filter(({ lab }) => !lab).map(({ id }) => id)
    const service = await serve({ callers: { one: { role, maxAssetsPerRun: 1 } }, settings: unattended })
    const { text } = await service.client('one').call(execute, on(...hosts.slice(0, 2)))
    expect(text).toContain('has 2 hosts')
    expect(text).not.toContain('QUALYS_MAX_ASSETS_PER_RUN is 1')
  })

  test('qualys_status tells a caller their own limits', async ({ serve }) => {
    const callers = { one: { role, maxAssetsPerRun: 1, tags: ['Finance'] } }
    const service = await serve({ callers, settings: unattended })
    const { text } = await service.client('one').call('qualys_status')
    expect(text).toContain('at most 1')
    expect(text).toContain('Finance')
  })
})
