import { existsSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { newStem } from '../../../src/tools/exports/names.ts'
import { environmentFor } from '../../support/environment.ts'
import { type Desk, named, openDesk } from '../../support/exports/desk.ts'
import { accountOn } from '../../support/session.ts'
import { exportingOn } from './exporting.ts'

// How much of the disk exports take, and for how long they are shown.

const jobs = 'POST /sm/v2/jobs/search'
const test = exportingOn({ jobs: 3_000 }, { QUALYS_EXPORT_MAX_MB: '1' })

const asked = { tool: 'car_search_jobs', format: 'csv' } as const

/** A file of ours, of that many bytes. */
function plant(folder: string, bytes: number, ending = 'csv', tool = 'car_search_jobs'): string {
  const path = join(folder, `${newStem(tool, '00000000')}.${ending}`)
  writeFileSync(path, '', { mode: 0o600 })
  truncateSync(path, bytes)
  return path
}
const age = (path: string, days: number): void => {
  const then = new Date(Date.now() - days * 86_400_000)
  utimesSync(path, then, then)
}

describe('all exports together', () => {
  const refused = async (exporter: Desk, more = {}) => {
    const before = named(exporter.folder, '')
    const told = await exporter.export({ ...asked, arguments: { fields: ['id'] }, ...more })
    expect(told.error).toMatchObject({ kind: 'setup' })
    expect(named(exporter.folder, '')).toEqual(before)
    return told.text
  }

  test('over ten times the limit a further one is refused, with what the operator may do', async ({
    folder,
    exporter,
  }) => {
    plant(folder, 4_000_000)
    plant(folder, 4_000_000, 'rows')
    const last = plant(folder, 2_000_001, 'csv-new', 'saq_search_users')
    expect(await refused(exporter)).toBe(
      `The exports in ${folder} take 10 MB in 3 files, more than 10 times QUALYS_EXPORT_MAX_MB or 10,000 files. Ask the operator to remove some, to raise that setting, or to lower QUALYS_EXPORT_DAYS.`,
    )
    // What is too old goes first.
    age(last, 7.1)
    expect((await exporter.export({ ...asked, arguments: { fields: ['id'] } })).isError).toBe(false)
    expect(existsSync(last)).toBe(false)
  })

  test('files of others do not count', async ({ folder, exporter }) => {
    writeFileSync(join(folder, 'notes.csv'), '')
    truncateSync(join(folder, 'notes.csv'), 50_000_000)
    expect((await exporter.export({ ...asked, arguments: { fields: ['id'] } })).isError).toBe(false)
  })

  test('a cut one goes on, a further file of a full one does not begin', async ({
    sandbox,
    folder,
    exporter,
  }) => {
    await sandbox.control.faults([{ route: jobs, kind: 'html', skip: 1 }])
    const args = { arguments: { fields: ['id'] } }
    expect((await exporter.export({ ...asked, ...args })).text).toMatch(/1,000 rows are kept/)
    await sandbox.control.faults([])
    const full = await exporter.export({ ...asked, format: 'jsonl' })
    expect(full.text).toMatch(/exported to JSON Lines/)
    expect(full.rows[0]?.['complete']).toBe(false)
    const planted = plant(folder, 10_000_000)
    expect(await refused(exporter, { format: 'jsonl', arguments: {}, resume: true })).toMatch(
      /more than 10 times/,
    )
    expect((await exporter.export({ ...asked, ...args, resume: true })).rows[0]).toMatchObject({
      rows: 3_000,
    })
    // Once there is room, nothing is lost.
    truncateSync(planted, 0)
    const next = await exporter.export({ ...asked, format: 'jsonl', resume: true })
    expect(next.rows[0]).toMatchObject({ part: 2 })
  })
})

test('what is older than QUALYS_EXPORT_DAYS is neither listed nor read', async ({
  sandbox,
  folder,
  exporter,
}) => {
  const told = await exporter.export({ ...asked, arguments: { fields: ['id'] } })
  const [{ uri, file } = {}] = told.rows as { uri: string; file: string }[]
  const list = async (there: Desk) => JSON.stringify(await there.request('resources/list'))
  age(String(file), 6.9)
  expect(await list(exporter)).toContain(uri)
  await exporter.request('resources/read', { uri })
  age(String(file), 7.1)
  expect(await list(exporter)).not.toContain(uri)
  for (const one of [uri, `${uri}/1`])
    await expect(exporter.request('resources/read', { uri: one })).rejects.toThrow('no such export')
  const keeping = await openDesk(environmentFor(sandbox, { QUALYS_EXPORT_DAYS: '0' }), folder)
  expect(await list(keeping)).toContain(uri)
  await keeping.request('resources/read', { uri })
  await keeping.close()
})

test('exports of the pretend Qualys say so', async ({ sandbox, folder }) => {
  const pretend = await openDesk({ QUALYS_SANDBOX: 'true' }, folder, { account: accountOn(sandbox) })
  await pretend.export({ ...asked, arguments: { fields: ['id'] } })
  const { resources } = await pretend.request('resources/list')
  await pretend.close()
  const titles = (resources as { uri: string; title: string }[])
    .filter(({ uri }) => uri.startsWith('qualys://exports/'))
    .map(({ title }) => title)
  expect(titles).toEqual([expect.stringMatching(/^sandbox: jobs, exported /)])
})
