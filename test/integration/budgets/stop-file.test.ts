import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { connect, eras, type RawClient, yes } from '../../support/consent/raw-client.ts'
import { addressesOf, interceptedPlatform } from '../../support/effects/altered-platform.ts'
import { executeOn, runOn } from '../../support/effects/fixtures.ts'
import { countRequests } from '../../support/effects/unattended.ts'
import { test } from './fixtures.ts'

// QUALYS_STOP_FILE: while the file exists, effects are refused, at once and without a restart.

const executing = 'POST /sm/v1/scripts/19218/execute'
const stopped =
  /The operator has stopped all effects \(QUALYS_STOP_FILE: that file exists\); nothing was sent\./

describe('the stop file', () => {
  test('refuses effects while it exists, and lets reads through', async ({
    sandbox,
    folder,
    audit,
    serveHere,
    objects,
  }) => {
    const file = join(folder, 'stop')
    const server = await serveHere({ QUALYS_STOP_FILE: file })
    expect((await executeOn(server, objects)).isError).toBe(false)
    writeFileSync(file, '')
    const refused = await executeOn(server, objects)
    expect(refused.error).toMatchObject({ kind: 'setup' })
    expect(refused.text).toMatch(stopped)
    expect((await server.call('car_search_scripts', {})).isError).toBe(false)
    expect((await server.call('qualys_status', {})).text).toContain('stopFile: effects are stopped')
    expect(audit.events(4)).toEqual(['asked', 'refused'])
    rmSync(file)
    expect((await executeOn(server, objects)).isError).toBe(false)
    expect(await countRequests(sandbox.control, executing)).toBe(2)
  })

  test('lets through what only takes away work, and names those tools', async ({
    folder,
    sandbox,
    serveHere,
    objects,
  }) => {
    const file = join(folder, 'stop')
    writeFileSync(file, '')
    const server = await serveHere({ QUALYS_STOP_FILE: file, QUALYS_EXCLUDE_TOOLS: 'car_block_tags' })
    expect((await executeOn(server, objects)).text).toContain(
      'still go, with their usual approval: car_update_schedule with activate: false alone, car_deactivate_schedule, car_add_blocked_commands, car_block_assets, saq_cancel_campaign.',
    )
    const [host] = objects.hosts
    const { id, title } = objects.schedule as never as { id: string; title: string }
    const campaign = (await sandbox.control.dump('campaigns')).find(({ status }) => status === 'ACTIVE')
    const off = { scheduleId: id, title, activate: false }
    const outcomes = [
      await server.call('car_deactivate_schedule', { scheduleId: id }),
      await server.call('car_update_schedule', off),
      await server.call('car_block_assets', { assetIds: [host] }),
      await server.call('car_add_blocked_commands', { languageId: 201, commands: ['format'] }),
      await server.call('saq_cancel_campaign', { campaignId: String(campaign?.['id']) }),
    ]
    expect(outcomes.map(({ text }) => stopped.test(text))).toEqual(outcomes.map(() => false))
    for (const args of [
      { ...off, activate: true },
      { ...off, title: 'Approved by the owner' },
      { ...off, description: 'Approved by the owner' },
      { ...off, assets: [host] },
      { ...off, excludedAssets: [host] },
      { ...off, rebootAfterScriptExecution: true },
      { ...off, scripts: [{ id: objects.script, params: [{ key: 'p', secret: 'token' }] }] },
    ])
      expect((await server.call('car_update_schedule', args)).text).toMatch(stopped)
    expect((await server.call('car_unblock_assets', { assetIds: [host] })).text).toMatch(stopped)
    expect((await server.call('car_delete_schedule', { scheduleId: id })).text).toMatch(stopped)
  })

  test('stops a call between its preparation and its request', async ({
    sandbox,
    folder,
    audit,
    serveHere,
    objects,
  }) => {
    const file = join(folder, 'stop')
    const platform = await interceptedPlatform(sandbox, {
      'POST /sm/v2/jobs/search': () => writeFileSync(file, ''),
    })
    const server = await serveHere({
      ...{ QUALYS_STOP_FILE: file, QUALYS_MAX_HOSTS_PER_DAY: '5' },
      ...addressesOf(platform),
    })
    expect((await executeOn(server, objects, 0, 2)).text).toMatch(stopped)
    expect(await countRequests(sandbox.control, executing)).toBe(0)
    expect(audit.events()).toEqual(['asked', 'approved', 'answered'])
    expect(audit.factsOf('answered')).toMatchObject({ outcome: 'not sent', limit: 'QUALYS_STOP_FILE' })
    rmSync(file)
    expect((await server.call('qualys_status', {})).text).toContain('5 of 5 hosts of today’s budget')
  })

  test('stops a request that is repeated after a refused login', async ({
    sandbox,
    folder,
    serveHere,
    objects,
  }) => {
    const file = join(folder, 'stop')
    const platform = await interceptedPlatform(sandbox, { [executing]: () => writeFileSync(file, '') })
    await sandbox.control.faults([
      { route: 'POST /sm/v1/scripts/{scriptId}/execute', kind: 'expired', times: 1 },
    ])
    const server = await serveHere({
      ...{ QUALYS_STOP_FILE: file, QUALYS_MAX_HOSTS_PER_DAY: '5' },
      ...addressesOf(platform),
    })
    expect((await executeOn(server, objects, 0, 2)).text).toMatch(stopped)
    expect(await countRequests(sandbox.control, executing)).toBe(1)
    rmSync(file)
    expect((await server.call('qualys_status', {})).text).toContain('5 of 5 hosts of today’s budget')
  })
})

describe.each(eras)('a yes (%s)', (era) => {
  test('does not help against a file that was made since the question', async ({
    sandbox,
    folder,
    objects,
  }) => {
    const file = join(folder, 'stop')
    const client = await connect(sandbox, era, { settings: { QUALYS_STOP_FILE: file } })
    let questions = 0
    client.answer = () => {
      questions += 1
      writeFileSync(file, '')
      return yes
    }
    const call = ['car_execute_script', runOn(objects)] as const
    const first = await client.call(...call)
    if (era === 'modern') writeFileSync(file, '')
    const last = era === 'modern' ? await client.answerQuestion(...call, first.state) : first
    expect(questions).toBe(era === 'modern' ? 0 : 1)
    expect(last.text).toMatch(stopped)
    expect(await countRequests(sandbox.control, executing)).toBe(0)
    if (era === 'legacy') return
    rmSync(file)
    const again = await client.answerQuestion(...call, first.state)
    expect(again.preview, 'the yes is used up').toBeDefined()
    expect(await countRequests(sandbox.control, executing)).toBe(0)
    await client.answerQuestion(...call, again.state)
    expect(await countRequests(sandbox.control, executing)).toBe(1)
  })

  test('is not asked for while the file exists', async ({ sandbox, folder, objects }) => {
    const file = join(folder, 'stop')
    writeFileSync(file, '')
    const client: RawClient = await connect(sandbox, era, { settings: { QUALYS_STOP_FILE: file } })
    expect((await client.callAndAnswer('car_execute_script', runOn(objects), yes)).text).toMatch(stopped)
    expect(client.questions).toEqual([])
    await client.callAndAnswer('car_block_assets', { assetIds: objects.hosts.slice(0, 1) }, yes)
    expect(client.questions).toHaveLength(1)
  })
})
