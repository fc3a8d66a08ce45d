import fc from 'fast-check'
import { expect, test } from 'vitest'
import { standardHeaders } from '../../../src/service/connect/headers.ts'

test.each([
  ['tools/call', { name: 'car_search_jobs' }, 'car_search_jobs'],
  ['prompts/get', { name: 'triage' }, 'triage'],
  ['resources/read', { uri: 'qualys://guides/filters' }, 'qualys://guides/filters'],
  ['tools/list', { name: 'no name here' }, undefined],
  ['tools/call', {}, undefined],
  ['tools/call', undefined, undefined],
  ['constructor', { name: 'x' }, undefined],
])('%s repeats its name in a header', (method, params, name) => {
  expect(standardHeaders({ method, params }, '2026-07-28')).toEqual({
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': method,
    ...(name !== undefined && { 'mcp-name': name }),
  })
})

/** As the specification has the server read it. */
const decoded = (value: string): string => {
  const [, encoded] = /^=\?base64\?(.*)\?=$/.exec(value) ?? []
  return encoded === undefined ? value : Buffer.from(encoded, 'base64').toString()
}

test('any name passes through a header unchanged', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'grapheme' }), fc.string()), (name) => {
      const value =
        standardHeaders({ method: 'tools/call', params: { name } }, '2026-07-28')['mcp-name'] ?? ''
      expect(value).toMatch(/^[\t\x20-\x7e]+$/)
      expect(value).toBe(value.trim())
      expect(decoded(value)).toBe(name)
    }),
  )
})

test.each(['', ' x', 'x ', 'ü', 'a\r\nx-evil: 1', '=?base64?eA==?='])('%j is encoded', (name) => {
  expect(standardHeaders({ method: 'tools/call', params: { name } }, 'v')['mcp-name']).toMatch(/^=\?base64\?/)
})
