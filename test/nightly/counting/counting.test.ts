import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Assistant, openAssistantOn } from '../../support/assistant.ts'
import { assetJobCases, casesOfRun } from '../../support/counting/asset-job-cases.ts'
import { type Fact, scriptIdsTitled } from '../../support/counting/brute-force.ts'
import { compare, namedCases } from '../../support/counting/comparison.ts'
import { jobCases } from '../../support/counting/job-cases.ts'
import { openSandbox, type TestSandbox } from '../../support/sandbox.ts'

// Every count compared with brute force over the sandbox's rows. Some of them: test/integration/counting.

let sandbox: TestSandbox
let assistant: Assistant
let runs: readonly Fact[]
let hosts: readonly Fact[]
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 1_500 })
  assistant = await openAssistantOn(sandbox, { QUALYS_REPLY_CHARS: '400000' })
  runs = await sandbox.control.dump('jobs')
  hosts = await sandbox.control.dump('assetjobs')
})
afterAll(async () => {
  await assistant.close()
  await sandbox.close()
})

const names = namedCases(jobCases(new Set())).map(([name]) => name)

describe('runs', () => {
  test.each(names)('%s', async (name) => {
    const cases = new Map(namedCases(jobCases(await scriptIdsTitled(sandbox.control, 'backup'))))
    const one = cases.get(name)
    if (!one) throw new Error(name)
    await compare(assistant, 'car_count_jobs', runs, one)
  })

  test('every case but one counts something', async () => {
    const cases = jobCases(await scriptIdsTitled(sandbox.control, 'backup'))
    expect(cases.filter(({ keep = () => true }) => !runs.some(keep))).toHaveLength(1)
  })
})

describe('results per host', () => {
  test.each(namedCases(assetJobCases))('%s', (_, one) =>
    compare(assistant, 'car_count_asset_jobs', hosts, one),
  )

  test.each([0, 1, 2])('of the newest run, case %i', async (index) => {
    const [one] = casesOfRun(String(runs.at(-1)?.['id'])).slice(index)
    if (!one) throw new Error('there is no such case')
    await compare(assistant, 'car_count_asset_jobs', hosts, one)
  })

  test('every case counts something', () => {
    expect(assetJobCases.filter(({ keep = () => true }) => !hosts.some(keep))).toEqual([])
  })
})
