import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, vi } from 'vitest'
import { searchJobs } from '../../../src/operations/car/runs.ts'
import { VendorError } from '../../../src/shared/errors.ts'
import { Spool } from '../../../src/tools/exports/export-state.ts'
import { finish } from '../../../src/tools/exports/finish.ts'
import { ExportFolder } from '../../../src/tools/exports/folder.ts'
import { newStem } from '../../../src/tools/exports/names.ts'
import { Table } from '../../../src/tools/exports/table.ts'
import { settingsFrom } from '../../support/environment.ts'
import { fileOf, named, readLines } from '../../support/exports/desk.ts'
import { exportingOn } from './exporting.ts'

// The last rows are in: the end of an export, and whose it is.

const test = exportingOn({ jobs: 1_500 })
afterEach(() => vi.restoreAllMocks())

describe.each(['csv', 'jsonl'] as const)('taken over between the last rows and the file: %s', (format) => {
  const rows = [{ id: '1' }, { id: '2' }]
  const table = () => {
    const known = new Table(searchJobs, ['id'])
    for (const [before, row] of rows.entries()) known.takes(row, before, 1_000)
    return known
  }

  /** An export whose rows are all there, and the run that takes it over. */
  function twoRuns(folder: string): { readonly first: Spool; readonly takeOver: () => Spool } {
    const exports = new ExportFolder(settingsFrom({ QUALYS_EXPORT_DIR: folder }))
    const stem = newStem('car_search_jobs', '00000000')
    const first = Spool.begin(exports, stem, '0'.repeat(64), 'place')
    first.add(rows.map((row) => `${JSON.stringify(row)}\n`).join(''), { rows: 2, scanned: 2, end: 'list' })
    const takeOver = () => {
      const second = Spool.resume(exports, stem, first.state)
      if (!second) throw new Error('nothing to take over')
      return second
    }
    return { first, takeOver }
  }
  const { signal } = new AbortController()
  const fileNamed = ({ folder, stem }: Spool): string => join(folder.path, `${stem}.${format}`)
  const expected = format === 'csv' ? 'id\r\n1\r\n2\r\n' : '{"id":"1"}\n{"id":"2"}\n'

  test('before it begins', async ({ folder }) => {
    const { first, takeOver } = twoRuns(folder)
    const second = takeOver()
    await expect(finish(first, format, table(), signal)).rejects.toMatchObject({ kind: 'busy' })
    first.close()
    expect(existsSync(join(folder, `${second.stem}.rows`))).toBe(true)
    expect(existsSync(fileNamed(first))).toBe(false)
    await finish(second, format, table(), signal)
    second.close()
    expect(readFileSync(fileNamed(second), 'utf8')).toBe(expected)
  })

  test.runIf(format === 'csv')('while the CSV is written', async ({ folder }) => {
    const { first, takeOver } = twoRuns(folder)
    const readAt = vi.spyOn(Spool.prototype, 'readAt')
    let theirs: Promise<number> | undefined
    readAt.mockImplementationOnce(function (this: Spool, length, place) {
      const second = takeOver()
      theirs = finish(second, format, table(), signal).finally(() => second.close())
      return second.readAt(length, place)
    })
    await expect(finish(first, format, table(), signal)).rejects.toMatchObject({ kind: 'busy' })
    first.close()
    await theirs
    expect(readFileSync(fileNamed(first), 'utf8')).toBe(expected)
    expect(named(folder, '')).toHaveLength(1)
  })
})

describe('on a sandbox', () => {
  const asked = { tool: 'car_search_jobs', format: 'jsonl', arguments: { fields: ['id'] } }

  /** Does something just after so many rows are in the file. */
  function behind(rows: number, work: (spool: Spool) => void): void {
    const add = Spool.prototype.add
    vi.spyOn(Spool.prototype, 'add').mockImplementation(function (this: Spool, ...given) {
      add.apply(this, given)
      if (this.state.rows === rows) work(this)
    })
  }
  const stop = (): never => {
    throw new VendorError('The line is gone.', 'Try again.')
  }

  test('a list that is cut at its end is whole: resume asks for nothing more', async ({
    sandbox,
    exporter,
  }) => {
    behind(1_500, stop)
    const failed = await exporter.export(asked)
    expect(failed.text).toMatch(/rows are kept: the same call with resume: true/)
    vi.restoreAllMocks()
    await sandbox.control.forget()
    const told = await exporter.export({ ...asked, resume: true })
    expect(told.isError, told.text).toBe(false)
    expect(told.rows[0]).toMatchObject({ rows: 1_500, complete: true })
    expect(new Set(readLines(fileOf(told)).map(({ id }) => id)).size).toBe(1_500)
    expect((await sandbox.control.requests()).filter(({ path }) => path.endsWith('/search'))).toEqual([])
  })

  test.for([
    ['its own error', true],
    ['the next rows', false],
  ] as const)(
    'a run whose turn is lost gives no advice that is not its own: %s',
    async ([_what, fails], { folder, exporter }) => {
      behind(1_000, (spool) => {
        vi.restoreAllMocks()
        Spool.resume(spool.folder, spool.stem, spool.state)?.close()
        if (fails) stop()
      })
      const failed = await exporter.export(asked)
      expect(failed.isError).toBe(true)
      expect(failed.text).not.toMatch(/kept|resume: true|still being written/)
      expect(failed.error?.['kind'] === 'busy').toBe(!fails)
      expect(failed.text.startsWith('Another call has gone on with this export')).toBe(!fails)
      // The other call's, as it left them.
      expect(named(folder, '')).toHaveLength(2)
    },
  )
})
