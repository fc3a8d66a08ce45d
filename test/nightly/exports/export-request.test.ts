import { expect } from 'vitest'
import { operations } from '../../../src/operations/index.ts'
import { exportingOn } from '../../integration/exports/fixtures.ts'
import { readExportFile, readJsonLines } from '../../support/exports/exporter.ts'

// Every list, exported.

const test = exportingOn({ jobs: 50 })
const lists = operations.filter(({ returns }) => returns === 'rows')

test.for(lists.map(({ name }) => name))('%s can be exported', async (tool, { exporter, assistant }) => {
  const reply = await exporter.export({ tool, format: 'jsonl' })
  expect(reply.isError, reply.text).toBe(false)
  const rows = readJsonLines(readExportFile(reply))
  const { structured } = await assistant.call(tool, { pageSize: 1 }, 'json')
  if (structured.total !== undefined) expect(rows).toHaveLength(structured.total)
  else expect(rows.length > 0).toBe(structured.returned > 0)
})
