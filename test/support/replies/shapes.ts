import { expect } from 'vitest'
import { evilToken, type List, type Row, rowOf } from './lists.ts'
import { cellsOf, columnOf, readAllPages } from './reply-reader.ts'
import { type Source, withBudget } from './walks.ts'

// Rows of shapes that no list of Qualys has: what is shown of them, and that no row after them is lost.

/** An object with this number of fields; `name` makes their names. */
const many = (count: number, name: (index: number) => string, value: unknown): Row =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [name(index), value]))

/** Nested objects. */
function nested(depth: number): Row {
  let row: Row = { end: 'of it' }
  for (let level = 0; level < depth; level++) row = { in: row }
  return row
}

const shapes: readonly Row[] = [
  many(1_000, (index) => `field${index}`, 'a value of some length'),
  many(300, (index) => `field${index}`, '"\\'.repeat(200)),
  many(40, (index) => `a${'Very'.repeat(40)}LongName${index}`, 'short'),
  { ...many(3, (index) => `a${'Very'.repeat(20_000)}LongName${index}`, 'short') },
  { deep: nested(6), deeper: nested(60) },
  { list: Array.from({ length: 400 }, (_, index) => `command "${index}"`) },
  { list: Array.from({ length: 400 }, (_, index) => ({ id: index, name: `Tag ${index}` })) },
  { list: [[[['🔒'.repeat(500)]]], nested(20), null, 7, true] },
  { number: 1e21, text: '007', negative: -0.5, yes: true, no: false },
  { empty: '', list: [], object: {} },
]
/** Only JSON can carry these. */
const odd: readonly Row[] = [
  { 'a\tname\nof lines': 1, [evilToken]: 2, 'a.b': 3, '<<name>>': 4, '': 5, '🔒': 6, 'a\u202eb': 7 },
  JSON.parse('{"__proto__":{"polluted":1},"constructor":"c","toString":"t"}') as Row,
  { nothing: null },
]

/**
 * Expects every field of rows of any shape, in pages of at most this number of characters: every row once, in
 * order.
 */
export async function expectEveryShape(source: Source, list: List, budget: number): Promise<void> {
  const rows = [...shapes, ...(list.xml ? [] : odd)].map((shape, index) =>
    rowOf(list, index, `row ${index}`, shape),
  )
  const ids = rows.map((row) => row[list.key])
  source.put(rows)
  const args = { ...list.args, fields: ['*'], pageSize: rows.length }
  const pages = await withBudget(source, budget, list, (one) =>
    readAllPages(() => one, list.tool, args, budget),
  )
  expect(columnOf(pages, list.key)).toEqual(ids)
  expect(cellsOf(pages, list.key)).toEqual(ids)
}
