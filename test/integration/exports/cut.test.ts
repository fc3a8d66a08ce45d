import { describe, expect, vi } from 'vitest'
import { asked, cutOn, idsIn, jobs, path, route, settingsOn, test } from '../../support/exports/cut.ts'
import { fileOf, named, openDesk } from '../../support/exports/desk.ts'
import { holding } from '../../support/held.ts'

// What an export leaves when it is cut, and that another call goes on exactly behind that. Cut by the end of the process,
// and by a full disk: test/process/exports.

describe.for(['csv', 'jsonl'] as const)('%s', (format) => {
  test('cancelled half-way: the request stops, the rows stay, and resume goes on behind them', async ({
    sandbox,
    exporter,
    folder,
    stateOf,
    all,
  }) => {
    await sandbox.control.faults([{ route, kind: 'stall', skip: 2, times: 1 }])
    const { told, cancel } = exporter.begin(asked(format))
    told.catch(() => undefined)
    await vi.waitFor(async () => {
      expect(exporter.progress.at(-1)?.progress).toBe(2_000)
      // The login before them.
      expect(await sandbox.control.requests()).toHaveLength(4)
    }, 15_000)
    cancel()
    await vi.waitFor(() => expect(stateOf()).toMatchObject({ status: 'cut', rows: 2_000, end: null }), 15_000)
    await sandbox.control.forget()
    // With the stalled request still open, QUALYS_CONCURRENCY 1 would leave no room for this.
    const whole = await exporter.export(asked(format, { resume: true }))
    expect(whole.rows[0]).toMatchObject({ rows: jobs, complete: true })
    expect(whole.text).toMatch(/^2,500 jobs exported/)
    expect(idsIn(whole).sort()).toEqual(all)
    const calls = (await sandbox.control.requests()).filter((request) => request.path === path)
    expect(calls).toHaveLength(1)
    expect(named(folder, '')).toEqual([expect.stringMatching(new RegExp(`\\.${format}$`))])
  })

  test('an error half-way keeps its kind, and says what is kept', async ({ sandbox, exporter, all }) => {
    await sandbox.control.faults([{ route, kind: 'html', skip: 2 }])
    const failed = await exporter.export(asked(format))
    expect(failed.isError).toBe(true)
    expect(failed.error).toMatchObject({ kind: 'vendor' })
    expect(failed.text).toMatch(/2,000 rows are kept: the same call with resume: true goes on behind them\.$/)
    await sandbox.control.faults([])
    const whole = await exporter.export(asked(format, { resume: true }))
    expect(idsIn(whole).sort()).toEqual(all)
    expect(JSON.stringify(whole.raw)).toMatch(/2,000 rows were there before the cut/)
  })

  test('cut again and again', async ({ sandbox, exporter, all }) => {
    for (const [turn, skip] of [1, 1, 0].entries()) {
      await sandbox.control.faults([{ route, kind: 'html', skip }])
      const failed = await exporter.export(asked(format, { resume: turn > 0 }))
      expect(failed.isError).toBe(true)
    }
    await sandbox.control.faults([])
    const whole = await exporter.export(asked(format, { resume: true }))
    expect(idsIn(whole).sort()).toEqual(all)
  })
})

test('a run that was silent and taken over writes no further', async ({
  sandbox,
  folder,
  stateOf,
  age,
  all,
}) => {
  const held = await holding(sandbox.gatewayUrl, [path], { skip: 2, times: 1 })
  const slow = await openDesk(settingsOn(sandbox, { QUALYS_GATEWAY_URL: held.url }), folder)
  const { told } = slow.begin(asked('jsonl'))
  await held.arrived
  expect(stateOf().rows).toBe(2_000)
  age(61)
  // The same account, for the folder knows an account by its address.
  const second = await openDesk(settingsOn(sandbox, { QUALYS_GATEWAY_URL: held.url }), folder)
  const whole = await second.export(asked('jsonl', { resume: true }))
  held.release()
  const lost = await told
  expect(lost.error).toMatchObject({ kind: 'busy' })
  expect(lost.text).not.toMatch(/kept|resume: true/)
  expect(idsIn(whole).sort()).toEqual(all)
  await slow.close()
  await second.close()
  await held.close()
})

/** More than one megabyte, also as CSV. */
const many = 4_500
const onMany = cutOn(many)

onMany.for(['csv', 'jsonl'] as const)(
  'the file is full: a finished file, and the rows that follow in further ones: %s',
  async (format, { open, folder, all }) => {
    const exporter = await open({ QUALYS_EXPORT_MAX_MB: '1' })
    const seen: string[] = []
    let part = await exporter.export(asked(format))
    for (let count = 1; ; count++) {
      const [row] = part.rows
      expect(Number(row?.['bytes'])).toBeLessThanOrEqual(1_000_000)
      expect(Buffer.byteLength(fileOf(part))).toBe(row?.['bytes'])
      const ids = idsIn(part)
      expect(ids).toHaveLength(Number(row?.['rows']))
      seen.push(...ids)
      expect(count).toBeLessThan(5)
      if (row?.['complete'] === true) break
      expect(Number(row?.['bytes'])).toBeGreaterThan(700_000)
      expect(JSON.stringify(part.raw)).toMatch(/The file is full \(QUALYS_EXPORT_MAX_MB\): .* resume: true/)
      part = await exporter.export(asked(format, { resume: true }))
      expect(part.rows[0]?.['part']).toBe(count + 1)
    }
    expect(Number(part.rows[0]?.['part'])).toBeGreaterThan(1)
    expect(seen).toHaveLength(many)
    expect([...seen].sort()).toEqual(all)
    expect(named(folder, 'state')).toEqual([])
    expect((await exporter.export(asked(format, { resume: true }))).error).toMatchObject({ kind: 'input' })
  },
)

test('two at once do not meet', async ({ exporter, all }) => {
  const both = await Promise.all([exporter.export(asked('csv')), exporter.export(asked('csv'))])
  expect(new Set(both.map(({ rows }) => rows[0]?.['file'])).size).toBe(2)
  for (const told of both) expect(idsIn(told).sort()).toEqual(all)
})
