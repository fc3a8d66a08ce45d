import { describe, expect, vi } from 'vitest'
import type { Clock } from '../../../src/shared/clock.ts'
import type { ToolReply } from '../../support/assistant.ts'
import { effectTest, executeOn } from '../../support/effects/fixtures.ts'
import { countRequests, instantClock, type UnattendedServer } from '../../support/effects/unattended.ts'
import type { TestSandbox } from '../../support/sandbox.ts'

// An execution whose answer got lost: the server searches for the run it started. (Every list of runs:
// test/unit/effects/lost-run.test.ts.)

const listing = 'POST /sm/v2/jobs/search'
const executing = 'POST /sm/v1/scripts/19218/execute'
/** The work is done, and its answer gets lost. */
const loseAnswer = { route: 'POST /sm/v1/scripts/{scriptId}/execute', kind: 'resetAfterBody', times: 1 }
/** The request gets lost: nothing is done. */
const dropRequest = { ...loseAnswer, kind: 'reset' }

interface Runs {
  /** A server whose clock also drives the sandbox: sleeping advances both. */
  readonly open: (clock?: Clock) => Promise<UnattendedServer>
  readonly shared: () => ReturnType<typeof instantClock>
  readonly run: (server: UnattendedServer) => Promise<ToolReply>
  readonly executions: () => Promise<Record<string, unknown>[]>
}

async function passTime({ gatewayUrl }: TestSandbox, seconds: number): Promise<void> {
  const body = JSON.stringify({ seconds })
  expect((await fetch(`${gatewayUrl}/_sandbox/advance`, { method: 'POST', body })).ok).toBe(true)
}

const test = effectTest().extend<{ runs: Runs }>({
  runs: async ({ sandbox, serve, objects }, use) => {
    await passTime(sandbox, 60)
    const shared = (): ReturnType<typeof instantClock> => {
      const clock = instantClock()
      return {
        ...clock,
        sleep: async (ms, signal) => {
          await passTime(sandbox, ms / 1000)
          await clock.sleep(ms, signal)
        },
      }
    }
    await use({
      shared,
      open: (clock = shared()) => serve({}, clock),
      run: (server) => executeOn(server, objects),
      executions: () => sandbox.control.dump('executions'),
    })
  },
})

async function expectUnclear(
  { control }: TestSandbox,
  { text, error }: ToolReply,
  sent = 1,
): Promise<string> {
  expect(error, text).toMatchObject({ kind: 'unclear' })
  expect(text).toContain('Whether car_execute_script took effect is not known.')
  expect(text).not.toMatch(/did not happen|not started|nothing (ran|was)|undefined/i)
  expect(await countRequests(control, executing)).toBe(sent)
  return String(error?.['next'])
}

test.for<readonly [string, number, readonly number[]]>([
  ['at once', 0, [1]],
  ['within ten seconds', 9, [1, 2, 4, 8]],
  ['at the last look', 50, [1, 2, 4, 8, 15, 25]],
])('a run that appears %s is probably the one', async ([, seconds, looks], { sandbox, runs }) => {
  const { control } = sandbox
  await control.knobs({ jobDelayMs: seconds * 1000 })
  await control.faults([loseAnswer])
  const clock = runs.shared()
  const reply = await runs.run(await runs.open(clock))
  const next = await expectUnclear(sandbox, reply)
  const [only, ...others] = await runs.executions()
  expect(others).toEqual([])
  const id = only?.['jobId']
  const [job] = (await control.dump('jobs')).filter((one) => one['id'] === id)
  expect(reply.text).toContain(`Probably it is run ${id} "${job?.['title']}" of 20`)
  expect(next).toBe(`Follow it with car_follow_run and jobId "${id}"; do not run it again.`)
  expect(clock.slept).toEqual(looks.map((look) => look * 1000))
})

