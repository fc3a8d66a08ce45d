import { describe, expect } from 'vitest'
import { type Fact, valueAt } from '../../support/counting/brute-force.ts'
import { compare } from '../../support/counting/comparison.ts'
import { joinedResults, resultCases } from '../../support/counting/joined-cases.ts'
import { testOn } from '../../support/fixtures.ts'
import { jobs } from '../../support/workflows/runs.ts'

// Counts by what other lists hold, where records are of another form or a list cannot be read.

const test = testOn({ jobs: 250, assets: 300 }, { QUALYS_REPLY_CHARS: '400000' })
const scriptsRoute = 'POST /sm/v1/scripts/search'
const hostsRoute = 'POST /sm/v1/assets/search'

describe('results that do not show their run', () => {
  test('by a column of runs: none is known, and the reply says what to pass', async ({
    sandbox,
    assistant,
  }) => {
    await sandbox.control.knobs({ resultJobs: 'hidden' })
    const count = (await sandbox.control.dump('assetjobs')).length
    const { structured } = await assistant.call('car_count_asset_jobs', { groupBy: ['job.platform'] }, 'json')
    expect(structured.rows).toEqual([{ 'job.platform': '(not shown)', count }])
    expect(structured.note).toMatch(
      new RegExp(`None of the ${count.toLocaleString('en')} results names its run: pass jobId or scriptId`),
    )
    // Nothing leads to a run, so that no run is read.
    const searched = (await sandbox.control.requests()).filter(({ path }) => path.endsWith('v2/jobs/search'))
    expect(searched).toEqual([])
  })

  test.for(['jobId', 'scriptId'] as const)('%s answers it', async (name, { sandbox, assistant }) => {
    const rows = await joinedResults(sandbox.control)
    const path = name === 'jobId' ? 'job.id' : 'script.id'
    const value = String(valueAt(rows.at(-1) ?? {}, path))
    const expected = rows.filter((row) => String(valueAt(row, path)) === value)
    await sandbox.control.knobs({ resultJobs: 'hidden' })
    const args = { [name]: value, groupBy: ['job.platform'] }
    const { structured } = await assistant.call('car_count_asset_jobs', args, 'json')
    expect(structured.rows).toEqual([
      { 'job.platform': valueAt(expected[0] ?? {}, 'ofRun.platform'), count: expected.length },
    ])
    expect(structured.note).toBeUndefined()
  })

  test('titles of scripts do not need it', async ({ sandbox, assistant }) => {
    const rows = await joinedResults(sandbox.control)
    await sandbox.control.knobs({ resultJobs: 'hidden' })
    const one = resultCases.find(({ args }) => JSON.stringify(args) === '{"groupBy":["script.title"]}')
    if (!one) throw new Error('there is no such case')
    await compare(assistant, 'car_count_asset_jobs', rows, one)
  })
})

describe('hosts with the record of a sister module', () => {
  test.for(['asset.operatingSystem', 'asset.platform', 'asset.netbiosName'])(
    '%s',
    async (label, { sandbox, assistant }) => {
      const rows = await joinedResults(sandbox.control)
      await sandbox.control.knobs({ hostRecord: 'fim' })
      const of = (row: Fact): string =>
        label === 'asset.netbiosName'
          ? String(valueAt(row, 'ofHost.name')).toUpperCase()
          : String(valueAt(row, `ofHost.${label.slice('asset.'.length)}`))
      await compare(assistant, 'car_count_asset_jobs', rows, { args: { groupBy: [label] }, by: [of] })
    },
  )

  test('a host as an input', async ({ sandbox, assistant }) => {
    const rows = await joinedResults(sandbox.control)
    const host = String(valueAt(rows.at(-1) ?? {}, 'asset.id'))
    await sandbox.control.knobs({ hostRecord: 'fim' })
    const one = { args: { assetId: host }, keep: (row: Fact) => String(valueAt(row, 'asset.id')) === host }
    await compare(assistant, 'car_count_asset_jobs', rows, one)
  })
})

describe('a list that cannot be read', () => {
  test.for([
    ['car_count_asset_jobs', 'script.title', scriptsRoute, 404, 'scripts', 'car_search_scripts'],
    ['car_count_jobs', 'script.title', scriptsRoute, 403, 'scripts', 'car_search_scripts'],
    ['car_count_asset_jobs', 'asset.operatingSystem', hostsRoute, 404, 'hosts', 'car_search_assets'],
    ['car_count_asset_jobs', 'job.platform', jobs, 403, 'runs', 'car_search_jobs'],
  ] as const)(
    '%s by %s: %s answers %i',
    async ([tool, label, route, status, noun, list], { sandbox, assistant }) => {
      await sandbox.control.faults([{ route, kind: 'status', status }])
      const { structured, isError, text } = await assistant.call(tool, { groupBy: [label] }, 'json')
      expect(isError, text).toBe(false)
      expect(structured.rows).toEqual([{ [label]: '(not shown)', count: expect.any(Number) }])
      expect(structured.note).toContain(`The list of ${noun} cannot be read; ${list} says why`)
    },
  )

  test('ids stand without titles, and the reply says so', async ({ sandbox, assistant }) => {
    await sandbox.control.faults([{ route: scriptsRoute, kind: 'status', status: 404 }])
    const { structured } = await assistant.call('car_count_jobs', { groupBy: ['scriptId'], top: 2 }, 'json')
    expect(Object.keys(structured.rows[0] ?? {})).toEqual(['scriptId', 'count'])
    expect(structured.note).toContain('script.title is not shown: its list cannot be read.')
  })
})
