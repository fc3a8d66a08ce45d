import { expect, test } from 'vitest'
import { lengthenIds, shortenIds } from '../../../src/sandbox/http/long-ids.ts'
import { jsonReply } from '../../../src/sandbox/http/reply.ts'

// The knob longIds: ids beyond 2^53 on the wire, with the type that they have.

const wire = (json: unknown): string => {
  const { content } = lengthenIds(jsonReply(200, json))
  return 'text' in content ? String(content.text) : ''
}

test('ids get longer on the way out, and nothing else', () => {
  const row = {
    sortValues: [1_674_216_006_119, 5],
    data: { id: 5, scriptId: '7', n: 5, UUId: 'u', x: undefined },
  }
  expect(wire({ totalCount: 1, list: [row, null, 'a"'] })).toBe(
    '{"totalCount":1,"list":[{"sortValues":[1674216006119,1152921504606846981],"data":{"id":1152921504606846981,"scriptId":"1152921504606846983","n":5,"UUId":"u"}},null,"a\\""]}',
  )
  expect(wire({ success: { ids: [1, 2] }, tags: [{ id: 3 }] })).toBe(
    '{"success":{"ids":[1152921504606846977,1152921504606846978]},"tags":[{"id":1152921504606846979}]}',
  )
})

test('and shorter on the way in; what was rounded stays unknown', () => {
  expect(shortenIds('scriptId:1152921504606846981 OR id:"1152921504606846982"')).toBe('scriptId:5 OR id:"6"')
  for (const text of ['1674216006119', '1252921504606846981', '9007199254740993', '11529215046068469810'])
    expect(shortenIds(text)).toBe(text)
})

test('a reply that is no JSON stays as it is', () => {
  const reply = { status: 200, content: { text: 'id 5', type: 'text/csv' } }
  expect(lengthenIds(reply)).toBe(reply)
})
