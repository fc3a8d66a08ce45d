import { afterEach, expect, vi } from 'vitest'
import { VendorError } from '../../../src/shared/errors.ts'
import { UnfinishedExport } from '../../../src/tools/exports/export-state.ts'
import { exportingOn } from '../../integration/exports/fixtures.ts'
import { readExportFile, readJsonLines } from '../../support/exports/exporter.ts'

// A long list whose export is interrupted just as its last rows arrive.

const test = exportingOn({ jobs: 12_000 })
const exportArguments = { tool: 'car_search_jobs', format: 'jsonl', arguments: { fields: ['id'] } }
afterEach(() => vi.restoreAllMocks())

test.for([
  ['at its end', {}, 12_000, true],
  ['at the result limit', { sortValues: false }, 9_999, false],
] as const)(
  'interrupted %s is complete: resume sends no further request',
  async ([, knobs, rows, complete], { sandbox, exporter }) => {
    await sandbox.control.knobs(knobs)
    const add = UnfinishedExport.prototype.append
    vi.spyOn(UnfinishedExport.prototype, 'append').mockImplementation(function (
      this: UnfinishedExport,
      ...given
    ) {
      add.apply(this, given)
      if (this.state.rows === rows) throw new VendorError('The line is gone.', 'Try again.')
    })
    expect((await exporter.export(exportArguments)).text).toMatch(
      /rows are kept: the same call with resume: true/,
    )
    vi.restoreAllMocks()
    await sandbox.control.clearRequests()
    const reply = await exporter.export({ ...exportArguments, resume: true })
    expect(reply.isError, reply.text).toBe(false)
    expect(reply.rows[0]).toMatchObject({ rows, complete })
    const note = JSON.stringify(reply.raw)
    expect(note.includes('Not complete: Qualys shows only the first 9,999')).toBe(!complete)
    expect(new Set(readJsonLines(readExportFile(reply)).map(({ id }) => id)).size).toBe(rows)
    expect((await sandbox.control.requests()).filter(({ path }) => path.endsWith('/search'))).toEqual([])
  },
)
