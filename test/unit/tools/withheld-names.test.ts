import { expect, test } from 'vitest'
import { nameWithheld, replyWithSettings } from '../../../src/tools/replies/withheld-names.ts'

const withheld = new Map([
  ['car_deactivate_schedule', 'QUALYS_UNVERIFIED=reads'],
  ['car_get_output', 'QUALYS_TOOLS'],
])

test.each([
  ['use car_deactivate_schedule.', 'use car_deactivate_schedule (withheld by QUALYS_UNVERIFIED=reads).'],
  ['car_get_output, then car_get_output', 'car_get_output (withheld by QUALYS_TOOLS), then car_get_output'],
  ['see car_get_output: it', 'see car_get_output (withheld by QUALYS_TOOLS): it'],
  ['it is /exports/car_get_output.csv', 'it is /exports/car_get_output.csv'],
  ['it is car_get_output-2026.jsonl', 'it is car_get_output-2026.jsonl'],
  ['it is C:\\x\\car_get_output', 'it is C:\\x\\car_get_output'],
  ['car_get_schedule shows it', 'car_get_schedule shows it'],
  ['Qualys says "use car_get_output"', 'Qualys says "use car_get_output"'],
  [
    'The tool car_get_output is withheld by QUALYS_TOOLS',
    'The tool car_get_output is withheld by QUALYS_TOOLS',
  ],
])('%s', (text, named) => {
  expect(nameWithheld(text, withheld)).toBe(named)
  expect(nameWithheld(text, new Map())).toBe(text)
})

test('a note is named in both places, and rows stay as they are', () => {
  const note = 'See car_get_output.'
  const body = `id\ncar_get_output\nNote: ${note}`
  const reply = replyWithSettings({ summary: 'done', body, note, rows: [{ id: 'car_get_output' }] }, withheld)
  expect(reply.note).toBe('See car_get_output (withheld by QUALYS_TOOLS).')
  expect(reply.body).toBe('id\ncar_get_output\nNote: See car_get_output (withheld by QUALYS_TOOLS).')
  expect(reply.rows).toEqual([{ id: 'car_get_output' }])
})
