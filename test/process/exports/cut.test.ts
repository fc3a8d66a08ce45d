import { appendFileSync, readFileSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { environmentFor } from '../../support/environment.ts'
import {
  type Desk,
  fileOf,
  named,
  newFolder,
  openDesk,
  readCsv,
  readLines,
  type Told,
} from '../../support/exports/desk.ts'
import { openSandbox } from '../../support/sandbox.ts'
import { exportApart } from './process.ts'

// What an export leaves behind when it is cut, and that another call goes on exactly there.

const jobs = 'POST /sm/v2/jobs/search'
let sandbox: Awaited<ReturnType<typeof openSandbox>>
let all: string[]
let folder: ReturnType<typeof newFolder>
let desk: Desk
beforeAll(async () => {
  sandbox = await openSandbox()
  all = (await sandbox.control.truth('jobs')).map(({ id }) => String(id)).sort()
})
beforeEach(async () => {
  await sandbox.control.reset()
  folder = newFolder()
  desk = await openDesk(environment(), folder.path)
})
afterEach(async () => {
  await desk.close()
  folder.remove()
})
afterAll(() => sandbox.close())

/** A busy machine is given time. */
const eventually = <T>(look: () => T | Promise<T>) => expect.poll(look, { timeout: 30_000 })

const environment = (extra = {}) =>
  environmentFor(sandbox, { QUALYS_CONCURRENCY: '1', QUALYS_MAX_WAIT_SECONDS: '0', ...extra })

const asked = (format: 'csv' | 'jsonl', more = {}) => ({ tool: 'car_search_jobs', format, ...more })

function idsIn(told: Told): string[] {
  const text = fileOf(told)
  const rows = told.rows[0]?.['format'] === 'csv' ? readCsv(text) : readLines(text)
  return rows.map(({ id }) => String(id))
}

const only = (ending: string): string => {
  const [name = '', ...others] = named(folder.path, ending)
  expect(others).toEqual([])
  return join(folder.path, name)
}
const stateOf = () => JSON.parse(readFileSync(only('.state'), 'utf8'))
const age = (path: string, seconds: number): void => {
  const then = new Date(Date.now() - seconds * 1_000)
  utimesSync(path, then, then)
}

/** Qualys answers seven times, and then no more. */
const sevenThen = (kind: string) => sandbox.control.faults([{ route: jobs, kind, skip: 7 }])

describe.each(['csv', 'jsonl'] as const)('%s', (format) => {
  test('cancelled half-way: the request stops, the rows stay, and resume goes on behind them', async () => {
    await sandbox.control.faults([{ route: jobs, kind: 'stall', skip: 7, times: 1 }])
    const { told, cancel } = desk.begin(asked(format))
    const ended = told.catch(() => undefined)
    await eventually(() => desk.progress.at(-1)?.progress).toBe(7_000)
    await eventually(async () => (await sandbox.control.requests()).length).toBe(9)
    cancel()
    await eventually(() => stateOf().status).toBe('cut')
    expect(stateOf()).toMatchObject({ rows: 7_000, end: null })
    await sandbox.control.forget()
    // With the stalled request still open, QUALYS_CONCURRENCY 1 would leave no room for this.
    const whole = await desk.export(asked(format, { resume: true }))
    expect(whole.rows[0]).toMatchObject({ rows: 15_000, complete: true })
    expect(whole.text).toMatch(/^15,000 jobs exported/)
    expect(idsIn(whole).sort()).toEqual(all)
    const calls = (await sandbox.control.requests()).filter(({ path }) => path.endsWith('/search'))
    expect(calls).toHaveLength(8)
    expect(named(folder.path, '')).toEqual([expect.stringMatching(new RegExp(`\\.${format}$`))])
    await Promise.race([ended, undefined])
  })

  test('an error half-way keeps its kind, and says what is kept', async () => {
    await sevenThen('html')
    const failed = await desk.export(asked(format))
    expect(failed.isError).toBe(true)
    expect(failed.error).toMatchObject({ kind: 'vendor' })
    expect(failed.text).toMatch(/7,000 rows are kept: the same call with resume: true goes on behind them\.$/)
    await sandbox.control.reset()
    const whole = await desk.export(asked(format, { resume: true }))
    expect(idsIn(whole).sort()).toEqual(all)
    expect(JSON.stringify(whole.raw)).toMatch(/7,000 rows were there before the cut/)
  })

  test('cut again and again', async () => {
    for (const skip of [3, 4, 2]) {
      await sandbox.control.faults([{ route: jobs, kind: 'html', skip }])
      const failed = await desk.export(asked(format, { resume: skip !== 3 }))
      expect(failed.isError).toBe(true)
    }
    await sandbox.control.reset()
    const whole = await desk.export(asked(format, { resume: true }))
    expect(idsIn(whole).sort()).toEqual(all)
  })

  test('killed: what was written beyond the state is not doubled', async () => {
    await sandbox.control.faults([{ route: jobs, kind: 'stall', skip: 7, times: 1 }])
    const apart = exportApart(environment(), folder.path, asked(format))
    await eventually(() => named(folder.path, '.state').length).toBe(1)
    await eventually(async () => (await sandbox.control.requests()).length).toBe(9)
    await apart.kill()
    const state = stateOf()
    expect(state).toMatchObject({ status: 'running', rows: 7_000 })
    expect(statSync(only('.rows')).size).toBe(state.bytes)
    // More than the rows that follow will cover.
    appendFileSync(
      only('.rows'),
      `${'{"id":"1","title":"a line"}\n'.repeat(400_000)}{"id":"2","title":"half a li`,
    )
    const early = await desk.export(asked(format, { resume: true }))
    expect(early.error).toMatchObject({ kind: 'busy' })
    age(only('.state'), 61)
    const whole = await desk.export(asked(format, { resume: true }))
    expect(idsIn(whole).sort()).toEqual(all)
  })

  test('the file is full: a finished file, and the rows that follow in further ones', async () => {
    await desk.close()
    desk = await openDesk(environment({ QUALYS_EXPORT_MAX_MB: '2' }), folder.path)
    const seen: string[] = []
    let part = await desk.export(asked(format))
    for (let count = 1; ; count++) {
      const [row] = part.rows
      expect(Number(row?.['bytes'])).toBeLessThanOrEqual(2_000_000)
      expect(Buffer.byteLength(fileOf(part))).toBe(row?.['bytes'])
      const ids = idsIn(part)
      expect(ids).toHaveLength(Number(row?.['rows']))
      seen.push(...ids)
      expect(count).toBeLessThan(9)
      if (row?.['complete'] === true) break
      expect(Number(row?.['bytes'])).toBeGreaterThan(1_400_000)
      expect(JSON.stringify(part.raw)).toMatch(/The file is full \(QUALYS_EXPORT_MAX_MB\): .* resume: true/)
      part = await desk.export(asked(format, { resume: true }))
      expect(part.rows[0]?.['part']).toBe(count + 1)
    }
    expect(seen).toHaveLength(15_000)
    expect([...seen].sort()).toEqual(all)
    expect(named(folder.path, 'state')).toEqual([])
    expect((await desk.export(asked(format, { resume: true }))).error).toMatchObject({ kind: 'input' })
  })

  test('a disk that fills up: one sentence says so, and resume goes on', async () => {
    const apart = exportApart(environment(), folder.path, asked(format), 'ulimit -f 3000')
    const failed = await apart.told()
    expect(failed.isError).toBe(true)
    expect(failed.error).toMatchObject({ kind: 'setup' })
    expect(failed.text).toMatch(
      /^The folder of exports \(QUALYS_EXPORT_DIR, .*\) cannot be used: the system allows no larger file\. Ask the operator to make room there.*rows are kept/,
    )
    expect(named(folder.path, format)).toEqual([])
    expect(named(folder.path, '-new')).toEqual([])
    expect(statSync(only('.rows')).size).toBe(stateOf().bytes)
    const whole = await desk.export(asked(format, { resume: true }))
    expect(idsIn(whole).sort()).toEqual(all)
  })
})

test('a disk that fills up while the CSV is made: the rows are there, and nothing is asked of Qualys again', async () => {
  // Every row has a field that no other has: the table is far larger than the rows.
  const data = Array.from({ length: 1_900 }, (_, index) => ({
    id: String(index),
    [`field${index % 450}`]: 'x',
  }))
  const list = data.map((row, index) => ({ sortValues: [index, row.id], data: row }))
  await sandbox.control.faults([
    {
      route: jobs,
      kind: 'reply',
      body: { body: { totalCount: list.length, list: list.slice(0, 1_000) } },
      times: 1,
    },
    {
      route: jobs,
      kind: 'reply',
      body: { body: { totalCount: list.length, list: list.slice(1_000) } },
      times: 1,
    },
  ])
  const failed = await exportApart(environment(), folder.path, asked('csv'), 'ulimit -f 600').told()
  expect(failed.error).toMatchObject({ kind: 'setup' })
  expect(failed.text).toMatch(/1,900 rows are kept/)
  expect(stateOf()).toMatchObject({ status: 'cut', end: 'list', rows: 1_900 })
  expect(named(folder.path, 'csv-new')).toEqual([])
  await sandbox.control.reset()
  const whole = await desk.export(asked('csv', { resume: true }))
  expect(idsIn(whole)).toEqual(data.map(({ id }) => id))
  expect(Number(whole.rows[0]?.['bytes'])).toBeGreaterThan(800_000)
  expect((await sandbox.control.requests()).filter(({ path }) => path.endsWith('/search'))).toEqual([])
})

describe('resume', () => {
  const cutNow = async (more = {}): Promise<void> => {
    await sevenThen('html')
    await desk.export(asked('csv', more))
    await sandbox.control.reset()
  }

  test.each([
    ['other arguments', { arguments: { scriptId: 19218 } }],
    ['other fields', { arguments: { fields: ['id'] } }],
    ['another format', { format: 'jsonl' }],
    ['another list', { tool: 'car_search_assets' }],
  ])('not with %s', async (_what, other) => {
    await cutNow()
    const told = await desk.export({ ...asked('csv', { resume: true }), ...other })
    expect(told.error).toMatchObject({ kind: 'input' })
    expect(told.text).toMatch(/^No export of this list, with these arguments and this format, was cut\./)
    expect(stateOf()).toMatchObject({ rows: 7_000 })
  })

  test('with the same arguments in another spelling', async () => {
    await cutNow({ arguments: { sort: ['id:asc'], startAt: '2020-01-01' } })
    const again = { startAt: '2020-01-01T00:00:00Z', sort: ['id:asc'], pageSize: 7 }
    const whole = await desk.export(asked('csv', { arguments: JSON.stringify(again), resume: true }))
    expect(idsIn(whole)).toHaveLength(15_000)
  })

  test('not by another account', async () => {
    await cutNow()
    const other = await openDesk(
      environment({ QUALYS_USERNAME: 'reader', QUALYS_PASSWORD: 'other-words' }),
      folder.path,
    )
    const told = await other.export(asked('csv', { resume: true }))
    await other.close()
    expect(told.isError).toBe(true)
    expect(told.text).toMatch(/^No export of this list/)
    expect(stateOf()).toMatchObject({ rows: 7_000 })
  })

  test('not with a state that somebody made up, or rows that are not all there', async () => {
    await cutNow()
    const state = stateOf()
    const forged = [
      { ...state, place: `${state.place.slice(0, -2)}AA` },
      { ...state, rows: -1 },
      { ...state, digest: 'x' },
      [],
    ]
    for (const one of forged) {
      writeFileSync(only('.state'), JSON.stringify(one))
      expect((await desk.export(asked('csv', { resume: true }))).error).toMatchObject({ kind: 'input' })
    }
    writeFileSync(only('.state'), JSON.stringify(state))
    truncateSync(only('.rows'), state.bytes - 1)
    expect((await desk.export(asked('csv', { resume: true }))).error).toMatchObject({ kind: 'input' })
  })

  test('one at a time: the second of two hears that it is busy', async () => {
    await cutNow()
    const [one, two] = await Promise.all([
      desk.export(asked('csv', { resume: true })),
      desk.export(asked('csv', { resume: true })),
    ])
    const [failed, ...others] = [one, two].filter(({ isError }) => isError)
    expect(others).toEqual([])
    expect(failed?.error).toMatchObject({ kind: 'busy' })
    const whole = one.isError ? two : one
    expect(idsIn(whole).sort()).toEqual(all)
  })

  test('a run that was silent and taken over writes no further', async () => {
    await sandbox.control.faults([{ route: jobs, kind: 'delay', ms: 1_500, skip: 3, times: 1 }])
    const { told } = desk.begin(asked('jsonl'))
    await eventually(() => named(folder.path, '.state').length > 0 && stateOf().rows).toBe(3_000)
    age(only('.state'), 61)
    const second = await openDesk(environment(), folder.path)
    const whole = await second.export(asked('jsonl', { resume: true }))
    await second.close()
    const lost = await told
    expect(lost.error).toMatchObject({ kind: 'busy' })
    expect(lost.text).not.toMatch(/kept|resume: true/)
    expect(idsIn(whole).sort()).toEqual(all)
  })

  test.each([
    ['in the middle of it', 'rows'],
    ['just behind it', undefined],
  ])('killed while the finished file was put in its place: %s', async (_when, left) => {
    await cutNow()
    const [rows, state] = [only('.rows'), stateOf()]
    const kept = readFileSync(rows)
    writeFileSync(only('.state'), JSON.stringify({ ...state, end: 'list' }))
    const path = only('.state')
    const first = await desk.export(asked('csv', { resume: true }))
    expect(first.rows[0]).toMatchObject({ rows: 7_000 })
    // What the disk would hold, had the process ended there.
    writeFileSync(path, JSON.stringify({ ...state, end: 'list' }))
    if (left) writeFileSync(rows, kept)
    const again = await desk.export(asked('csv', { resume: true }))
    if (left) expect(fileOf(again)).toBe(fileOf(first))
    else expect(again.error).toMatchObject({ kind: 'input' })
    expect(named(folder.path, '')).toEqual([expect.stringMatching(/\.csv$/)])
  })

  test('nothing was written: nothing is left', async () => {
    await sandbox.control.faults([{ route: jobs, kind: 'html' }])
    const failed = await desk.export(asked('csv'))
    expect(failed.text).not.toMatch(/kept/)
    expect(named(folder.path, '')).toEqual([])
  })
})

test('two at once do not meet', async () => {
  const both = await Promise.all([desk.export(asked('csv')), desk.export(asked('csv'))])
  expect(new Set(both.map(({ rows }) => rows[0]?.['file'])).size).toBe(2)
  for (const told of both) expect(idsIn(told).sort()).toEqual(all)
})
