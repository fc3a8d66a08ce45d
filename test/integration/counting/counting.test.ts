import { describe, expect } from 'vitest'
import { assetJobCases, casesOfRun } from '../../support/counting/asset-job-cases.ts'
import { type Fact, scriptIdsTitled } from '../../support/counting/brute-force.ts'
import { compare } from '../../support/counting/comparison.ts'
import { jobCases } from '../../support/counting/job-cases.ts'
import { testOn } from '../../support/fixtures.ts'
import { requestBodies } from '../../support/workflows/runs.ts'

// Counts compared with brute force over the sandbox's rows: each kind of argument once. All of them:
// test/nightly/counting; the rules: test/unit/counting.

const test = testOn({ jobs: 300 }, { QUALYS_REPLY_CHARS: '400000' })

/** Arguments of the cases that run here. */
const chosen = [
  '{"groupBy":["test","severity"]}',
  '{"groupBy":["category"]}',
  '{"groupBy":["platform","executionType","created.dateTime:month"]}',
  '{"filter":"test:true OR severity>3","groupBy":["severity","test"]}',
  '{"scriptName":"backup","groupBy":["scriptId","created.dateTime:month"]}',
  '{"endAt":"2024-02-29"}',
  '{"match":"Bitlocker","groupBy":["created.dateTime:week"]}',
  '{"groupBy":["output.code","output.text"]}',
  '{"groupBy":["endDate:day"]}',
  '{"outcome":"failed","groupBy":["output.text"]}',
  '{"match":"denied","groupBy":["outcome","test"]}',
]
const isChosen = ({ args }: { readonly args: Fact }): boolean => chosen.includes(JSON.stringify(args))
const runCases = jobCases(new Set()).filter(isChosen)
const hostCases = assetJobCases.filter(isChosen)

test('every case named here exists', () => {
  expect([...runCases, ...hostCases]).toHaveLength(chosen.length)
})

test.for(runCases.map(({ args }) => [JSON.stringify(args)]))(
  'runs: %s',
  async ([name], { sandbox, assistant }) => {
    const backups = await scriptIdsTitled(sandbox.control, 'backup')
    const one = jobCases(backups).find(({ args }) => JSON.stringify(args) === name)
    if (!one) throw new Error(name)
    await compare(assistant, 'car_count_jobs', await sandbox.control.dump('jobs'), one)
  },
)

describe('results per host', () => {
  test.for(hostCases.map((one) => [JSON.stringify(one.args), one] as const))(
    '%s',
    async ([, one], { sandbox, assistant }) =>
      compare(assistant, 'car_count_asset_jobs', await sandbox.control.dump('assetjobs'), one),
  )

  test('of the newest run', async ({ sandbox, assistant }) => {
    const hosts = await sandbox.control.dump('assetjobs')
    const newest = String((await sandbox.control.dump('jobs')).at(-1)?.['id'])
    const [first, , third] = casesOfRun(newest)
    for (const one of [first, third]) if (one) await compare(assistant, 'car_count_asset_jobs', hosts, one)
  })

  test('are counted without outputs, a thousand rows at a time', async ({ sandbox, assistant }) => {
    const hosts = await sandbox.control.dump('assetjobs')
    await sandbox.control.clearRequests()
    await assistant.call('car_count_asset_jobs', { groupBy: ['outcome', 'output.text'], match: 's' })
    const bodies = await requestBodies(sandbox.control)
    expect(bodies).toHaveLength(Math.ceil(hosts.length / 1_000))
    for (const body of bodies) {
      expect(body['pageSize']).toBe(1_000)
      expect(body).not.toHaveProperty('includeScriptResult', true)
    }
  })

  // Such a row lacks most of the usual columns: others are checked then.
  test.for(['false', '74c1bcdd'])(
    'match "%s" counts the rows that the list shows, including hosts that are not done',
    async (match, { assistant }) => {
      const args = { match, outcome: 'open' }
      const list = await assistant.call('car_search_asset_jobs', { ...args, pageSize: 200 }, 'json')
      expect(list.structured).not.toHaveProperty('continuationToken')
      const { structured } = await assistant.call('car_count_asset_jobs', args, 'json')
      expect(structured.rows).toEqual([{ count: list.structured.returned }])
    },
  )
})
