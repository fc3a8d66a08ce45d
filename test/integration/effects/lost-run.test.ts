import { describe, expect, vi } from 'vitest'
import type { Pace } from '../../../src/shared/clock.ts'
import type { Heard } from '../../support/assistant.ts'
import { effectTest, executeOn } from '../../support/effects/fixtures.ts'
import { hurried, timesSeen, type Unattended } from '../../support/effects/unattended.ts'
import type { TestSandbox } from '../../support/sandbox.ts'

// An execution whose answer was lost: the run it started is looked for. (Every list of runs:
// test/unit/effects/lost-run.test.ts.)

const listing = 'POST /sm/v2/jobs/search'
const executing = 'POST /sm/v1/scripts/19218/execute'
/** The work is done, and its answer lost. */
const lose = { route: 'POST /sm/v1/scripts/{scriptId}/execute', kind: 'resetAfterBody', times: 1 }
/** The request is lost: nothing is done. */
const miss = { ...lose, kind: 'reset' }

interface Runs {
  /** A server on a clock that is also the sandbox's: what is slept here passes there. */
  readonly open: (pace?: Pace) => Promise<Unattended>
  readonly shared: () => ReturnType<typeof hurried>
  readonly run: (server: Unattended) => Promise<Heard>
  readonly executions: () => Promise<Record<string, unknown>[]>
}

async function pass({ gatewayUrl }: TestSandbox, seconds: number): Promise<void> {
  const body = JSON.stringify({ seconds })
  expect((await fetch(`${gatewayUrl}/_sandbox/advance`, { method: 'POST', body })).ok).toBe(true)
}

const test = effectTest().extend<{ runs: Runs }>({
  runs: async ({ sandbox, serve, objects }, use) => {
    await pass(sandbox, 60)
    const shared = (): ReturnType<typeof hurried> => {
      const pace = hurried()
      return {
        ...pace,
        sleep: async (ms, signal) => {
          await pass(sandbox, ms / 1000)
          await pace.sleep(ms, signal)
        },
      }
    }
    await use({
      shared,
      open: (pace = shared()) => serve({}, pace),
      run: (server) => executeOn(server, objects),
      executions: () => sandbox.control.truth('executions'),
    })
  },
})

async function expectUnclear({ control }: TestSandbox, { text, error }: Heard, sent = 1): Promise<string> {
  expect(error, text).toMatchObject({ kind: 'unclear' })
  expect(text).toContain('Whether car_execute_script took effect is not known.')
  expect(text).not.toMatch(/did not happen|not started|nothing (ran|was)|undefined/i)
  expect(await timesSeen(control, executing)).toBe(sent)
  return String(error?.['next'])
}

test.for<readonly [string, number, readonly number[]]>([
  ['at once', 0, [1]],
  ['within ten seconds', 9, [1, 2, 4, 8]],
  ['at the last look', 50, [1, 2, 4, 8, 15, 25]],
])('the run that appears %s is probably it', async ([, seconds, looks], { sandbox, runs }) => {
  const { control } = sandbox
  await control.knobs({ jobDelayMs: seconds * 1000 })
  await control.faults([lose])
  const pace = runs.shared()
  const heard = await runs.run(await runs.open(pace))
  const next = await expectUnclear(sandbox, heard)
  const [only, ...others] = await runs.executions()
  expect(others).toEqual([])
  const id = only?.['jobId']
  const [job] = (await control.truth('jobs')).filter((one) => one['id'] === id)
  expect(heard.text).toContain(`Probably it is run ${id} "${job?.['title']}" of 20`)
  expect(next).toBe(`Follow it with car_follow_run and jobId "${id}"; do not run it again.`)
  expect(pace.slept).toEqual(looks.map((look) => look * 1000))
})

