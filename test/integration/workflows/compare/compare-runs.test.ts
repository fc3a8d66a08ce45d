import { describe, expect } from 'vitest'
import { testOn } from '../../../support/fixtures.ts'
import { doneHosts } from '../../../support/workflows/follow-run-caller.ts'
import { serveHosts } from '../../../support/workflows/runs.ts'
import { advance, type RunObjects, runObjects, startRun } from '../../../support/workflows/sandbox-runs.ts'

// Two runs of a script of the sandbox, through the real session.

const test = testOn({ jobs: 100 }).extend<{
  readonly objects: RunObjects
  /** Starts a run on the first hosts that ends like this; returns its job id. */
  readonly run: (outcome: 'succeeded' | 'failed', hosts?: number) => Promise<string>
}>({
  objects: async ({ sandbox }, use) => use(await runObjects(sandbox)),
  run: async ({ sandbox, objects }, use) =>
    use(async (executionOutcome, hosts = 5) => {
      await sandbox.control.knobs({ executionOutcome, jobDelayMs: 0, hostSeconds: 3 })
      const ids = objects.hosts.slice(0, hosts).map(({ id }) => id)
      const jobId = await startRun(sandbox, objects.scriptId, ids)
      await advance(sandbox, 600)
      return jobId
    }),
})

describe('two runs of one script', () => {
  test('with the same results have changed nothing', async ({ sandbox, assistant, run, objects }) => {
    const [jobIdA, jobIdB] = [await run('succeeded'), await run('succeeded')]
    await serveHosts(sandbox.control, doneHosts(5))
    const { text, isError } = await assistant.call('car_compare_runs', { jobIdA, jobIdB })
    expect(isError, text).toBe(false)
    const [line = ''] = text.split('\n')
    expect(line).toContain(`run ${jobIdB} (B, 20`)
    expect(line).toContain(`compared with run ${jobIdA} (A, 20`)
    expect(line).toContain(
      `script ${objects.scriptId} ${JSON.stringify(objects.title)}: nothing changed: 5 hosts in both`,
    )
    expect(text.length).toBeLessThan(1_000)
  })

  test('name the hosts that fail now, with what these print', async ({ assistant, run, objects }) => {
    const [jobIdA, jobIdB] = [await run('succeeded', 4), await run('failed')]
    const { structured } = await assistant.call('car_compare_runs', { jobIdA, jobIdB }, 'json')
    expect(structured.summary).toContain('4 of 5 hosts in both, 4 changed outcome, 1 only in B')
    const [worse] = structured.rows
    expect(worse).toMatchObject({ change: 'outcome', from: 'succeeded', to: 'failed', count: 4 })
    const names = objects.hosts.slice(0, 4).map(({ name }) => name)
    expect(worse?.['hosts']).toEqual(expect.arrayContaining(names))
    const kinds = structured.rows.filter(({ change }) => change === 'new kind')
    expect(kinds.reduce((sum, { count }) => sum + Number(count), 0)).toBe(5)
  })

  test.for(['text', 'uuid'] as const)(
    'match their hosts named by %s',
    async (resultHosts, { sandbox, assistant, run }) => {
      await sandbox.control.knobs({ resultHosts })
      const [jobIdA, jobIdB] = [await run('succeeded'), await run('succeeded')]
      const { text } = await assistant.call('car_compare_runs', { jobIdA, jobIdB })
      expect(text).toContain(': 5 hosts in both')
    },
  )

  test('cannot be compared where results name no host', async ({ sandbox, assistant, run }) => {
    await sandbox.control.knobs({ resultHosts: 'none' })
    const [jobIdA, jobIdB] = [await run('succeeded'), await run('succeeded')]
    const { text } = await assistant.call('car_compare_runs', { jobIdA, jobIdB })
    expect(text).toContain('0 hosts in both')
    expect(text).not.toContain('nothing changed')
    expect(text).toContain('5 results of run A name no host, and are not compared.')
  })
})

test('runs of two scripts, one run twice and a run that does not exist are refused', async ({
  sandbox,
  assistant,
  run,
}) => {
  const jobIdA = await run('succeeded')
  const other = await runObjects(sandbox, 1)
  const jobIdB = await startRun(
    sandbox,
    other.scriptId,
    other.hosts.slice(0, 2).map(({ id }) => id),
  )
  const said = async (args: object): Promise<string> => {
    const { text, isError } = await assistant.call('car_compare_runs', args)
    expect(isError, text).toBe(true)
    return text
  }
  expect(await said({ jobIdA, jobIdB })).toContain('only runs of one script can be compared')
  expect(await said({ jobIdA, jobIdB: jobIdA })).toContain('name the same run')
  expect(await said({ jobIdA, jobIdB: 1 })).toContain('There is no run 1.')
})
