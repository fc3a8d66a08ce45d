import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { connect } from '../../support/consent/raw-client.ts'
import { alteredPlatform, alteringRows } from '../../support/effects/altered-platform.ts'
import { effectRequests } from '../../support/sandbox.ts'
import { storeSchedule } from './attempt.ts'
import { test } from './fixtures.ts'

// A schedule is switched off by its id and activate: false alone: what is left out is sent back as it is stored.

const update = 'car_update_schedule'
const recurring = { recurrence: 'HOURLY', endDate: '2096-03-01', rebootAfterScriptExecution: true }

/** A file that exists. */
function stopFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'qualys-mcp-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, 'stop'), '')
  return join(folder, 'stop')
}

test.for<readonly [string, () => Readonly<Record<string, string>>]>([
  ['no limit', () => ({})],
  ['the stop file', () => ({ QUALYS_STOP_FILE: stopFile() })],
  ['a number of hosts', () => ({ QUALYS_MAX_ASSETS_PER_RUN: '0' })],
  ['a number of objects', () => ({ QUALYS_MAX_BULK: '1' })],
  ['allowed scripts', () => ({ QUALYS_ALLOWED_SCRIPTS: '1' })],
  ['blocked scripts', () => ({ QUALYS_BLOCKED_SCRIPTS: '19218' })],
  ['what is forbidden', () => ({ QUALYS_FORBID: 'run,schedule,reboot' })],
  ['a window', () => ({ QUALYS_WINDOW: 'Mon 03:00-03:01 UTC' })],
  ['a number of runs', () => ({ QUALYS_MAX_SCHEDULED_RUNS: '1' })],
  ['budgets', () => ({ QUALYS_MAX_HOSTS_PER_DAY: '0', QUALYS_MAX_RUNS_PER_HOUR: '0' })],
])('under %s', async ([, limits], { sandbox, fleet, callApproved }) => {
  const assets = fleet.assets.slice(0, 2).map(({ id }) => id)
  const scripts = [{ id: '19218' }, { id: '16515' }]
  const { id } = await storeSchedule(sandbox, { ...recurring, assets, scripts })
  const before = (await sandbox.control.dump('schedules')).find((row) => row['id'] === id)
  const { sent, text } = await callApproved(update, { scheduleId: id, activate: false }, limits())
  expect(sent, text).toBe(1)
  const after = (await sandbox.control.dump('schedules')).find((row) => row['id'] === id)
  expect({ ...after, updatedDateTime: 0 }).toEqual({ ...before, activate: false, updatedDateTime: 0 })
})

test('every seeded schedule stays as it is, but for being off', async ({ sandbox, callUnattended }) => {
  const before = await sandbox.control.dump('schedules')
  let count = 0
  for (const schedule of before) {
    const { sent, text } = await callUnattended(update, { scheduleId: schedule['id'], activate: false })
    if (sent === 0) expect(text).toMatch(/also needs the parameter|takes|Concerned|shows no id/)
    count += sent
  }
  expect(count).toBeGreaterThan(before.length / 2)
  const strip = (rows: typeof before) => rows.map(({ updatedDateTime: _, activate: __, ...row }) => row)
  expect(strip(await sandbox.control.dump('schedules'))).toEqual(strip(before))
})

test('a new start in the past is refused, and switching on is judged by what is sent', async ({
  sandbox,
  fleet,
  callUnattended,
}) => {
  const assets = fleet.assets.slice(0, 2).map(({ id }) => id)
  const { id } = await storeSchedule(sandbox, { ...recurring, assets })
  const past = await callUnattended(update, { scheduleId: id, startDate: '2020-01-01' })
  expect(past).toMatchObject({ sent: 0 })
  expect(past.text).toMatch(/The start lies in the past/)
  const on = { scheduleId: id, activate: true }
  expect((await callUnattended(update, on, { QUALYS_MAX_ASSETS_PER_RUN: '1' })).sent).toBe(0)
  expect((await callUnattended(update, on, { QUALYS_FORBID: 'reboot' })).sent).toBe(0)
  expect((await callUnattended(update, on, { QUALYS_MAX_SCHEDULED_RUNS: '5' })).sent).toBe(0)
  expect((await callUnattended(update, on, { QUALYS_MAX_ASSETS_PER_RUN: '2' })).sent).toBe(1)
})

