import { describe, expect, vi } from 'vitest'
import { filesEndingWith, readExportFile } from '../../support/exports/exporter.ts'
import {
  exportArguments,
  exportedIds,
  interruptedTestOn,
  path,
  route,
  test,
} from '../../support/exports/interrupted.ts'

// An export that ends early leaves nothing. Ended by the end of the process, and by a full disk:
// test/process/exports.

describe.for(['csv', 'jsonl'] as const)('%s', (format) => {
  test('cancelled half-way: the request stops, and nothing is left', async ({
    sandbox,
    exporter,
    folder,
    allIds,
  }) => {
    await sandbox.control.faults([{ route, kind: 'stall', skip: 2, times: 1 }])
    const { reply, cancel } = exporter.begin(exportArguments(format))
    reply.catch(() => undefined)
    await vi.waitFor(async () => {
      expect(exporter.progress.at(-1)?.progress).toBe(2_000)
      // The login before them.
      expect(await sandbox.control.requests()).toHaveLength(4)
    }, 15_000)
    expect(filesEndingWith(folder, '')).toEqual([expect.stringMatching(/\.rows$/)])
    cancel()
    await vi.waitFor(() => expect(filesEndingWith(folder, '')).toEqual([]), 15_000)
    // With the stalled request still open, QUALYS_CONCURRENCY 1 would block this one.
    const whole = await exporter.export(exportArguments(format))
    expect(exportedIds(whole).sort()).toEqual(allIds)
    expect(filesEndingWith(folder, '')).toEqual([expect.stringMatching(new RegExp(`\\.${format}$`))])
  })
})

// Each waits for retries.
test.for([
  ['jsonl', 0],
  ['csv', 2],
] as const)(
  '%s: an error after %i batches is the error of the list, and nothing is left',
  async ([format, skip], { sandbox, exporter, assistant, folder }) => {
    await sandbox.control.faults([{ route, kind: 'html', skip }])
    const failed = await exporter.export(exportArguments(format))
    await sandbox.control.faults([{ route, kind: 'html' }])
    const own = await assistant.call('car_search_jobs', {})
    expect(failed.isError).toBe(true)
    expect(failed.error).toMatchObject({ kind: 'vendor' })
    expect(failed.text).toBe(own.text)
    expect(filesEndingWith(folder, '')).toEqual([])
  },
)

/** More than one megabyte, also as CSV. */
const onMany = interruptedTestOn(4_500)

onMany.for(['csv', 'jsonl'] as const)(
  'the file is full: it is kept, and the reply says what to do: %s',
  async (format, { sandbox, open, folder, allIds }) => {
    const exporter = await open({ QUALYS_EXPORT_MAX_MB: '1' })
    const reply = await exporter.export(exportArguments(format))
    const [row] = reply.rows
    expect(row).toMatchObject({ complete: false, bytes: Buffer.byteLength(readExportFile(reply)) })
    expect(Number(row?.['bytes'])).toBeLessThanOrEqual(1_000_000)
    expect(Number(row?.['bytes'])).toBeGreaterThan(700_000)
    expect(JSON.stringify(reply.raw)).toMatch(
      /Not complete: the file is full \(QUALYS_EXPORT_MAX_MB\)\. Narrow the arguments .* raise that setting\./,
    )
    const ids = exportedIds(reply)
    expect(ids).toHaveLength(Number(row?.['rows']))
    expect(new Set(ids).size).toBe(ids.length)
    expect(allIds).toEqual(expect.arrayContaining(ids))
    expect(filesEndingWith(folder, '')).toEqual([expect.stringMatching(new RegExp(`\\.${format}$`))])
    // One batch may have been fetched in advance.
    const calls = (await sandbox.control.requests()).filter((request) => request.path === path)
    expect(calls.length).toBeLessThanOrEqual(5)
  },
)

test('two at once do not interfere', async ({ exporter, allIds }) => {
  const both = await Promise.all([
    exporter.export(exportArguments('csv')),
    exporter.export(exportArguments('csv')),
  ])
  expect(new Set(both.map(({ rows }) => rows[0]?.['file'])).size).toBe(2)
  for (const reply of both) expect(exportedIds(reply).sort()).toEqual(allIds)
})
