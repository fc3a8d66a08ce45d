import { expect } from 'vitest'
import { testOn } from '../../support/fixtures.ts'
import { showcase, wholeOutput } from '../../support/workflows/showcase.ts'

// The end of outputs, and the lines of them that match finds, through the whole stack: compared with the whole outputs,
// which are read slice by slice. The rules: test/unit/workflows, test/unit/rows.

const test = testOn({ jobs: 100 })

const linesOf = (printed: string): string[] => printed.replace(/\n$/, '').split('\n')

test('the end of every output is its last lines', async ({ sandbox, assistant }) => {
  const { jobId, rows } = await showcase(sandbox)
  let count = 0
  for (const { id } of rows) {
    const ids = { jobId, assetJobId: id }
    const printed = await wholeOutput(assistant, ids)
    const lines = linesOf(printed)
    for (const fromEnd of [1, '20', true]) {
      const { structured } = await assistant.call('car_get_output', { ...ids, fromEnd }, 'json')
      const [row] = structured.rows
      if (printed.trim() === '') {
        expect(row).toMatchObject({ characters: 0, lines: 0 })
        continue
      }
      const shown = String(row?.['output'])
      expect(printed.endsWith(shown)).toBe(true)
      expect(row).toMatchObject({ lines: lines.length, characters: printed.length })
      if (row?.['before'] === undefined)
        expect(linesOf(shown)).toEqual(lines.slice(fromEnd === true ? 0 : -Number(fromEnd)))
      else {
        const before = await assistant.call('car_get_output', { ...ids, ...row['before'] }, 'json')
        const [earlier] = before.structured.rows
        expect(printed.endsWith(`${earlier?.['output']}${shown}`)).toBe(true)
      }
      count++
    }
    const find = { ...ids, find: 'access', fromEnd: 2 }
    const [row] = (await assistant.call('car_get_output', find, 'json')).structured.rows
    if (printed.trim() !== '')
      expect(row?.['matches']).toBe(lines.slice(-2).filter((line) => /access/i.test(line)).length)
  }
  expect(count).toBeGreaterThan(20)
})

test('a page shows the lines that match finds, and their numbers in the whole output', async ({
  sandbox,
  assistant,
}) => {
  const { jobId } = await showcase(sandbox)
  let count = 0
  for (const match of ['Access', 'error', '4fa6', 'line 12', 'DENIED access']) {
    const words = match.toLowerCase().split(' ')
    const args = { jobId, match, includeOutput: true, pageSize: 50 }
    const { structured } = await assistant.call('car_search_asset_jobs', args, 'json')
    for (const row of structured.rows.filter((row) => row['scriptResult.matchedLines'] !== undefined)) {
      const lines = linesOf(await wholeOutput(assistant, { jobId, assetJobId: row['id'] }))
      const heldIn = (line: string): number =>
        words.filter((word) => line.toLowerCase().includes(word)).length
      const numbered = lines.map((line, at) => [heldIn(line), `${at + 1}: ${line}`] as const)
      const held = numbered.filter(([held]) => held > 0)
      const sorted = [
        ...held.filter(([held]) => held === words.length),
        ...held.filter(([held]) => held < words.length),
      ].map(([, line]) => line)
      const shown = String(row['scriptResult']).split('\n')
      expect(shown).toEqual(sorted.slice(0, shown.length))
      expect(row).toMatchObject({
        'scriptResult.lines': lines.length,
        'scriptResult.matchedLines': sorted.length,
      })
      count++
    }
    const { text } = await assistant.call('car_search_asset_jobs', args)
    for (const row of structured.rows.slice(0, 3)) {
      const shown = String(row['scriptResult'] ?? '').split('\n')[0] ?? ''
      expect(text).toContain(shown.slice(0, 100))
    }
  }
  expect(count).toBeGreaterThan(8)
})
