import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Line, LineReader, topLevelOf } from '../../../src/tools/server/protocol/line-reader.ts'
import { checkProperty } from '../../support/properties/property.ts'

// Lines of a client, in whatever pieces they come.

function linesOf(chunks: readonly (string | Buffer)[], maxBytes = 1_000): Line[] {
  const reader = new LineReader(maxBytes)
  return chunks.flatMap((chunk) => [...reader.read(Buffer.from(chunk))])
}

test('a line may come in pieces, and a piece may hold several lines', () => {
  expect(linesOf(['a', 'b\nc\n\n', 'd', '\n']).map(({ text }) => text)).toEqual(['ab', 'c', '', 'd'])
})

test('the last line has no end yet', () => expect(linesOf(['a\nb'])).toHaveLength(1))

test('a character in two pieces is one character', () => {
  const bytes = Buffer.from('ü\n')
  expect(linesOf([bytes.subarray(0, 1), bytes.subarray(1)])[0]?.text).toBe('ü')
})

describe('a line over the limit', () => {
  const long = 'x'.repeat(100)

  test('of exactly the limit is kept', () => {
    expect(linesOf([`${long}\n`], 100)).toEqual([{ text: long, bytes: 100, isTooLong: false }])
    expect(linesOf([`${long}y\n`], 100)[0]).toMatchObject({ bytes: 101, isTooLong: true })
  })

  test.each([
    ['in front', `{"id":7,"params":{"a":["${long}"]}}`, '{"id":7,"params":{}}'],
    ['at the end', `{"params":{"a":[{"b":"${long}"}]},"id":7}`, '{"params":{},"id":7}'],
    ['behind brackets in texts', `{"a":["]}\\"{${long}"],"id":7}`, '{"a":[],"id":7}'],
    ['in a batch', `[{"id":7,"a":"${long}"}]`, '[{}]'],
  ])('has its top level: the id %s', (_where, text, outline) => {
    expect(linesOf([text.slice(0, 50), text.slice(50), '\n'], 60)[0]?.text).toBe(outline)
  })

  test('has null for long texts of the top level, also for an id', () => {
    const text = '\\u00e9'.repeat(1_000)
    expect(linesOf([`{"a":"${text}","id":7}\n`], 60)[0]?.text).toBe('{"a":null,"id":7}')
    expect(linesOf([`{"id":"${text}","a":"b"}\n`], 60)[0]?.text).toBe('{"id":null,"a":"b"}')
  })

  test('of very many members keeps those at its beginning, whole', () => {
    const members = Array.from({ length: 20_000 }, (_, at) => `"member ${at}":${at}`).join(',')
    const outline = JSON.parse(linesOf([`{"id":7,${members}}\n`], 60)[0]?.text ?? '')
    expect(outline).toMatchObject({ id: 7, 'member 0': 0 })
    expect(Object.keys(outline).length).toBeLessThan(20_000)
  })

  test('does not affect the next one', () => {
    expect(linesOf([`${long}\nshort\n`], 60).map(({ isTooLong }) => isTooLong)).toEqual([true, false])
  })
})

test('the top level of any JSON object is JSON with the same short members', () => {
  checkProperty(fc.dictionary(fc.string(), fc.jsonValue()), 200, (object) => {
    const outline = JSON.parse(topLevelOf(JSON.stringify(object))) as Record<string, unknown>
    expect(Object.keys(outline)).toEqual(Object.keys(JSON.parse(JSON.stringify(object))))
    for (const [name, value] of Object.entries(object))
      if (typeof value !== 'object') expect(outline[name]).toEqual(Object.is(value, -0) ? 0 : value)
  })
})