test('a bare record: what to pass is named, with the tool that is withheld', async ({ sandbox, fleet }) => {
  const { id } = await storeSchedule(sandbox, { assets: [fleet.assets[0]?.id] })
  const platform = await alteredPlatform(
    sandbox,
    alteringRows(/\/scheduler\//, ({ id, customerUuid }) => ({ id, customerUuid })),
  )
  await sandbox.control.clearRequests()
  const client = await connect(platform, 'modern', { settings: { QUALYS_MODE: 'unattended' } })
  const { text } = await client.call(update, { scheduleId: id, activate: false })
  expect(text).toContain(
    'Pass title, scripts, startDate, startTime and recurrence ("ONCE", or one with interval and endDate) as well; to switch it off by its id alone, use car_deactivate_schedule (withheld by QUALYS_UNVERIFIED=reads).',
  )
  expect(await effectRequests(sandbox.control)).toEqual([])
})

test('hidden parameters are to be passed', async ({ sandbox, fleet, callUnattended }) => {
  const scripts = [{ id: 25209, params: [{ key: 'path', value: '/tmp' }] }]
  const { id } = await storeSchedule(sandbox, { scripts, assets: [fleet.assets[0]?.id] })
  const off = { scheduleId: id, activate: false }
  const { sent, text } = await callUnattended(update, off)
  expect(sent).toBe(0)
  expect(text).toContain('Pass scripts (with all params of 25209, whose values are not shown) as well')
  expect((await callUnattended(update, { ...off, scripts })).sent).toBe(1)
})

test('a person sees what is sent, and a schedule that changes meanwhile is asked about again', async ({
  sandbox,
  fleet,
}) => {
  const { id } = await storeSchedule(sandbox, { assets: [fleet.assets[0]?.id] })
  const settings = { QUALYS_UNVERIFIED: 'all' }
  const client = await connect(sandbox, 'modern', { settings })
  const off = { scheduleId: id, activate: true }
  const { preview = '', state = '' } = await client.call(update, off)
  expect(preview).toContain('activate, stored and new: "false", "true"')
  expect(preview).toMatch(/sent back as stored: title, scripts, startDate, startTime, recurrence, assets, /)
  const operator = await connect(sandbox, 'modern', { settings: { ...settings, QUALYS_MODE: 'unattended' } })
  expect((await operator.call(update, { scheduleId: id, description: 'Changed' })).isError).toBe(false)
  await sandbox.control.clearRequests()
  const again = await client.answerQuestion(update, off, state)
  expect(again.preview).toContain('description: "Changed"')
  expect(await effectRequests(sandbox.control)).toEqual([])
})

test('a short id is none in an effect', async ({ sandbox, fleet, callUnattended }) => {
  const { id } = await storeSchedule(sandbox, { assets: [fleet.assets[0]?.id] })
  for (const tool of [update, 'car_deactivate_schedule', 'car_delete_schedule']) {
    const { sent, text } = await callUnattended(tool, {
      scheduleId: `${id.slice(0, 8)}`,
      ...(tool === update && { activate: false }),
    })
    expect(sent).toBe(0)
    expect(text).toMatch(/knows no such id/)
  }
})

test('a change that began before does not undo it', async ({ sandbox, fleet }) => {
  const { id } = await storeSchedule(sandbox, { assets: [fleet.assets[0]?.id], activate: true })
  const settings = { QUALYS_MODE: 'unattended', QUALYS_UNVERIFIED: 'all' }
  const client = await connect(sandbox, 'modern', { settings })
  const stored = async () => (await sandbox.control.dump('schedules')).find((row) => row['id'] === id)
  for (const tool of [update, 'car_deactivate_schedule']) {
    await client.call(update, { scheduleId: id, activate: true })
    expect(await stored()).toMatchObject({ activate: true })
    const replies = await Promise.all([
      client.call(update, { scheduleId: id, description: `Before ${tool}` }),
      client.call(tool, { scheduleId: id, ...(tool === update && { activate: false }) }),
      client.call(update, { scheduleId: id, title: `After ${tool}` }),
    ])
    expect(replies.map(({ text, isError }) => isError && text)).toEqual([false, false, false])
    expect(await stored()).toMatchObject({
      ...{ activate: false, description: `Before ${tool}`, title: `After ${tool}` },
    })
  }
})

test('what is wrong with an argument names a withheld tool with its setting', async ({ sandbox }) => {
  const settings = { QUALYS_MODE: 'unattended', QUALYS_TOOLS: update }
  const client = await connect(sandbox, 'modern', { settings })
  const { text } = await client.call(update, { scheduleId: 'a/b', activate: false })
  expect(text).toContain('must be an id from car_search_schedules (withheld by QUALYS_TOOLS)')
})

test('a password that is stored already is no reason to leave anything out', async ({
  sandbox,
  fleet,
  callUnattended,
}) => {
  const description = 'password=Tr0ub4dor-3x'
  const { id } = await storeSchedule(sandbox, { assets: [fleet.assets[0]?.id], description })
  const { sent, text } = await callUnattended(update, { scheduleId: id, title: 'Other' })
  expect(sent).toBe(1)
  expect(text).not.toMatch(/leave it out/)
  expect((await callUnattended(update, { scheduleId: id, description: `${description}!` })).text).toMatch(
    /The text of description looks like a password/,
  )
})
