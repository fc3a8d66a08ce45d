import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, vi } from 'vitest'
import { searchJobs } from '../../../src/operations/car/runs.ts'
import { VendorError } from '../../../src/shared/errors.ts'
import { UnfinishedExport } from '../../../src/tools/exports/export-state.ts'
import { finishExport } from '../../../src/tools/exports/finish.ts'
import { ExportFolder } from '../../../src/tools/exports/folder.ts'
import { newStem } from '../../../src/tools/exports/names.ts'
import { Table } from '../../../src/tools/exports/table.ts'
import { settingsFrom } from '../../support/environment.ts'
import { filesEndingWith, readExportFile, readJsonLines } from '../../support/exports/exporter.ts'
import { exportingOn } from './fixtures.ts'

// After the last rows: how an export ends, and which call finishes it.

const test = exportingOn({ jobs: 1_500 })
afterEach(() => vi.restoreAllMocks())

describe.each(['csv', 'jsonl'] as const)(
  'taken over between the last rows and the finished file: %s',
  (format) => {
    const rows = [{ id: '1' }, { id: '2' }]
    const table = () => {
      const known = new Table(searchJobs, ['id'])
      for (const [before, row] of rows.entries()) known.tryAdd(row, before, 1_000)
      return known
    }

    /** An export whose rows are all written, and the run that takes it over. */
    function twoRuns(folder: string): {
      readonly first: UnfinishedExport
      readonly takeOver: () => UnfinishedExport
    } {
      const exports = new ExportFolder(settingsFrom({ QUALYS_EXPORT_DIR: folder }))
      const stem = newStem('car_search_jobs', '00000000')
      const first = UnfinishedExport.create(exports, stem, '0'.repeat(64), 'place')
      first.append(rows.map((row) => `${JSON.stringify(row)}\n`).join(''), {
        rows: 2,
        scanned: 2,
        end: 'list',
      })
      const takeOver = () => {
        const second = UnfinishedExport.resume(exports, stem, first.state)
        if (!second) throw new Error('nothing to take over')
        return second
      }
      return { first, takeOver }
    }
    const { signal } = new AbortController()
    const fileNamed = ({ folder, stem }: UnfinishedExport): string => join(folder.path, `${stem}.${format}`)
    const expected = format === 'csv' ? 'id\r\n1\r\n2\r\n' : '{"id":"1"}\n{"id":"2"}\n'

    test('before it begins', async ({ folder }) => {
      const { first, takeOver } = twoRuns(folder)
      const second = takeOver()
      await expect(finishExport(first, format, table(), signal)).rejects.toMatchObject({ kind: 'busy' })
      first.close()
      expect(existsSync(join(folder, `${second.stem}.rows`))).toBe(true)
      expect(existsSync(fileNamed(first))).toBe(false)
      await finishExport(second, format, table(), signal)
      second.close()
      expect(readFileSync(fileNamed(second), 'utf8')).toBe(expected)
    })

    test.runIf(format === 'csv')('while the CSV is written', async ({ folder }) => {
      const { first, takeOver } = twoRuns(folder)
      const readAt = vi.spyOn(UnfinishedExport.prototype, 'readAt')
      let theirs: Promise<number> | undefined
      readAt.mockImplementationOnce(function (this: UnfinishedExport, length, place) {
        const second = takeOver()
        theirs = finishExport(second, format, table(), signal).finally(() => second.close())
        return second.readAt(length, place)
      })
      await expect(finishExport(first, format, table(), signal)).rejects.toMatchObject({ kind: 'busy' })
      first.close()
      await theirs
      expect(readFileSync(fileNamed(first), 'utf8')).toBe(expected)
      expect(filesEndingWith(folder, '')).toHaveLength(1)
    })
  },
)

describe('on a sandbox', () => {
  const exportArguments = { tool: 'car_search_jobs', format: 'jsonl', arguments: { fields: ['id'] } }

  /** Runs an action just after this number of rows is in the file. */
  function runAfterRows(rows: number, work: (spool: UnfinishedExport) => void): void {
    const add = UnfinishedExport.prototype.append
    vi.spyOn(UnfinishedExport.prototype, 'append').mockImplementation(function (
      this: UnfinishedExport,
      ...given
    ) {
      add.apply(this, given)
      if (this.state.rows === rows) work(this)
    })
  }
  const stop = (): never => {
    throw new VendorError('The line is gone.', 'Try again.')
  }

  test('a list interrupted at its end is complete: resume sends no further request', async ({
    sandbox,
    exporter,
  }) => {
    runAfterRows(1_500, stop)
    const failed = await exporter.export(exportArguments)
    expect(failed.text).toMatch(/rows are kept: the same call with resume: true/)
    vi.restoreAllMocks()
    await sandbox.control.clearRequests()
    const reply = await exporter.export({ ...exportArguments, resume: true })
    expect(reply.isError, reply.text).toBe(false)
    expect(reply.rows[0]).toMatchObject({ rows: 1_500, complete: true })
    expect(new Set(readJsonLines(readExportFile(reply)).map(({ id }) => id)).size).toBe(1_500)
    expect((await sandbox.control.requests()).filter(({ path }) => path.endsWith('/search'))).toEqual([])
  })

  test.for([
    ['its own error', true],
    ['the next rows', false],
  ] as const)(
    'a run that was taken over gives no advice about the other run’s export: %s',
    async ([_what, fails], { folder, exporter }) => {
      runAfterRows(1_000, (spool) => {
        vi.restoreAllMocks()
        UnfinishedExport.resume(spool.folder, spool.stem, spool.state)?.close()
        if (fails) stop()
      })
      const failed = await exporter.export(exportArguments)
      expect(failed.isError).toBe(true)
      expect(failed.text).not.toMatch(/kept|resume: true|still being written/)
      expect(failed.error?.['kind'] === 'busy').toBe(!fails)
      expect(failed.text.startsWith('Another call has gone on with this export')).toBe(!fails)
      // The files of the other call, unchanged.
      expect(filesEndingWith(folder, '')).toHaveLength(2)
    },
  )
})
