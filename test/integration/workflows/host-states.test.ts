import { readFileSync } from 'node:fs'
import { describe, expect } from 'vitest'
import { openAssistantOn } from '../../support/assistant.ts'
import { createTemporaryFolder } from '../../support/effects/unattended.ts'
import { testOn } from '../../support/fixtures.ts'

// Results per host with a state, as public code knows it from reports: a host whose manifest was parsed has an output
// before its script ran. Before, such a host counted as failed. Every tool counts alike.

const test = testOn({ jobs: 100 })
const states = { hostStatus: 'manifest' }

interface Result {
  readonly id: string
  readonly outcome: string
  readonly job: { readonly id: string }
}

/** The results of the newest run, which has every outcome. */
async function newest(dump: (name: string) => Promise<unknown>) {
  const rows = (await dump('assetjobs')) as Result[]
  const jobId = rows.at(-1)?.job.id ?? ''
  const own = rows.filter(({ job }) => job.id === jobId)
  const open = own.filter(({ outcome }) => outcome === 'open')
  const succeeded = own.filter(({ outcome }) => outcome === 'succeeded')
  expect([open.length, succeeded.length, own.length]).toEqual([2, 6, 12])
  return { jobId, open: open.map(({ id }) => id) }
}

const firstCells = (text: string): string[] =>
  text.split('\n').flatMap((line) => /^(\d{6,})\b/.exec(line)?.[1] ?? [])

describe('a host whose manifest was parsed', () => {
  test('is open in the list, with its state', async ({ sandbox, assistant }) => {
    await sandbox.control.knobs(states)
    const { jobId, open } = await newest(sandbox.control.dump)
    const all = await assistant.call('car_search_asset_jobs', { jobId })
    expect(all.text).toContain('6 succeeded, 4 failed, 2 open')
    expect(all.text).toMatch(/\tstatus$/m)
    expect(all.text).toContain('EXECUTION PASSED')
    const shown = await assistant.call('car_search_asset_jobs', { jobId, outcome: 'open' })
    expect(firstCells(shown.text).sort()).toEqual([...open].sort())
    const failed = await assistant.call('car_search_asset_jobs', {
      jobId,
      outcome: 'failed',
      includeOutput: true,
    })
    expect(firstCells(failed.text).filter((id) => open.includes(id))).toEqual([])
    const matched = await assistant.call('car_search_asset_jobs', { jobId, match: 'manifest_parse' })
    expect(firstCells(matched.text).sort()).toEqual([...open].sort())
  })

  test('is open in counts and in the run that is followed', async ({ sandbox, assistant }) => {
    await sandbox.control.knobs(states)
    const { jobId, open } = await newest(sandbox.control.dump)
    const counted = await assistant.call('car_count_asset_jobs', { jobId, groupBy: ['outcome'] })
    expect(counted.text.split('\n').slice(2).sort()).toEqual(['failed\t4', 'open\t2', 'succeeded\t6'])
    const followed = await assistant.call('car_follow_run', { jobId, waitSeconds: 0 })
    expect(followed.text).toMatch(/^run \d+ so far: 10 of 12 hosts done; 6 succeeded, 4 failed, 2 open/)
    const [assetJobId] = open
    const output = await assistant.call('car_get_output', { jobId, assetJobId })
    expect(output.text).toMatch(/: open, .*\nThe host is still open/)
  })

  test('is open in an export', async ({ sandbox }) => {
    await sandbox.control.knobs(states)
    const { jobId, open } = await newest(sandbox.control.dump)
    const folder = createTemporaryFolder()
    const assistant = await openAssistantOn(sandbox, { QUALYS_EXPORT_DIR: folder.path })
    const args = { tool: 'car_search_asset_jobs', arguments: { jobId, outcome: 'open' }, format: 'jsonl' }
    const { text } = await assistant.call('qualys_export', args)
    const [path = ''] = /\S+\.jsonl/.exec(text) ?? []
    const [file = ''] = path.split('/').slice(-1)
    const rows = readFileSync(`${folder.path}/${file}`, 'utf8').trim().split('\n')
    expect(rows.map((row) => String(JSON.parse(row).id)).sort()).toEqual([...open].sort())
    await assistant.close()
    folder.remove()
  })
})
