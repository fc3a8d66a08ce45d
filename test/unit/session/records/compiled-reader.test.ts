import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { compileObjectReader, misfit } from '../../../../src/session/records/compiled-reader.ts'
import { maxLevels } from '../../../../src/session/records/row-bounds.ts'

// A reader counts what a row holds: one that it takes needs no measuring.

const person = z.object({ name: z.string() })
const schema = z.looseObject({
  id: z.string(),
  texts: z.array(z.string()).optional(),
  people: z.array(person).optional(),
  any: z.unknown().optional(),
  checked: z
    .looseObject({})
    .refine(() => true)
    .optional(),
})
/** Members that may be absent count as well. */
const members = 5

const read = compileObjectReader(schema)

const many = <T>(count: number, of: (at: number) => T): T[] =>
  Array.from({ length: count }, (_, at) => of(at))
const fields = (count: number) => Object.fromEntries(many(count, (at) => [`f${at}`, at]))

describe('a row takes room for', () => {
  test.each<[what: string, row: object, room: number]>([
    ['its documented members', { id: '1' }, members],
    ['unknown members', { id: '1', ...fields(7) }, members + 7],
    ['what unknown members hold', { id: '1', more: { list: [1, { a: 1 }] } }, members + 5],
    ['entries', { id: '1', texts: many(9, String) }, members + 9],
    ['entries and their members', { id: '1', people: many(4, () => ({ name: 'x' })) }, members + 8],
    ['members of entries that are dropped', { id: '1', people: [{ name: 'x', ...fields(6) }] }, members + 8],
    ['what a field of any type holds', { id: '1', any: many(3, () => [1]) }, members + 6],
    ['what the schema itself reads', { id: '1', checked: { a: { b: 1 } } }, members + 2],
  ])('%s', (_what, row, needed) => {
    const room = { left: needed }
    expect(read(row, room)).not.toBe(misfit)
    expect(room.left).toBe(0)
    expect(read(row, { left: needed - 1 })).toBe(misfit)
    expect(read(row, { left: Infinity })).not.toBe(misfit)
  })
})

/** A list of so many levels. */
function nested(levels: number): unknown {
  let value: unknown = []
  for (let level = 1; level < levels; level++) value = [value]
  return value
}

test.each(['any', 'checked', 'unknown'])('a row that is too deep is not taken: %s', (name) => {
  const rowOf = (levels: number) => ({
    id: '1',
    [name]: name === 'checked' ? { a: nested(levels - 1) } : nested(levels),
  })
  expect(read(rowOf(maxLevels - 1), { left: 1_000 })).not.toBe(misfit)
  expect(read(rowOf(maxLevels), { left: 1_000 })).toBe(misfit)
})
