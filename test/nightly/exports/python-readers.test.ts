import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Operation } from '../../../src/operations/operation.ts'
import { Drift } from '../../../src/session/records/drift.ts'
import { environmentFor } from '../../support/environment.ts'
import { cleaned, expectedCells, filledCells } from '../../support/exports/expected-rows.ts'
import { createFolder, type Exporter, openExporter } from '../../support/exports/exporter.ts'
import { hasPython, type PythonRow, readWithPython } from '../../support/exports/python.ts'
import { recordReads } from '../../support/records/compared-readers.ts'
import * as reference from '../../support/records/reference-reader.ts'
import { readNamed } from '../../support/records/session-records.ts'
import { wireRecords } from '../../support/records/wire-records.ts'
import { openSandbox, type TestSandbox } from '../../support/sandbox.ts'
import { openRecordingGateway, type RecordedSandbox } from '../../support/session/recording-gateway.ts'

// Every cell of exported files, as Python's csv and json read it, against what the sandbox sent. Odd values:
// python-values.test.ts.

const folder = createFolder()
let sandbox: TestSandbox
let recorded: RecordedSandbox
let exporter: Exporter
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 2_000 })
  recorded = await openRecordingGateway(sandbox)
  exporter = await openExporter(environmentFor(recorded), folder.path)
})
beforeEach(() => sandbox.control.reset())
afterAll(async () => {
  await exporter.close()
  await recorded.close()
  await sandbox.close()
  folder.remove()
})

type Format = 'csv' | 'jsonl'

/** Exports a list, and reads the file. */
async function exported(operation: Operation, format: Format): Promise<PythonRow[]> {
  recorded.takeAnswers()
  const args = operation.name === 'car_search_asset_jobs' ? { includeOutput: true } : {}
  const reply = await exporter.export({ tool: operation.name, arguments: args, format })
  expect(reply.isError, reply.text).toBe(false)
  const rows = readWithPython(format, String(reply.rows[0]?.['file']))
  expect(reply.rows[0]).toMatchObject({ rows: rows.length, complete: true })
  return rows.map((row) => withoutComputed(operation, row))
}

/** A row without the columns that this program adds. */
function withoutComputed({ computedColumns = {} }: Operation, row: PythonRow): PythonRow {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !(name in computedColumns)))
}

/** This program adds the names of tags to schedules. */
async function withTagNames(row: PythonRow): Promise<PythonRow> {
  const { assetTags } = row
  if (!Array.isArray(assetTags)) return row
  const tags = await sandbox.control.dump('tags')
  const nameOf = (id: unknown): unknown => tags.find(({ tagId }) => tagId === id)?.['name']
  return { ...row, assetTags: assetTags.map((tag) => ({ ...tag, name: nameOf(tag.id) })) }
}

/** The rows that the sandbox sent for the last export, as they should be in a file. */
async function sentRows(operation: Operation): Promise<PythonRow[]> {
  const answers = recorded.takeAnswers().filter(({ route }) => route === operation.route)
  const raws = answers.map(({ bytes }) => wireRecords(operation, bytes))
  const rows = raws.flatMap((batch) => reference.readRecords(operation, batch, new Drift()))
  const complete =
    operation.name === 'car_search_schedules' ? await Promise.all(rows.map(withTagNames)) : rows
  return complete.map((row) => cleaned(row) as PythonRow)
}

function expectCells(rows: readonly PythonRow[], expected: readonly PythonRow[]): void {
  const columns = Object.keys(rows[0] ?? {})
  expect(columns.at(-1)).toBe('other')
  expect(rows.map(filledCells)).toEqual(expected.map((row) => expectedCells(row, columns.slice(0, -1))))
}

const jobs = readNamed('car_search_jobs')

describe.skipIf(!hasPython)('as Python reads them (skipped without python3)', () => {
  test.each(['csv', 'jsonl'] as const)('%s holds every run', async (format) => {
    const held = (await sandbox.control.dump('jobs')).map(({ id }) => String(id))
    const rows = await exported(jobs, format)
    expect(held).toHaveLength(2_000)
    expect(rows.map(({ id }) => id).toSorted()).toEqual(held.toSorted())
  })

  describe.each(recordReads.filter(({ returns }) => returns === 'rows'))('$name', (operation) => {
    test('JSON Lines hold what the sandbox sent', async () => {
      const rows = await exported(operation, 'jsonl')
      expect(rows.length).toBeGreaterThan(2)
      expect(rows).toEqual(await sentRows(operation))
    })

    test('CSV holds what the sandbox sent', async () => {
      const rows = await exported(operation, 'csv')
      expectCells(rows, await sentRows(operation))
    })
  })
})
