import { existsSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { newStem } from '../../../src/tools/exports/names.ts'
import { environmentFor } from '../../support/environment.ts'
import { type Exporter, filesEndingWith, openExporter } from '../../support/exports/exporter.ts'
import { accountOn } from '../../support/session.ts'
import { exportingOn } from './fixtures.ts'

// How much disk space exports take, and how long they are listed.

const test = exportingOn({ jobs: 3_000 }, { QUALYS_EXPORT_MAX_MB: '1' })

const exportArguments = { tool: 'car_search_jobs', format: 'csv' } as const

/** One of our files, of that many bytes. */
function plantFile(folder: string, bytes: number, ending = 'csv', tool = 'car_search_jobs'): string {
  const path = join(folder, `${newStem(tool, '00000000')}.${ending}`)
  writeFileSync(path, '', { mode: 0o600 })
  truncateSync(path, bytes)
  return path
}
const ageFile = (path: string, days: number): void => {
  const then = new Date(Date.now() - days * 86_400_000)
  utimesSync(path, then, then)
}

describe('all exports together', () => {
  const refused = async (exporter: Exporter) => {
    const before = filesEndingWith(exporter.folder, '')
    const reply = await exporter.export({ ...exportArguments, arguments: { fields: ['id'] } })
    expect(reply.error).toMatchObject({ kind: 'setup' })
    expect(filesEndingWith(exporter.folder, '')).toEqual(before)
    return reply.text
  }

  test('over ten times the limit, another export is refused, with advice for the operator', async ({
    folder,
    exporter,
  }) => {
    plantFile(folder, 4_000_000)
    plantFile(folder, 4_000_000, 'rows')
    const last = plantFile(folder, 2_000_001, 'csv-new', 'saq_search_users')
    expect(await refused(exporter)).toBe(
      `The exports in ${folder} take 10 MB in 3 files, more than 10 times QUALYS_EXPORT_MAX_MB or 10,000 files. Ask the operator to remove some, to raise that setting, or to lower QUALYS_EXPORT_DAYS.`,
    )
    // The oldest are removed first.
    ageFile(last, 7.1)
    expect((await exporter.export({ ...exportArguments, arguments: { fields: ['id'] } })).isError).toBe(false)
    expect(existsSync(last)).toBe(false)
  })

  test('files that are not ours do not count', async ({ folder, exporter }) => {
    writeFileSync(join(folder, 'notes.csv'), '')
    truncateSync(join(folder, 'notes.csv'), 50_000_000)
    expect((await exporter.export({ ...exportArguments, arguments: { fields: ['id'] } })).isError).toBe(false)
  })
})

test('files older than QUALYS_EXPORT_DAYS are neither listed nor read', async ({
  sandbox,
  folder,
  exporter,
}) => {
  const reply = await exporter.export({ ...exportArguments, arguments: { fields: ['id'] } })
  const [{ uri, file } = {}] = reply.rows as { uri: string; file: string }[]
  const list = async (there: Exporter) => JSON.stringify(await there.request('resources/list'))
  ageFile(String(file), 6.9)
  expect(await list(exporter)).toContain(uri)
  await exporter.request('resources/read', { uri })
  ageFile(String(file), 7.1)
  expect(await list(exporter)).not.toContain(uri)
  await expect(exporter.request('resources/read', { uri })).rejects.toThrow('no such export')
  const keeping = await openExporter(environmentFor(sandbox, { QUALYS_EXPORT_DAYS: '0' }), folder)
  expect(await list(keeping)).toContain(uri)
  await keeping.request('resources/read', { uri })
  await keeping.close()
})

test('exports of the sandbox are marked as such', async ({ sandbox, folder }) => {
  const pretend = await openExporter({ QUALYS_SANDBOX: 'true' }, folder, { account: accountOn(sandbox) })
  await pretend.export({ ...exportArguments, arguments: { fields: ['id'] } })
  const { resources } = await pretend.request('resources/list')
  await pretend.close()
  const titles = (resources as { uri: string; title: string }[])
    .filter(({ uri }) => uri.startsWith('qualys://exports/'))
    .map(({ title }) => title)
  expect(titles).toEqual([expect.stringMatching(/^sandbox: jobs, exported /)])
})
