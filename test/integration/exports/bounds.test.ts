import { existsSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { newStem } from '../../../src/tools/exports/names.ts'
import { Spool } from '../../../src/tools/exports/spool.ts'
import { environmentFor } from '../../support/environment.ts'
import { type Desk, fileOf, named, newFolder, openDesk, readCsv } from '../../support/exports/desk.ts'
import { openSandbox } from '../../support/sandbox.ts'
import { accountOn } from '../../support/session.ts'

// How much of the disk exports take, and for how long they are shown.

const jobs = 'POST /sm/v2/jobs/search'
let sandbox: Awaited<ReturnType<typeof openSandbox>>
let folder: ReturnType<typeof newFolder>
let desk: Desk
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 3_000 })
})
beforeEach(async () => {
  folder = newFolder()
  const extra = { QUALYS_EXPORT_MAX_MB: '1', QUALYS_MAX_WAIT_SECONDS: '0' }
  desk = await openDesk(environmentFor(sandbox, extra), folder.path)
})
afterEach(async () => {
  vi.restoreAllMocks()
  await desk.close()
  await sandbox.control.reset()
  folder.remove()
})
afterAll(() => sandbox.close())

const asked = { tool: 'car_search_jobs', format: 'csv' } as const

/** A file of ours, of that many bytes. */
function plant(bytes: number, ending = 'csv', tool = 'car_search_jobs'): string {
  const path = join(folder.path, `${newStem(tool, '00000000')}.${ending}`)
  writeFileSync(path, '', { mode: 0o600 })
  truncateSync(path, bytes)
  return path
}
const age = (path: string, days: number): void => {
  const then = new Date(Date.now() - days * 86_400_000)
  utimesSync(path, then, then)
}

test('names that are far longer than values: the rows on the way to CSV stay below three times the limit', async () => {
  const names = Array.from({ length: 60 }, (_, at) => `${'n'.repeat(75)}${at}`)
  const list = Array.from({ length: 1_000 }, (_, at) => ({
    sortValues: [1, String(at)],
    data: { id: String(at), ...Object.fromEntries(names.map((name) => [name, 1])) },
  }))
  const ahead = (from: number) =>
    sandbox.control.faults([
      { route: jobs, kind: 'reply', body: { body: { totalCount: 1_000, list: list.slice(from) } } },
    ])
  const largest: number[] = []
  const add = Spool.prototype.add
  vi.spyOn(Spool.prototype, 'add').mockImplementation(function (this: Spool, ...given) {
    add.apply(this, given)
    largest.push(statSync(join(folder.path, `${this.stem}.rows`)).size)
  })
  await ahead(0)
  let part = await desk.export(asked)
  const seen: string[] = []
  for (let count = 1; ; count++) {
    seen.push(...readCsv(fileOf(part)).map(({ id = '' }) => id))
    expect(count).toBeLessThan(4)
    if (part.rows[0]?.['complete'] === true) break
    expect(part.text).toMatch(/^\d+ jobs exported/)
    await ahead(seen.length)
    part = await desk.export({ ...asked, resume: true })
  }
  expect(seen).toEqual(list.map(({ data }) => data.id))
  expect(Math.max(...largest)).toBeLessThanOrEqual(3_000_000)
  expect(Math.max(...largest)).toBeGreaterThan(2_900_000)
})

describe('all exports together', () => {
  const refused = async (more = {}) => {
    const before = named(folder.path, '')
    const told = await desk.export({ ...asked, arguments: { fields: ['id'] }, ...more })
    expect(told.error).toMatchObject({ kind: 'setup' })
    expect(named(folder.path, '')).toEqual(before)
    return told.text
  }

  test('over ten times the limit a further one is refused, with what the operator may do', async () => {
    plant(4_000_000)
    plant(4_000_000, 'rows')
    const last = plant(2_000_001, 'csv-new', 'saq_search_users')
    expect(await refused()).toBe(
      `The exports in ${folder.path} take 10 MB in 3 files, more than 10 times QUALYS_EXPORT_MAX_MB or 10,000 files. Ask the operator to remove some, to raise that setting, or to lower QUALYS_EXPORT_DAYS.`,
    )
    // What is too old goes first.
    age(last, 7.1)
    expect((await desk.export({ ...asked, arguments: { fields: ['id'] } })).isError).toBe(false)
    expect(existsSync(last)).toBe(false)
  })

  test('files of others do not count', async () => {
    writeFileSync(join(folder.path, 'notes.csv'), '')
    truncateSync(join(folder.path, 'notes.csv'), 50_000_000)
    expect((await desk.export({ ...asked, arguments: { fields: ['id'] } })).isError).toBe(false)
  })

  test('many small ones', async () => {
    for (let count = 0; count <= 10_000; count++) {
      const stem = newStem('car_search_jobs', '00000000', new Date(count * 1_000))
      writeFileSync(join(folder.path, `${stem}.state`), '')
    }
    expect(await refused()).toMatch(/take 0 MB in 10,001 files/)
  })

  test('a cut one goes on, a further file of a full one does not begin', async () => {
    await sandbox.control.faults([{ route: jobs, kind: 'html', skip: 1 }])
    const args = { arguments: { fields: ['id'] } }
    expect((await desk.export({ ...asked, ...args })).text).toMatch(/1,000 rows are kept/)
    await sandbox.control.reset()
    const full = await desk.export({ ...asked, format: 'jsonl' })
    expect(full.text).toMatch(/exported to JSON Lines/)
    expect(full.rows[0]?.['complete']).toBe(false)
    const planted = plant(10_000_000)
    expect(await refused({ format: 'jsonl', arguments: {}, resume: true })).toMatch(/more than 10 times/)
    expect((await desk.export({ ...asked, ...args, resume: true })).rows[0]).toMatchObject({ rows: 3_000 })
    // Once there is room, nothing is lost.
    truncateSync(planted, 0)
    const next = await desk.export({ ...asked, format: 'jsonl', resume: true })
    expect(next.rows[0]).toMatchObject({ part: 2 })
  })
})

test('what is older than QUALYS_EXPORT_DAYS is neither listed nor read', async () => {
  const told = await desk.export({ ...asked, arguments: { fields: ['id'] } })
  const [{ uri, file } = {}] = told.rows as { uri: string; file: string }[]
  const list = async (there: Desk) => JSON.stringify(await there.request('resources/list'))
  age(String(file), 6.9)
  expect(await list(desk)).toContain(uri)
  await desk.request('resources/read', { uri })
  age(String(file), 7.1)
  expect(await list(desk)).not.toContain(uri)
  for (const one of [uri, `${uri}/1`])
    await expect(desk.request('resources/read', { uri: one })).rejects.toThrow('no such export')
  const keeping = await openDesk(environmentFor(sandbox, { QUALYS_EXPORT_DAYS: '0' }), folder.path)
  expect(await list(keeping)).toContain(uri)
  await keeping.request('resources/read', { uri })
  await keeping.close()
})

test('exports of the pretend Qualys say so', async () => {
  const pretend = await openDesk({ QUALYS_SANDBOX: 'true' }, folder.path, { account: accountOn(sandbox) })
  await pretend.export({ ...asked, arguments: { fields: ['id'] } })
  const { resources } = await pretend.request('resources/list')
  await pretend.close()
  const titles = (resources as { uri: string; title: string }[])
    .filter(({ uri }) => uri.startsWith('qualys://exports/'))
    .map(({ title }) => title)
  expect(titles).toEqual([expect.stringMatching(/^sandbox: jobs, exported /)])
})
