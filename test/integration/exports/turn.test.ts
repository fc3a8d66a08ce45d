import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { searchJobs } from '../../../src/operations/car/runs.ts'
import { VendorError } from '../../../src/session/errors.ts'
import { finish } from '../../../src/tools/exports/finish.ts'
import { ExportFolder } from '../../../src/tools/exports/folder.ts'
import { newStem } from '../../../src/tools/exports/names.ts'
import { Spool } from '../../../src/tools/exports/spool.ts'
import { Table } from '../../../src/tools/exports/table.ts'
import { environmentFor, settingsFrom } from '../../support/environment.ts'
import { type Desk, fileOf, named, newFolder, openDesk, readLines } from '../../support/exports/desk.ts'
import { openSandbox } from '../../support/sandbox.ts'

// The last rows are in: the end of an export, and whose it is.

let folder: ReturnType<typeof newFolder>
beforeEach(() => {
  folder = newFolder()
})
afterEach(() => {
  vi.restoreAllMocks()
  folder.remove()
})

describe.each(['csv', 'jsonl'] as const)('taken over between the last rows and the file: %s', (format) => {
  const rows = [{ id: '1' }, { id: '2' }]
  const table = () => {
    const known = new Table(searchJobs, ['id'])
    for (const [before, row] of rows.entries()) known.takes(row, before, 1_000)
    return known
  }

  /** An export whose rows are all there, and the run that takes it over. */
  function twoRuns(): { readonly first: Spool; readonly takeOver: () => Spool } {
    const exports = new ExportFolder(settingsFrom({ QUALYS_EXPORT_DIR: folder.path }))
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
  const fileNamed = ({ stem }: Spool): string => join(folder.path, `${stem}.${format}`)
  const expected = format === 'csv' ? 'id\r\n1\r\n2\r\n' : '{"id":"1"}\n{"id":"2"}\n'

  test('before it begins', async () => {
    const { first, takeOver } = twoRuns()
    const second = takeOver()
    await expect(finish(first, format, table(), signal)).rejects.toMatchObject({ kind: 'busy' })
    first.close()
    expect(existsSync(join(folder.path, `${second.stem}.rows`))).toBe(true)
    expect(existsSync(fileNamed(first))).toBe(false)
    await finish(second, format, table(), signal)
    second.close()
    expect(readFileSync(fileNamed(second), 'utf8')).toBe(expected)
  })

  test.runIf(format === 'csv')('while the CSV is written', async () => {
    const { first, takeOver } = twoRuns()
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
    expect(named(folder.path, '')).toHaveLength(1)
  })
})

describe('on a sandbox', () => {
  let sandbox: Awaited<ReturnType<typeof openSandbox>>
  let desk: Desk
  const asked = { tool: 'car_search_jobs', format: 'jsonl', arguments: { fields: ['id'] } }
  beforeAll(async () => {
    sandbox = await openSandbox({ jobs: 12_000 })
  })
  beforeEach(async () => {
    desk = await openDesk(environmentFor(sandbox, { QUALYS_MAX_WAIT_SECONDS: '0' }), folder.path)
  })
  afterEach(async () => {
    await desk.close()
    await sandbox.control.reset()
  })
  afterAll(() => sandbox.close())

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

  test.each([
    ['at its end', {}, 12_000, true],
    ['at the wall', { sortValues: false }, 9_999, false],
  ])(
    'a list that is cut %s is whole: resume asks for nothing more',
    async (_where, knobs, rows, complete) => {
      await sandbox.control.knobs(knobs)
      behind(rows, stop)
      const failed = await desk.export(asked)
      expect(failed.text).toMatch(/rows are kept: the same call with resume: true/)
      vi.restoreAllMocks()
      await sandbox.control.forget()
      const told = await desk.export({ ...asked, resume: true })
      expect(told.isError, told.text).toBe(false)
      expect(told.rows[0]).toMatchObject({ rows, complete })
      if (!complete)
        expect(JSON.stringify(told.raw)).toMatch(/Not complete: Qualys shows only the first 9,999/)
      expect(new Set(readLines(fileOf(told)).map(({ id }) => id)).size).toBe(rows)
      expect((await sandbox.control.requests()).filter(({ path }) => path.endsWith('/search'))).toEqual([])
    },
  )

  test.each([
    ['its own error', stop],
    ['the next rows', () => undefined],
  ])('a run whose turn is lost gives no advice that is not its own: %s', async (_what, then) => {
    behind(3_000, (spool) => {
      vi.restoreAllMocks()
      Spool.resume(spool.folder, spool.stem, spool.state)?.close()
      then()
    })
    const failed = await desk.export(asked)
    expect(failed.isError).toBe(true)
    expect(failed.text).not.toMatch(/kept|resume: true|still being written/)
    if (then !== stop) {
      expect(failed.error).toMatchObject({ kind: 'busy' })
      expect(failed.text).toMatch(/^Another call has gone on with this export/)
    }
    // The other call's, as it left them.
    expect(named(folder.path, '')).toHaveLength(2)
  })
})