test('several runs that appear together are all listed', async ({ sandbox, runs }) => {
  await sandbox.control.knobs({ jobDelayMs: 2_000 })
  await sandbox.control.faults([loseAnswer])
  const clock = runs.shared()
  const other = await runs.open()
  let begun = false
  const server = await runs.open({
    ...clock,
    sleep: async (ms, signal) => {
      // Another user runs it too.
      if (!begun) expect((await runs.run(other)).isError).toBe(false)
      begun = true
      await clock.sleep(ms, signal)
    },
  })
  const reply = await runs.run(server)
  await expectUnclear(sandbox, reply, 2)
  const ids = (await runs.executions()).map(({ jobId }) => jobId)
  expect(ids).toHaveLength(2)
  for (const id of ids) expect(reply.text).toContain(`run ${id} "`)
  expect(reply.text).toMatch(
    /It may be one of these: run \d+ "[^"]+" of [\dTZ:-]+; run \d+ "[^"]+" of [\dTZ:-]+\./,
  )
  expect(reply.error?.['next']).toBe('Compare them with car_search_jobs; do not run it again.')
})

test('no run within a minute: not seen yet', async ({ sandbox, runs }) => {
  await sandbox.control.faults([dropRequest])
  const clock = runs.shared()
  const reply = await runs.run(await runs.open(clock))
  const next = await expectUnclear(sandbox, reply)
  expect(reply.text).toContain('A new run of script 19218 has not been seen yet.')
  expect(next).toBe(
    'It may still appear: look with car_search_jobs and scriptId "19218" before anything is run again.',
  )
  expect(clock.slept.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(60_000)
  expect(clock.slept.length).toBeGreaterThan(4)
  expect(await runs.executions()).toEqual([])
})

test('a run that appears after that minute: not seen yet either', async ({ sandbox, runs }) => {
  await sandbox.control.knobs({ jobDelayMs: 90_000 })
  await sandbox.control.faults([loseAnswer])
  const reply = await runs.run(await runs.open())
  await expectUnclear(sandbox, reply)
  expect(reply.text).toContain('has not been seen yet')
})

describe('the list of runs', () => {
  test('that could not be read beforehand is not read afterwards, since it would prove nothing', async ({
    sandbox,
    runs,
  }) => {
    await sandbox.control.faults([loseAnswer, { route: listing, kind: 'status', status: 500, times: 1 }])
    const clock = runs.shared()
    const reply = await runs.run(await runs.open(clock))
    expect(await expectUnclear(sandbox, reply)).toBe(
      'Do not repeat it; look for a new run with car_search_jobs and this scriptId.',
    )
    expect(reply.text).not.toMatch(/Probably|seen yet/)
    expect(clock.slept).toEqual([])
    expect(await countRequests(sandbox.control, listing)).toBe(1)
  })

  test('that cannot be read afterwards is reported, for somebody to look it up', async ({
    sandbox,
    runs,
  }) => {
    await sandbox.control.faults([loseAnswer, { route: listing, kind: 'html', status: 502, skip: 1 }])
    const reply = await runs.run(await runs.open())
    const next = await expectUnclear(sandbox, reply)
    expect(reply.text).toContain('The runs of script 19218 cannot be listed.')
    expect(next).toMatch(/^It may still appear: look with car_search_jobs/)
  })

  test('that hangs does not extend the minute', async ({ sandbox, runs }) => {
    await sandbox.control.faults([dropRequest, { route: listing, kind: 'delay', ms: 3_600_000, skip: 2 }])
    const clock = runs.shared()
    let alarm = (): void => undefined
    const server = await runs.open({
      ...clock,
      after: (ms, call) => {
        expect(ms).toBe(60_000)
        alarm = call
        return () => undefined
      },
    })
    const reply = runs.run(server)
    await vi.waitFor(async () => expect(await countRequests(sandbox.control, listing)).toBe(3), 10_000)
    alarm()
    await expectUnclear(sandbox, await reply)
    expect((await reply).text).toContain('has not been seen yet')
    expect(clock.slept).toEqual([1_000, 2_000])
  })
})

test('only an execution is searched for', async ({ sandbox, runs }) => {
  await sandbox.control.faults([{ route: 'POST /sm/v1/block-commands', kind: 'reset' }])
  const clock = runs.shared()
  const server = await runs.open(clock)
  const { error } = await server.call('car_add_blocked_commands', { languageId: 201, commands: ['format'] })
  expect(error).toMatchObject({ kind: 'unclear' })
  expect(clock.slept).toEqual([])
  expect(await countRequests(sandbox.control, listing)).toBe(0)
})
