import { expect } from 'vitest'
import { operations } from '../../../src/operations/index.ts'
import { exportingOn } from '../../integration/exports/exporting.ts'
import { fileOf, readLines } from '../../support/exports/desk.ts'

// Every list there is, exported.

const test = exportingOn({ jobs: 50 })
const lists = operations.filter(({ returns }) => returns === 'rows')

test.for(lists.map(({ name }) => name))('%s can be exported', async (tool, { exporter, assistant }) => {
  const told = await exporter.export({ tool, format: 'jsonl' })
  expect(told.isError, told.text).toBe(false)
  const rows = readLines(fileOf(told))
  const { structured } = await assistant.call(tool, { pageSize: 1 }, 'json')
  if (structured.total !== undefined) expect(rows).toHaveLength(structured.total)
  else expect(rows.length > 0).toBe(structured.returned > 0)
})
