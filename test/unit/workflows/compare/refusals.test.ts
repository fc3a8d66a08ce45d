import { describe, expect, test } from 'vitest'
import { toJsonSchema } from '../../../../src/tools/schema.ts'
import { compareRuns } from '../../../../src/tools/workflows/compare/compare-runs.ts'
import { countTokens } from '../../../programs/token-counter.ts'
import {
  answersFor,
  type ComparedRun,
  callerOnRuns,
  hosts,
} from '../../../support/workflows/compared-runs.ts'
import { callerOn, type ToolOutcome } from '../../../support/workflows/memory.ts'

// Which two runs are compared, and which are not.

const call = (
  a: ComparedRun,
  b: ComparedRun,
  args: object = { jobIdA: 1, jobIdB: 2 },
): Promise<ToolOutcome> => callerOnRuns(a, b).call(compareRuns, args)

const run = (row: object | null = {}, script?: object): ComparedRun => ({
  hosts: hosts(2, () => (script ? { more: { script } } : {})),
  row,
})

describe('refused', () => {
  test('is one run with itself, before anything is sent', async () => {
    const reply = await call(run(), run(), { jobIdA: 2, jobIdB: '2' })
    expect(reply.isError).toBe(true)
    expect(reply.text).toBe(
      'jobIdA and jobIdB name the same run. Find another run of its script with car_search_jobs and scriptId.',
    )
  })

  test('are runs of two scripts, before their outputs are read', async () => {
    const paths: string[] = []
    const answers = answersFor({ 1: run(), 2: run({ scriptId: 7 }) })
    const caller = callerOn((sent) => {
      paths.push(sent.path)
      return answers(sent)
    })
    const reply = await caller.call(compareRuns, { jobIdA: 1, jobIdB: 2 })
    expect(reply.text).toBe(
      'Run 1 is of script 19218, run 2 of script 7: only runs of one script can be compared. Find the runs of one script with car_search_jobs and scriptId.',
    )
    expect(paths.filter((path) => path.includes('assetjobs'))).toEqual([])
  })

  test.each([
    ['A', run({ scriptId: undefined }, { id: 7, name: 'Scan' }), run()],
    ['B', run(), run(null, { id: 7, name: 'Scan' })],
  ])('are runs of two scripts where the results of %s alone show one', async (_, a, b) => {
    const reply = await call(a, b)
    expect(reply.isError).toBe(true)
    expect(reply.text).toContain('only runs of one script can be compared')
  })

  test('is a run that does not show its script', async () => {
    const reply = await call(run(), run({ scriptId: null }))
    expect(reply.isError).toBe(true)
    expect(reply.text).toBe(
      'Neither run 2 nor its results show which script it ran: whether the two can be compared is unknown. Sum up each run alone with car_follow_run.',
    )
  })

  test.each([
    [{ jobIdA: 3, jobIdB: 2 }, 'There is no run 3. Take the ids from car_search_jobs.'],
    [{ jobIdA: 1, jobIdB: 4 }, 'There is no run 4. Take the ids from car_search_jobs.'],
  ])('is a run that does not exist: %j', async (args, text) => {
    const reply = await call(run(), run(), args)
    expect(reply).toMatchObject({ isError: true, text })
  })
})

describe('compared', () => {
  test.each([
    ['whose results alone show their script', run({ scriptId: null }, { id: 19_218 }), run()],
    ['without rows among the runs', run(null, { id: 7 }), run(null, { id: '7' })],
  ])('are runs %s', async (_, a, b) => {
    const reply = await call(a, b)
    expect(reply.text).toMatch(/nothing changed: 2 hosts in both/)
  })

  test('are runs where the list of runs cannot be read', async () => {
    const script = { id: 7, name: 'Scan' }
    const answers = answersFor({ 1: run({}, script), 2: run({}, script) })
    const caller = callerOn((sent) =>
      sent.path.includes('/jobs/') ? { status: 403, body: '' } : answers(sent),
    )
    const reply = await caller.call(compareRuns, { jobIdA: 1, jobIdB: 2 })
    expect(reply.text).toMatch(/script 7 "Scan": nothing changed: 2 hosts in both/)
  })
})

test('a run that this server sent to more hosts than are listed goes on', async () => {
  const uuid = '0b9ef5ae-0000-4000-8000-000000000001'
  const caller = callerOnRuns(run(), run({ correlationUuid: uuid }))
  caller.running.sentRuns.record(uuid, 5, performance.now())
  const reply = await caller.call(compareRuns, { jobIdA: 1, jobIdB: 2 })
  expect(reply.text).toMatch(/nothing changed so far: 2 hosts in both.*; run B so far: 2 of 5 hosts done$/)
})

test('both runs are read with progress, and the call can be cancelled', async () => {
  const caller = callerOnRuns(run(), run())
  await caller.call(compareRuns, { jobIdA: 1, jobIdB: 2 })
  expect(caller.progress.map(([, total]) => total)).toContain(2)
  const { signal } = Object.assign(new AbortController(), {})
  const cancelled = AbortSignal.any([signal, AbortSignal.abort(new Error('cancelled'))])
  await expect(caller.run(compareRuns, { jobIdA: '1', jobIdB: '2' }, cancelled)).rejects.toThrow()
})

test('costs a model less than 110 tokens', () => {
  const { name, description, input } = compareRuns
  const tokens = countTokens(JSON.stringify({ name, description, inputSchema: toJsonSchema(input) }))
  expect(tokens).toBeLessThan(110)
})
