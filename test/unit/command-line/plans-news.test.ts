import { expect, test } from 'vitest'
import { newsOfPlans } from '../../../src/cli/plans/news.ts'

test('a problem that lasts is told once an hour, without secrets', () => {
  const warned: string[] = []
  const tell = newsOfPlans([], '/none', {
    print: () => undefined,
    warn: (line) => warned.push(line),
    redact: (text) => text.replaceAll('hunter2', '*'),
  })
  const moved = { advanced: [], problems: ['hunter2 is wrong.', 'hunter2 is wrong.', 'Qualys is busy.'] }
  const minute = 60_000
  tell(moved, 0)
  expect(warned).toEqual(['* is wrong.', 'Qualys is busy.'])
  tell(moved, minute)
  tell({ advanced: [], problems: [] }, 2 * minute)
  tell({ advanced: [], problems: ['Qualys is busy.'] }, 59 * minute)
  expect(warned).toHaveLength(2)
  tell({ advanced: [], problems: ['Qualys is busy.'] }, 60 * minute)
  expect(warned).toEqual(['* is wrong.', 'Qualys is busy.', 'Qualys is busy.'])
})