test('several that appear together are all listed', async ({ sandbox, runs }) => {
  await sandbox.control.knobs({ jobDelayMs: 2_000 })
  await sandbox.control.faults([lose])
  const pace = runs.shared()
  const other = await runs.open()
  let begun = false
  const server = await runs.open({
    ...pace,
    sleep: async (ms, signal) => {
      // Somebody else runs it too.
      if (!begun) expect((await runs.run(other)).isError).toBe(false)
      begun = true
      await pace.sleep(ms, signal)
    },
  })
  const heard = await runs.run(server)
  await expectUnclear(sandbox, heard, 2)
  const ids = (await runs.executions()).map(({ jobId }) => jobId)
  expect(ids).toHaveLength(2)
  for (const id of ids) expect(heard.text).toContain(`run ${id} "`)
  expect(heard.text).toMatch(
    /It may be one of these: run \d+ "[^"]+" of [\dTZ:-]+; run \d+ "[^"]+" of [\dTZ:-]+\./,
  )
  expect(heard.error?.['next']).toBe('Compare them with car_search_jobs; do not run it again.')
})

test('none within a minute has not been seen yet', async ({ sandbox, runs }) => {
  await sandbox.control.faults([miss])
  const pace = runs.shared()
  const heard = await runs.run(await runs.open(pace))
  const next = await expectUnclear(sandbox, heard)
  expect(heard.text).toContain('A new run of script 19218 has not been seen yet.')
  expect(next).toBe(
    'It may still appear: look with car_search_jobs and scriptId "19218" before anything is run again.',
  )
  expect(pace.slept.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(60_000)
  expect(pace.slept.length).toBeGreaterThan(4)
  expect(await runs.executions()).toEqual([])
})

test('one that appears after that minute has not been seen yet either', async ({ sandbox, runs }) => {
  await sandbox.control.knobs({ jobDelayMs: 90_000 })
  await sandbox.control.faults([lose])
  const heard = await runs.run(await runs.open())
  await expectUnclear(sandbox, heard)
  expect(heard.text).toContain('has not been seen yet')
})

describe('the list of runs', () => {
  test('that could not be read before tells nothing afterwards: it is not asked', async ({
    sandbox,
    runs,
  }) => {
    await sandbox.control.faults([lose, { route: listing, kind: 'status', status: 500, times: 1 }])
    const pace = runs.shared()
    const heard = await runs.run(await runs.open(pace))
    expect(await expectUnclear(sandbox, heard)).toBe(
      'Do not repeat it; look for a new run with car_search_jobs and this scriptId.',
    )
    expect(heard.text).not.toMatch(/Probably|seen yet/)
    expect(pace.slept).toEqual([])
    expect(await timesSeen(sandbox.control, listing)).toBe(1)
  })

  test('that cannot be read afterwards is told, and looked at by somebody else', async ({
    sandbox,
    runs,
  }) => {
    await sandbox.control.faults([lose, { route: listing, kind: 'html', status: 502, skip: 1 }])
    const heard = await runs.run(await runs.open())
    const next = await expectUnclear(sandbox, heard)
    expect(heard.text).toContain('The runs of script 19218 cannot be listed.')
    expect(next).toMatch(/^It may still appear: look with car_search_jobs/)
  })

  test('that hangs does not make it longer than a minute', async ({ sandbox, runs }) => {
    await sandbox.control.faults([miss, { route: listing, kind: 'delay', ms: 3_600_000, skip: 2 }])
    const pace = runs.shared()
    let alarm = (): void => undefined
    const server = await runs.open({
      ...pace,
      after: (ms, call) => {
        expect(ms).toBe(60_000)
        alarm = call
        return () => undefined
      },
    })
    const heard = runs.run(server)
    await vi.waitFor(async () => expect(await timesSeen(sandbox.control, listing)).toBe(3), 10_000)
    alarm()
    await expectUnclear(sandbox, await heard)
    expect((await heard).text).toContain('has not been seen yet')
    expect(pace.slept).toEqual([1_000, 2_000])
  })
})

test('only an execution is looked for', async ({ sandbox, runs }) => {
  await sandbox.control.faults([{ route: 'POST /sm/v1/block-commands', kind: 'reset' }])
  const pace = runs.shared()
  const server = await runs.open(pace)
  const { error } = await server.call('car_add_blocked_commands', { languageId: 201, commands: ['format'] })
  expect(error).toMatchObject({ kind: 'unclear' })
  expect(pace.slept).toEqual([])
  expect(await timesSeen(sandbox.control, listing)).toBe(0)
})
