import { afterEach, expect, vi } from 'vitest'
import { VendorError } from '../../../src/shared/errors.ts'
import { Spool } from '../../../src/tools/exports/export-state.ts'
import { exportingOn } from '../../integration/exports/exporting.ts'
import { fileOf, readLines } from '../../support/exports/desk.ts'

// A long list whose export is cut just as its last rows are in.

const test = exportingOn({ jobs: 12_000 })
const asked = { tool: 'car_search_jobs', format: 'jsonl', arguments: { fields: ['id'] } }
afterEach(() => vi.restoreAllMocks())

test.for([
  ['at its end', {}, 12_000, true],
  ['at the wall', { sortValues: false }, 9_999, false],
] as const)(
  'cut %s is whole: resume asks for nothing more',
  async ([, knobs, rows, complete], { sandbox, exporter }) => {
    await sandbox.control.knobs(knobs)
    const add = Spool.prototype.add
    vi.spyOn(Spool.prototype, 'add').mockImplementation(function (this: Spool, ...given) {
      add.apply(this, given)
      if (this.state.rows === rows) throw new VendorError('The line is gone.', 'Try again.')
    })
    expect((await exporter.export(asked)).text).toMatch(/rows are kept: the same call with resume: true/)
    vi.restoreAllMocks()
    await sandbox.control.forget()
    const told = await exporter.export({ ...asked, resume: true })
    expect(told.isError, told.text).toBe(false)
    expect(told.rows[0]).toMatchObject({ rows, complete })
    const note = JSON.stringify(told.raw)
    expect(note.includes('Not complete: Qualys shows only the first 9,999')).toBe(!complete)
    expect(new Set(readLines(fileOf(told)).map(({ id }) => id)).size).toBe(rows)
    expect((await sandbox.control.requests()).filter(({ path }) => path.endsWith('/search'))).toEqual([])
  },
)
