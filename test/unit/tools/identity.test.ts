import type { JSONRPCMessage } from '@modelcontextprotocol/server'
import { expect, test } from 'vitest'
import { identity, shortenIdentity } from '../../../src/tools/server/identity.ts'

// Who the server is, in the messages that it sends.

const key = 'io.modelcontextprotocol/serverInfo'
const answer = (result: object): JSONRPCMessage => ({ jsonrpc: '2.0', id: 1, result }) as JSONRPCMessage

test('a result keeps the name and the version, and the rest of its _meta', () => {
  const { name, version } = identity
  expect(shortenIdentity(answer({ content: [], _meta: { a: 1, [key]: identity } }))).toEqual(
    answer({ content: [], _meta: { a: 1, [key]: { name, version } } }),
  )
})

test.each<[string, JSONRPCMessage]>([
  ['the answer to server/discover', answer({ supportedVersions: [], _meta: { [key]: identity } })],
  ['the answer to initialize', answer({ serverInfo: identity })],
  ['a result without it', answer({ content: [], _meta: { a: 1 } })],
  ['a result without _meta', answer({ content: [] })],
  ['a notification', { jsonrpc: '2.0', method: 'notifications/progress', params: {} }],
  ['an error', { jsonrpc: '2.0', id: 1, error: { code: -32602, message: 'no' } }],
])('%s stays as it is', (_, message) => expect(shortenIdentity(message)).toBe(message))
