import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { assistantOn } from '../../support/assistant.ts'
import { type Ground, groundOf, planOf } from '../../support/effects/calls.ts'
import { effectsAt, openSandbox } from '../../support/sandbox.ts'

// An effect that was sent, and a call that ends while it looks at what became of it.

let sandbox: Awaited<ReturnType<typeof openSandbox>>
let ground: Ground
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 200, assets: 60 })
  ground = await groundOf(sandbox.control)
})
beforeEach(() => sandbox.control.reset())
afterAll(() => sandbox.close())

const never = { kind: 'delay', ms: 3_600_000 }

/** Calls with three seconds for the whole of it. */
async function calledInHaste(tool: string, args: object) {
  const settings = {
    QUALYS_MODE: 'unattended',
    QUALYS_CALL_TIMEOUT_SECONDS: '3',
    QUALYS_MAX_WAIT_SECONDS: '60',
  }
  const assistant = await assistantOn(sandbox, settings)
  onTestFinished(() => assistant.close())
  const { error, text } = await assistant.call(tool, args)
  return { kind: error?.['kind'], text }
}

test('a schedule was made, and reading it back takes too long: nobody is told to make it again', async () => {
  const route = 'GET /sm/v1/scheduler/{scheduleId}'
  await sandbox.control.faults([
    { route, ...never },
    { route: 'POST /sm/v1/scheduler/search', ...never },
  ])
  const { kind, text } = await calledInHaste('car_create_schedule', planOf(ground, 'Planned in haste'))
  expect(
    (await sandbox.control.truth('schedules')).filter(({ title }) => title === 'Planned in haste'),
  ).toHaveLength(1)
  expect(kind, text).toBe('unclear')
  expect(await effectsAt(sandbox.control)).toHaveLength(1)
})

test('a run was lost on its way, and looking for it takes too long: it stays unclear', async () => {
  await sandbox.control.faults([
    { route: 'POST /sm/v1/scripts/{scriptId}/execute', kind: 'resetAfterBody' },
    { route: 'POST /sm/v2/jobs/search', ...never, skip: 1 },
  ])
  const run = { scriptId: '19218', assetIds: ground.hosts.slice(0, 1) }
  const { kind, text } = await calledInHaste('car_execute_script', run)
  expect(kind, text).toBe('unclear')
  expect(text).toMatch(/before anything is run again/)
  expect((await effectsAt(sandbox.control)).filter(({ path }) => path.endsWith('/execute'))).toHaveLength(1)
})

test('a run is followed for too long: the whole call’s time-out says so', async () => {
  await sandbox.control.knobs({ hostSeconds: 3_600 })
  const assistant = await assistantOn(sandbox, { QUALYS_MODE: 'unattended' })
  const run = { scriptId: '19218', assetIds: ground.hosts.slice(0, 2) }
  const { structured } = await assistant.call('car_execute_script', run, 'json')
  await assistant.close()
  const correlationUuid = String(structured.rows[0]?.['correlationUuid'])
  const { kind, text } = await calledInHaste('car_follow_run', {
    correlationUuid,
    scriptId: '19218',
    waitSeconds: 60,
  })
  expect(kind, text).toBe('vendor')
  expect(text).toContain('QUALYS_CALL_TIMEOUT_SECONDS')
})
