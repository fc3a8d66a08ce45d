import { expect, test } from 'vitest'
import { claimedRevision, withEnvelope, withoutNews } from '../../../src/service/connect/envelope.ts'

/** As the specification has it. */
const envelope = (capabilities: object) => ({
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'by hand', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': capabilities,
})

const client = { clientInfo: { name: 'by hand', version: '1' }, capabilities: { elicitation: {} } }

test('a request of 2025 gets the envelope, and keeps what it had', () => {
  const params = { name: 'x', arguments: { a: 1 }, _meta: { progressToken: 7, other: true } }
  expect(withEnvelope(params, client)).toEqual({
    name: 'x',
    arguments: { a: 1 },
    _meta: { progressToken: 7, other: true, ...envelope({ elicitation: {} }) },
  })
  expect(withEnvelope(undefined, client)).toEqual({ _meta: envelope({ elicitation: {} }) })
})

test('the revision that a request names is found', () => {
  expect(claimedRevision({ params: { _meta: envelope({}) } })).toBe('2026-07-28')
  expect(claimedRevision({ params: { _meta: {} } })).toBeUndefined()
  expect(claimedRevision({})).toBeUndefined()
})

test('a reply to a client of 2025 has nothing of 2026', () => {
  const server = { 'io.modelcontextprotocol/serverInfo': { name: 'x', version: '1' } }
  const news = { resultType: 'complete', ttlMs: 5, cacheScope: 'private' }
  expect(withoutNews({ result: { tools: [], ...news, _meta: server } })).toEqual({ result: { tools: [] } })
  expect(withoutNews({ result: { ...news, _meta: { ...server, kept: 1 } } })).toEqual({
    result: { _meta: { kept: 1 } },
  })
  const error = { error: { code: -32_602, message: 'no' } }
  expect(withoutNews(error)).toEqual(error)
})
