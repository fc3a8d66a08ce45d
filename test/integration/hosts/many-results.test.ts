import { expect, vi } from 'vitest'
import { filesEndingWith } from '../../support/exports/exporter.ts'
import { countsIn, expectedIds, fleetOf, hostsFound } from '../../support/hosts/fleet.ts'
import { exportingOn } from '../exports/fixtures.ts'

// More than 10,000 results, which page numbers do not reach, and more than one answer holds.

const test = exportingOn({ jobs: 5_000, assets: 2_000 }, { QUALYS_CONCURRENCY: '1' })

const route = 'POST /sm/v2/assetjobs/search'
const filter = { noResultSince: '2022-01-01' }

test('all results are read once, a thousand at a time', async ({ sandbox, assistant }) => {
  const fleet = await fleetOf(sandbox)
  expect(fleet.results.length).toBeGreaterThan(14_000)
  const { ids, note } = await hostsFound(assistant, filter)
  expect(ids).toEqual(expectedIds(fleet, filter))
  expect(note).toContain(`Read ${fleet.results.length.toLocaleString('en')} results`)
  const requests = (await sandbox.control.requests()).filter(({ path }) => path.includes('assetjobs'))
  expect(requests).toHaveLength(Math.ceil(fleet.results.length / 1_000))
  // Whose outputs stay where they are.
  expect(requests.every(({ body }) => !body.includes('includeScriptResult'))).toBe(true)
})

test('where they end early, hosts without a result are unknown', async ({ sandbox, assistant }) => {
  await sandbox.control.knobs({ sortValues: false })
  const without = expectedIds(await fleetOf(sandbox), filter).length
  const { summary, note } = await hostsFound(assistant, filter)
  const { matches, unknown } = countsIn(summary)
  expect(matches).toBe(0)
  expect(unknown).toBeGreaterThan(without)
  expect(note).toContain('Not all results were read: Qualys shows only the first 9,999 rows')
})

test('reading them reports progress, and stops when the call is cancelled', async ({
  sandbox,
  exporter,
  folder,
}) => {
  await sandbox.control.faults([{ route, kind: 'stall', skip: 4, times: 1 }])
  const { reply, cancel } = exporter.begin({
    tool: 'car_search_assets',
    format: 'jsonl',
    arguments: filter,
  })
  reply.catch(() => undefined)
  await vi.waitFor(() => expect(exporter.progress.at(-1)?.progress).toBe(4_000), 15_000)
  cancel()
  // With the stalled request still open, QUALYS_CONCURRENCY 1 would block this one.
  const next = await exporter.export({
    tool: 'car_search_assets',
    format: 'jsonl',
    arguments: { platform: 'MAC' },
  })
  expect(next.isError).toBe(false)
  expect(filesEndingWith(folder, '')).toHaveLength(1)
  const read = (await sandbox.control.requests()).filter(({ path }) => path.includes('assetjobs'))
  expect(read.length).toBeLessThanOrEqual(5)
})
