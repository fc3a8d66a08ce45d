import { expect, onTestFinished, vi } from 'vitest'
import { openAssistantOn } from '../../support/assistant.ts'
import { testOn } from '../../support/fixtures.ts'
import { effectRequests, type TestSandbox } from '../../support/sandbox.ts'
import { holdTimers, waitOptions } from '../../support/waiting/fake-time.ts'

// An effect that was sent, and a call that ends while it verifies the result.

const test = testOn({ jobs: 200, assets: 60 })
const endlessDelay = { kind: 'delay', ms: 3_600_000 }
const seconds = 777

/** Hosts on which the settings allow scripts. */
async function hostsOf({ control }: TestSandbox, count: number): Promise<string[]> {
  const [assets, blocked, tags] = await Promise.all([
    control.dump('assets'),
    control.dump('blocked-assets'),
    control.dump('blocked-tags'),
  ])
  const free = assets.filter(
    ({ id, lab, tags: own }) =>
      lab === false &&
      !blocked.some((one) => one['id'] === id) &&
      !(own as { id: unknown }[]).some((tag) => tags.some((one) => one['id'] === tag.id)),
  )
  expect(free.length).toBeGreaterThanOrEqual(count)
  return free.slice(0, count).map(({ id }) => String(id))
}

/** A call that times out as soon as the sandbox has received this number of requests whose path ends so. */
async function callUntilTimeout(
  sandbox: TestSandbox,
  tool: string,
  args: object,
  end: RegExp,
  count: number,
) {
  const time = holdTimers(seconds * 1_000)
  const settings = {
    QUALYS_MODE: 'unattended',
    QUALYS_CALL_TIMEOUT_SECONDS: String(seconds),
    QUALYS_MAX_WAIT_SECONDS: '60',
  }
  const assistant = await openAssistantOn(sandbox, settings)
  onTestFinished(() => assistant.close())
  const call = assistant.call(tool, args)
  await vi.waitFor(async () => {
    const seen = await sandbox.control.requests()
    expect(seen.filter(({ method, path }) => end.test(`${method} ${path}`))).toHaveLength(count)
  }, waitOptions)
  time.fire()
  const { error, text } = await call
  return { kind: error?.['kind'], text }
}

test('a schedule was created, and its verification takes too long: the assistant is not told to create it again', async ({
  sandbox,
}) => {
  const route = 'GET /sm/v1/scheduler/{scheduleId}'
  await sandbox.control.faults([
    { route, ...endlessDelay },
    { route: 'POST /sm/v1/scheduler/search', ...endlessDelay },
  ])
  const plan = {
    title: 'Planned in haste',
    scripts: [{ id: '19218' }],
    startDate: '2041-03-05',
    startTime: '08:30',
    assets: await hostsOf(sandbox, 1),
    activate: true,
  }
  const { kind, text } = await callUntilTimeout(
    sandbox,
    'car_create_schedule',
    plan,
    /(GET \/sm\/v1\/scheduler\/.|POST \/sm\/v1\/scheduler\/search)/,
    1,
  )
  const made = (await sandbox.control.dump('schedules')).filter(({ title }) => title === 'Planned in haste')
  expect(made).toHaveLength(1)
  expect(kind, text).toBeUndefined()
  expect(text).toMatch(/^schedule \S+ "Planned in haste" created; Qualys took it, but it cannot be read back/)
  expect(await effectRequests(sandbox.control)).toHaveLength(1)
})

test('the answer to a run was lost, and the search for it takes too long: the outcome stays unclear', async ({
  sandbox,
}) => {
  await sandbox.control.faults([
    { route: 'POST /sm/v1/scripts/{scriptId}/execute', kind: 'resetAfterBody' },
    { route: 'POST /sm/v2/jobs/search', ...endlessDelay, skip: 1 },
  ])
  const run = { scriptId: '19218', assetIds: await hostsOf(sandbox, 1) }
  const { kind, text } = await callUntilTimeout(sandbox, 'car_execute_script', run, /jobs\/search$/, 2)
  expect(kind, text).toBe('unclear')
  expect(text).toMatch(/before anything is run again/)
  expect(
    (await effectRequests(sandbox.control)).filter(({ path }) => path.endsWith('/execute')),
  ).toHaveLength(1)
})

test('following a run takes too long: the error names the call’s time-out', async ({ sandbox }) => {
  await sandbox.control.knobs({ hostSeconds: 3_600, jobDelayMs: 0 })
  const assistant = await openAssistantOn(sandbox, { QUALYS_MODE: 'unattended' })
  const run = { scriptId: '19218', assetIds: await hostsOf(sandbox, 2) }
  const { structured } = await assistant.call('car_execute_script', run, 'json')
  await assistant.close()
  const correlationUuid = String(structured.rows[0]?.['correlationUuid'])
  await sandbox.control.clearRequests()
  const args = { correlationUuid, scriptId: '19218', waitSeconds: 60 }
  const { kind, text } = await callUntilTimeout(sandbox, 'car_follow_run', args, /jobs\/search$/, 2)
  expect(kind, text).toBe('vendor')
  expect(text).toContain('QUALYS_CALL_TIMEOUT_SECONDS')
})
