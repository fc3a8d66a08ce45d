import { expect, test } from 'vitest'
import { type Effect, wrongEffects } from '../../nightly/soak/calls.ts'
import { difference, type List, wrongRows } from '../../nightly/soak/expectations.ts'

// What the soak reports as wrong.

const list: List = {
  tool: 'car_search_jobs',
  args: {},
  fields: ['id', 'title'],
  rowsById: new Map([1, 2, 3].map((id) => [String(id), { id, title: `t${id}` }])),
  order: ['3', '2', '1'],
}
const row = (id: number, title = `t${id}`) => ({ id: String(id), title })

test.each([
  ['the rows', [row(3), row(2)], 0, 0],
  ['later ones', [row(2), row(1)], 1, 0],
  ['one that is missing', [row(3), row(1)], 0, 1],
  ['one that comes twice', [row(3), row(3)], 0, 1],
  ['another order', [row(2), row(3)], 0, 1],
  ['another value', [row(3, 'x'), row(2)], 0, 1],
  ['one that is not there', [row(3), row(9)], 0, 2],
  ['one too many', [row(3), row(2), row(1), row(1)], 0, 1],
])('%s: number of complaints', (_name, rows, from, complaints) => {
  expect(wrongRows(list, rows, from)).toHaveLength(complaints)
})

test('a value may lack invisible characters', () => {
  const hostile = { id: 1, title: '\u001b[31mred\u001b[0m \u202eevil\u200b' }
  expect(difference(row(1, 'red evil'), hostile, ['id', 'title'])).toBeUndefined()
  expect(difference(row(1, 'red'), hostile, ['id', 'title'])).toContain('title')
})

test.each([
  ['done', 0, false],
  ['done', 1, true],
  ['done', 2, false],
  ['unclear', 0, true],
  ['unclear', 1, true],
  ['unclear', 2, false],
  ['not done', 0, true],
  ['not done', 1, false],
] as const)('an effect answered as %s that exists %i times is right: %j', (answered, times, isWell) => {
  const effects: Effect[] = [{ title: 'soak 1', answered }]
  const scripts = Array.from({ length: times }, () => ({ title: 'soak 1' }))
  expect(wrongEffects(effects, [...scripts, { title: 'soak 11' }])).toHaveLength(isWell ? 0 : 1)
})
