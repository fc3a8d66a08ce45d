import { describe, expect } from 'vitest'
import { operations } from '../../../src/operations/index.ts'
import { testOn } from '../../support/fixtures.ts'
import { readBothForms } from '../../support/replies/reply-reader.ts'

// The columns of every list, on the rows of the sandbox.

const test = testOn({ jobs: 300 })
const tools = operations.filter(({ returns }) => returns === 'rows').map(({ name }) => name)

describe('default columns', () => {
  test.for(tools)('%s never shows a value that is the same in every row', async (tool, { assistant }) => {
    for (const pageSize of [2, 3, 20]) {
      const { text, json } = await readBothForms(assistant, tool, { pageSize })
      const [, ...others] = text.head
      for (const column of others) {
        const at = text.head.indexOf(column)
        expect(new Set(text.lines.map((line) => line[at])).size, `${column}: ${text.lines}`).toBeGreaterThan(
          1,
        )
      }
      // The first line states what the table leaves out, unless it is empty.
      for (const column of new Set(json.rows.flatMap((row) => Object.keys(row)))) {
        const values = new Set(json.rows.map((row) => String(row[column] ?? '')))
        const [value = ''] = values
        if (
          text.head.includes(column) ||
          value === '' ||
          [...text.below.keys()].some((name) => name.startsWith(column))
        )
          continue
        expect([...values], column).toHaveLength(1)
        expect(text.summary).toContain(`${column} `)
      }
    }
  })

  test.for([['car_search_blocked_commands', 'all: platform WINDOWS']] as const)(
    '%s shows such a value once',
    async ([tool, once], { assistant }) => {
      const { text, json } = await readBothForms(assistant, tool, { pageSize: 3 })
      expect(text.summary).toContain(once)
      expect(json.rows).toHaveLength(3)
    },
  )

  test.for(tools)('%s shows a column in which one row differs', async (tool, { assistant }) => {
    const { text, json } = await readBothForms(assistant, tool, { pageSize: 20 })
    for (const column of new Set(json.rows.flatMap((row) => Object.keys(row)))) {
      const values = new Set(json.rows.map((row) => JSON.stringify(row[column] ?? null)))
      const isBelow = [...text.below.keys()].some((name) => name.startsWith(`${column} of `))
      if (values.size > 1 && !isBelow) expect(text.head, column).toContain(column)
    }
  })
})
