import { expect, onTestFinished, vi } from 'vitest'
import { assistantOn } from '../../support/assistant.ts'
import { testOn } from '../../support/fixtures.ts'
import { effectsAt, type TestSandbox } from '../../support/sandbox.ts'
import { holdTimers, patiently } from '../../support/waiting/time.ts'

// An effect that was sent, and a call that ends while it looks at what became of it.

const test = testOn({ jobs: 200, assets: 60 })
const never = { kind: 'delay', ms: 3_600_000 }
const seconds = 777

/** Hosts that nothing forbids to run scripts on. */
async function hostsOf({ control }: TestSandbox, count: number): Promise<string[]> {
  const [assets, blocked, tags] = await Promise.all([
    control.truth('assets'),
    control.truth('blocked-assets'),
    control.truth('blocked-tags'),
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

/** A call whose time is up as soon as the sandbox has seen so many requests with this end of their path. */
async function calledInHaste(sandbox: TestSandbox, tool: string, args: object, end: RegExp, count: number) {
  const time = holdTimers(seconds * 1_000)
  const settings = {
    QUALYS_MODE: 'unattended',
    QUALYS_CALL_TIMEOUT_SECONDS: String(seconds),
    QUALYS_MAX_WAIT_SECONDS: '60',
  }
  const assistant = await assistantOn(sandbox, settings)
  onTestFinished(() => assistant.close())
  const call = assistant.call(tool, args)
  await vi.waitFor(async () => {
    const seen = await sandbox.control.requests()
    expect(seen.filter(({ method, path }) => end.test(`${method} ${path}`))).toHaveLength(count)
  }, patiently)
  time.fire()
  const { error, text } = await call
  return { kind: error?.['kind'], text }
}

test('a schedule was made, and reading it back takes too long: nobody is told to make it again', async ({
  sandbox,
}) => {
  const route = 'GET /sm/v1/scheduler/{scheduleId}'
  await sandbox.control.faults([
    { route, ...never },
    { route: 'POST /sm/v1/scheduler/search', ...never },
  ])
  const plan = {
    title: 'Planned in haste',
    scripts: [{ id: '19218' }],
    startDate: '2041-03-05',
    startTime: '08:30',
    assets: await hostsOf(sandbox, 1),
    activate: true,
  }
  const { kind, text } = await calledInHaste(
    sandbox,
    'car_create_schedule',
    plan,
    /(GET \/sm\/v1\/scheduler\/.|POST \/sm\/v1\/scheduler\/search)/,
    1,
  )
  const made = (await sandbox.control.truth('schedules')).filter(({ title }) => title === 'Planned in haste')
  expect(made).toHaveLength(1)
  expect(kind, text).toBe('unclear')
  expect(await effectsAt(sandbox.control)).toHaveLength(1)
})

test('a run was lost on its way, and looking for it takes too long: it stays unclear', async ({
  sandbox,
}) => {
  await sandbox.control.faults([
    { route: 'POST /sm/v1/scripts/{scriptId}/execute', kind: 'resetAfterBody' },
    { route: 'POST /sm/v2/jobs/search', ...never, skip: 1 },
  ])
  const run = { scriptId: '19218', assetIds: await hostsOf(sandbox, 1) }
  const { kind, text } = await calledInHaste(sandbox, 'car_execute_script', run, /jobs\/search$/, 2)
  expect(kind, text).toBe('unclear')
  expect(text).toMatch(/before anything is run again/)
  expect((await effectsAt(sandbox.control)).filter(({ path }) => path.endsWith('/execute'))).toHaveLength(1)
})

test('a run is followed for too long: the whole call’s time-out says so', async ({ sandbox }) => {
  await sandbox.control.knobs({ hostSeconds: 3_600, jobDelayMs: 0 })
  const assistant = await assistantOn(sandbox, { QUALYS_MODE: 'unattended' })
  const run = { scriptId: '19218', assetIds: await hostsOf(sandbox, 2) }
  const { structured } = await assistant.call('car_execute_script', run, 'json')
  await assistant.close()
  const correlationUuid = String(structured.rows[0]?.['correlationUuid'])
  await sandbox.control.forget()
  const args = { correlationUuid, scriptId: '19218', waitSeconds: 60 }
  const { kind, text } = await calledInHaste(sandbox, 'car_follow_run', args, /jobs\/search$/, 2)
  expect(kind, text).toBe('vendor')
  expect(text).toContain('QUALYS_CALL_TIMEOUT_SECONDS')
})
