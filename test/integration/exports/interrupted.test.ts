import { describe, expect, vi } from 'vitest'
import { filesEndingWith, openExporter, readExportFile } from '../../support/exports/exporter.ts'
import {
  exportArguments,
  exportedIds,
  interruptedTestOn,
  jobs,
  path,
  route,
  settingsOn,
  test,
} from '../../support/exports/interrupted.ts'
import { openHoldingGateway } from '../../support/holding-gateway.ts'

// The file of an interrupted export, and that another call resumes exactly after it. Interrupted by the end of the
// process, and by a full disk: test/process/exports.

describe.for(['csv', 'jsonl'] as const)('%s', (format) => {
  test('cancelled half-way: the request stops, the rows stay, and resume continues after them', async ({
    sandbox,
    exporter,
    folder,
    readState,
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
    cancel()
    await vi.waitFor(
      () => expect(readState()).toMatchObject({ status: 'cut', rows: 2_000, end: null }),
      15_000,
    )
    await sandbox.control.clearRequests()
    // With the stalled request still open, QUALYS_CONCURRENCY 1 would block this one.
    const whole = await exporter.export(exportArguments(format, { resume: true }))
    expect(whole.rows[0]).toMatchObject({ rows: jobs, complete: true })
    expect(whole.text).toMatch(/^2,500 jobs exported/)
    expect(exportedIds(whole).sort()).toEqual(allIds)
    const calls = (await sandbox.control.requests()).filter((request) => request.path === path)
    expect(calls).toHaveLength(1)
    expect(filesEndingWith(folder, '')).toEqual([expect.stringMatching(new RegExp(`\\.${format}$`))])
  })

  test('an error half-way keeps its kind, and the message says what is kept', async ({
    sandbox,
    exporter,
    allIds,
  }) => {
    await sandbox.control.faults([{ route, kind: 'html', skip: 2 }])
    const failed = await exporter.export(exportArguments(format))
    expect(failed.isError).toBe(true)
    expect(failed.error).toMatchObject({ kind: 'vendor' })
    expect(failed.text).toMatch(/2,000 rows are kept: the same call with resume: true goes on behind them\.$/)
    await sandbox.control.faults([])
    const whole = await exporter.export(exportArguments(format, { resume: true }))
    expect(exportedIds(whole).sort()).toEqual(allIds)
    expect(JSON.stringify(whole.raw)).toMatch(/2,000 rows were there before the cut/)
  })

  test('interrupted several times', async ({ sandbox, exporter, allIds }) => {
    for (const [turn, skip] of [1, 1, 0].entries()) {
      await sandbox.control.faults([{ route, kind: 'html', skip }])
      const failed = await exporter.export(exportArguments(format, { resume: turn > 0 }))
      expect(failed.isError).toBe(true)
    }
    await sandbox.control.faults([])
    const whole = await exporter.export(exportArguments(format, { resume: true }))
    expect(exportedIds(whole).sort()).toEqual(allIds)
  })
})

test('a stale run that was taken over writes no further', async ({
  sandbox,
  folder,
  readState,
  ageState,
  allIds,
}) => {
  const held = await openHoldingGateway(sandbox.gatewayUrl, [path], { skip: 2, times: 1 })
  const slow = await openExporter(settingsOn(sandbox, { QUALYS_GATEWAY_URL: held.url }), folder)
  const { reply } = slow.begin(exportArguments('jsonl'))
  await held.arrived
  expect(readState().rows).toBe(2_000)
  ageState(61)
  // The same account, since the folder identifies an account by its address.
  const second = await openExporter(settingsOn(sandbox, { QUALYS_GATEWAY_URL: held.url }), folder)
  const whole = await second.export(exportArguments('jsonl', { resume: true }))
  held.release()
  const lostReply = await reply
  expect(lostReply.error).toMatchObject({ kind: 'busy' })
  expect(lostReply.text).not.toMatch(/kept|resume: true/)
  expect(exportedIds(whole).sort()).toEqual(allIds)
  await slow.close()
  await second.close()
  await held.close()
})

/** More than one megabyte, also as CSV. */
const many = 4_500
const onMany = interruptedTestOn(many)

onMany.for(['csv', 'jsonl'] as const)(
  'the file is full: a finished file, and the rows that follow in further ones: %s',
  async (format, { open, folder, allIds }) => {
    const exporter = await open({ QUALYS_EXPORT_MAX_MB: '1' })
    const seen: string[] = []
    let part = await exporter.export(exportArguments(format))
    for (let count = 1; ; count++) {
      const [row] = part.rows
      expect(Number(row?.['bytes'])).toBeLessThanOrEqual(1_000_000)
      expect(Buffer.byteLength(readExportFile(part))).toBe(row?.['bytes'])
      const ids = exportedIds(part)
      expect(ids).toHaveLength(Number(row?.['rows']))
      seen.push(...ids)
      expect(count).toBeLessThan(5)
      if (row?.['complete'] === true) break
      expect(Number(row?.['bytes'])).toBeGreaterThan(700_000)
      expect(JSON.stringify(part.raw)).toMatch(/The file is full \(QUALYS_EXPORT_MAX_MB\): .* resume: true/)
      part = await exporter.export(exportArguments(format, { resume: true }))
      expect(part.rows[0]?.['part']).toBe(count + 1)
    }
    expect(Number(part.rows[0]?.['part'])).toBeGreaterThan(1)
    expect(seen).toHaveLength(many)
    expect([...seen].sort()).toEqual(allIds)
    expect(filesEndingWith(folder, 'state')).toEqual([])
    expect((await exporter.export(exportArguments(format, { resume: true }))).error).toMatchObject({
      kind: 'input',
    })
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
