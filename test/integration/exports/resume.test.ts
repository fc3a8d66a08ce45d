import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { expect } from 'vitest'
import { asked, idsIn, jobs, test as onCut, route } from '../../support/exports/cut.ts'
import { fileOf, named } from '../../support/exports/desk.ts'

// Which call goes on with a cut export, and which does not.

const test = onCut.extend<{ readonly cut: (more?: object) => Promise<void> }>({
  /** An export that is cut behind 2,000 rows. */
  cut: async ({ sandbox, exporter, stateOf }, use) =>
    use(async (more = {}) => {
      await sandbox.control.faults([{ route, kind: 'html', skip: 2 }])
      await exporter.export(asked('csv', more))
      await sandbox.control.faults([])
      expect(stateOf()).toMatchObject({ rows: 2_000 })
    }),
})

test.for([
  ['other arguments', { arguments: { scriptId: 19218 } }],
  ['other fields', { arguments: { fields: ['id'] } }],
  ['another format', { format: 'jsonl' }],
  ['another list', { tool: 'car_search_assets' }],
] as const)('not with %s', async ([, other], { cut, exporter, stateOf }) => {
  await cut()
  const told = await exporter.export({ ...asked('csv', { resume: true }), ...other })
  expect(told.error).toMatchObject({ kind: 'input' })
  expect(told.text).toMatch(/^No export of this list, with these arguments and this format, was cut\./)
  expect(stateOf()).toMatchObject({ rows: 2_000 })
})

test('with the same arguments in another spelling', async ({ cut, exporter }) => {
  await cut({ arguments: { sort: ['id:asc'], startAt: '2020-01-01' } })
  const again = { startAt: '2020-01-01T00:00:00Z', sort: ['id:asc'], pageSize: 7 }
  const whole = await exporter.export(asked('csv', { arguments: JSON.stringify(again), resume: true }))
  expect(idsIn(whole)).toHaveLength(jobs)
})

test('not by another account', async ({ cut, open, stateOf }) => {
  await cut()
  const other = await open({ QUALYS_USERNAME: 'reader', QUALYS_PASSWORD: 'other-words' })
  const told = await other.export(asked('csv', { resume: true }))
  expect(told.isError).toBe(true)
  expect(told.text).toMatch(/^No export of this list/)
  expect(stateOf()).toMatchObject({ rows: 2_000 })
})

test('not with a state that somebody made up, or rows that are not all there', async ({
  cut,
  exporter,
  only,
  stateOf,
}) => {
  await cut()
  const state = stateOf()
  const forged = [
    { ...state, place: `${state.place.slice(0, -2)}AA` },
    { ...state, rows: -1 },
    { ...state, digest: 'x' },
    [],
  ]
  for (const one of forged) {
    writeFileSync(only('.state'), JSON.stringify(one))
    expect((await exporter.export(asked('csv', { resume: true }))).error).toMatchObject({ kind: 'input' })
  }
  writeFileSync(only('.state'), JSON.stringify(state))
  truncateSync(only('.rows'), state.bytes - 1)
  expect((await exporter.export(asked('csv', { resume: true }))).error).toMatchObject({ kind: 'input' })
})

test('one at a time: the second of two is told that it is busy', async ({ cut, exporter, all }) => {
  await cut()
  const [one, two] = await Promise.all([
    exporter.export(asked('csv', { resume: true })),
    exporter.export(asked('csv', { resume: true })),
  ])
  const [failed, ...others] = [one, two].filter(({ isError }) => isError)
  expect(others).toEqual([])
  expect(failed?.error).toMatchObject({ kind: 'busy' })
  const whole = one.isError ? two : one
  expect(idsIn(whole).sort()).toEqual(all)
})

test.for([
  ['in the middle of it', 'rows'],
  ['just behind it', undefined],
] as const)(
  'killed while the finished file was put in its place: %s',
  async ([, left], { cut, exporter, folder, only, stateOf }) => {
    await cut()
    const [rows, state, path] = [only('.rows'), stateOf(), only('.state')]
    const kept = readFileSync(rows)
    writeFileSync(path, JSON.stringify({ ...state, end: 'list' }))
    const first = await exporter.export(asked('csv', { resume: true }))
    expect(first.rows[0]).toMatchObject({ rows: 2_000 })
    // What the disk would hold, had the process ended there.
    writeFileSync(path, JSON.stringify({ ...state, end: 'list' }))
    if (left) writeFileSync(rows, kept)
    const again = await exporter.export(asked('csv', { resume: true }))
    if (left) expect(fileOf(again)).toBe(fileOf(first))
    else expect(again.error).toMatchObject({ kind: 'input' })
    expect(named(folder, '')).toEqual([expect.stringMatching(/\.csv$/)])
  },
)

test('nothing was written: nothing is left', async ({ sandbox, exporter, folder }) => {
  await sandbox.control.faults([{ route, kind: 'html' }])
  const failed = await exporter.export(asked('csv'))
  expect(failed.text).not.toMatch(/kept/)
  expect(named(folder, '')).toEqual([])
})
