import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { recordId } from '../../../src/operations/fields.ts'
import { operations } from '../../../src/operations/index.ts'
import { idsAsText, isIdName } from '../../../src/tools/replies/ids.ts'
import { openInMemory } from '../../support/session/memory.ts'

// Every id input is text in the listed schemas, and some clients check arguments before they send them: an id that is
// copied from a row must be text.

describe('a row', () => {
  test('has its ids as text, at any depth, and everything else as it was', () => {
    expect(
      idsAsText({
        ...{ id: 7, scriptId: 16515, schedulerId: null, UUId: 'u', ids: [1, '2', null], assetIds: [[3]] },
        ...{ code: 5, paid: 1, identity: 2, isValid: true, category: { id: 3, level: 4 } },
        tags: [{ id: 1, n: 1 }, 2],
      }),
    ).toEqual({
      ...{
        id: '7',
        scriptId: '16515',
        schedulerId: null,
        UUId: 'u',
        ids: ['1', '2', null],
        assetIds: [['3']],
      },
      ...{ code: 5, paid: 1, identity: 2, isValid: true, category: { id: '3', level: 4 } },
      tags: [{ id: '1', n: 1 }, 2],
    })
  })

  test('keeps a member with a reserved name', () => {
    const row = idsAsText(JSON.parse('{"__proto__":{"id":1}}'))
    expect(Object.entries(row)).toEqual([['__proto__', { id: '1' }]])
  })
})

/** The names of the fields that a schema calls an id, at any depth. */
function idFieldsIn(schema: unknown, name = ''): string[] {
  if (schema === recordId) return [name]
  if (schema instanceof z.ZodObject)
    return Object.entries(schema.shape).flatMap(([field, part]) => idFieldsIn(part, field))
  if (schema instanceof z.ZodArray) return idFieldsIn(schema.element, name)
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable)
    return idFieldsIn(schema.unwrap(), name)
  return schema instanceof z.ZodPipe ? idFieldsIn(schema.out, name) : []
}

test('every field that a record calls an id has the name of one', () => {
  const names = operations.flatMap(({ record }) => idFieldsIn(record))
  expect(names.length).toBeGreaterThan(20)
  expect(names.filter((name) => !isIdName(name))).toEqual([])
})

describe('both forms of a reply', () => {
  const created = { dateTime: 1_674_216_006_119 }
  const asset = { id: 5, name: 'a', platform: 'LINUX', lastSeen: 1_674_216_006_119, created }

  test('of a page', async () => {
    const tags = [{ id: 7, name: 'x', colour: 'red' }]
    const { call } = openInMemory({ body: { body: { totalCount: 1, list: [{ ...asset, tags }] } } })
    const { structured, text } = await call('car_search_assets', { fields: ['*'] })
    expect(structured.rows[0]).toMatchObject({ id: '5', tags: [{ id: '7' }] })
    expect(text).toContain('[{"id":"7","name":"x","colour":"red"}]'.slice(1, -1))
  })

  test('of one record', async () => {
    const { call } = openInMemory({ body: { body: { id: 5, title: 't', category: { id: 3, name: 'c' } } } })
    const { structured } = await call('car_get_script', { scriptId: '5' })
    expect(structured.rows).toEqual([{ id: '5', title: 't', 'category.id': '3', 'category.name': 'c' }])
  })

  test('and what a page shows is found by match', async () => {
    const tags = [{ id: 7, name: 'x', colour: 'red' }]
    const { call } = openInMemory({ body: { body: { totalCount: 1, list: [{ ...asset, tags }] } } })
    expect((await call('car_search_assets', { match: '"id":"7"' })).structured.returned).toBe(1)
  })
})
