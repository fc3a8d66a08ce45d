import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { expect } from 'vitest'
import { filesEndingWith, readExportFile } from '../../support/exports/exporter.ts'
import {
  exportArguments,
  exportedIds,
  jobs,
  test as onCut,
  route,
} from '../../support/exports/interrupted.ts'

// Which calls resume an interrupted export, and which do not.

const test = onCut.extend<{ readonly interrupt: (more?: object) => Promise<void> }>({
  /** An export that is interrupted after 2,000 rows. */
  interrupt: async ({ sandbox, exporter, readState }, use) =>
    use(async (more = {}) => {
      await sandbox.control.faults([{ route, kind: 'html', skip: 2 }])
      await exporter.export(exportArguments('csv', more))
      await sandbox.control.faults([])
      expect(readState()).toMatchObject({ rows: 2_000 })
    }),
})

test.for([
  ['other arguments', { arguments: { scriptId: 19218 } }],
  ['other fields', { arguments: { fields: ['id'] } }],
  ['another format', { format: 'jsonl' }],
  ['another list', { tool: 'car_search_assets' }],
] as const)('not with %s', async ([, other], { interrupt, exporter, readState }) => {
  await interrupt()
  const reply = await exporter.export({ ...exportArguments('csv', { resume: true }), ...other })
  expect(reply.error).toMatchObject({ kind: 'input' })
  expect(reply.text).toMatch(/^No export of this list, with these arguments and this format, was cut\./)
  expect(readState()).toMatchObject({ rows: 2_000 })
})

test('with the same arguments in another spelling', async ({ interrupt, exporter }) => {
  await interrupt({ arguments: { sort: ['id:asc'], startAt: '2020-01-01' } })
  const again = { startAt: '2020-01-01T00:00:00Z', sort: ['id:asc'], pageSize: 7 }
  const whole = await exporter.export(
    exportArguments('csv', { arguments: JSON.stringify(again), resume: true }),
  )
  expect(exportedIds(whole)).toHaveLength(jobs)
})

test('not by another account', async ({ interrupt, open, readState }) => {
  await interrupt()
  const other = await open({ QUALYS_USERNAME: 'reader', QUALYS_PASSWORD: 'other-words' })
  const reply = await other.export(exportArguments('csv', { resume: true }))
  expect(reply.isError).toBe(true)
  expect(reply.text).toMatch(/^No export of this list/)
  expect(readState()).toMatchObject({ rows: 2_000 })
})

test('not with a forged state, or with missing rows', async ({
  interrupt,
  exporter,
  onlyFile,
  readState,
}) => {
  await interrupt()
  const state = readState()
  const forged = [
    { ...state, place: `${state.place.slice(0, -2)}AA` },
    { ...state, rows: -1 },
    { ...state, digest: 'x' },
    [],
  ]
  for (const one of forged) {
    writeFileSync(onlyFile('.state'), JSON.stringify(one))
    expect((await exporter.export(exportArguments('csv', { resume: true }))).error).toMatchObject({
      kind: 'input',
    })
  }
  writeFileSync(onlyFile('.state'), JSON.stringify(state))
  truncateSync(onlyFile('.rows'), state.bytes - 1)
  expect((await exporter.export(exportArguments('csv', { resume: true }))).error).toMatchObject({
    kind: 'input',
  })
})

test('one at a time: the second of two gets a busy error', async ({ interrupt, exporter, allIds }) => {
  await interrupt()
  const [one, two] = await Promise.all([
    exporter.export(exportArguments('csv', { resume: true })),
    exporter.export(exportArguments('csv', { resume: true })),
  ])
  const [failed, ...others] = [one, two].filter(({ isError }) => isError)
  expect(others).toEqual([])
  expect(failed?.error).toMatchObject({ kind: 'busy' })
  const whole = one.isError ? two : one
  expect(exportedIds(whole).sort()).toEqual(allIds)
})

test.for([
  ['in the middle of it', 'rows'],
  ['just after it', undefined],
] as const)(
  'killed while the finished file was moved into place: %s',
  async ([, left], { interrupt, exporter, folder, onlyFile, readState }) => {
    await interrupt()
    const [rows, state, path] = [onlyFile('.rows'), readState(), onlyFile('.state')]
    const kept = readFileSync(rows)
    writeFileSync(path, JSON.stringify({ ...state, end: 'list' }))
    const first = await exporter.export(exportArguments('csv', { resume: true }))
    expect(first.rows[0]).toMatchObject({ rows: 2_000 })
    // The content of the disk if the process had ended there.
    writeFileSync(path, JSON.stringify({ ...state, end: 'list' }))
    if (left) writeFileSync(rows, kept)
    const again = await exporter.export(exportArguments('csv', { resume: true }))
    if (left) expect(readExportFile(again)).toBe(readExportFile(first))
    else expect(again.error).toMatchObject({ kind: 'input' })
    expect(filesEndingWith(folder, '')).toEqual([expect.stringMatching(/\.csv$/)])
  },
)

test('if nothing was written, nothing is left', async ({ sandbox, exporter, folder }) => {
  await sandbox.control.faults([{ route, kind: 'html' }])
  const failed = await exporter.export(exportArguments('csv'))
  expect(failed.text).not.toMatch(/kept/)
  expect(filesEndingWith(folder, '')).toEqual([])
})
