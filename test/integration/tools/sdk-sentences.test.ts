import { InMemoryTransport, type JSONRPCMessage, McpServer, type Server } from '@modelcontextprotocol/server'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { argumentReader } from '../../../src/tools/arguments/argument-reader.ts'
import { serverFactory } from '../../../src/tools/server/server.ts'
import { toolRegistry } from '../../../src/tools/server/tool-registry.ts'
import { buildServerParts } from '../../support/assistant.ts'

// Our handlers answer wrong requests in the words of the SDK's own server, which clients and people know.

const tool = 'car_search_jobs'
const parts = buildServerParts({ QUALYS_GATEWAY_URL: 'http://127.0.0.1:9', QUALYS_USERNAME: 'a' })

/** The SDK's server with one tool, whose arguments are read as ours reads them. */
function sdkServer(): McpServer {
  const rules = toolRegistry.get(tool)
  if (!rules) throw new Error(`there is no ${tool}`)
  const schema = z.object({})
  const validate = argumentReader(async () => rules)
  const inputSchema = {
    '~standard': {
      ...schema['~standard'],
      validate,
      jsonSchema: { input: () => ({ type: 'object' }), output: () => ({ type: 'object' }) },
    },
  }
  const server = new McpServer({ name: 'sdk', version: '1' })
  server.registerTool(tool, { inputSchema }, async () => ({ content: [] }))
  server.registerPrompt('any', {}, () => ({ messages: [] }))
  server.registerResource('any', 'any://one', {}, async () => ({ contents: [] }))
  return server
}

/** What a server answers to one request. */
async function answerOf(server: Server | McpServer, method: string, params: object): Promise<unknown> {
  const [client, theirs] = InMemoryTransport.createLinkedPair()
  await server.connect(theirs)
  const answers = new Map<unknown, (message: JSONRPCMessage) => void>()
  client.onmessage = (message) => 'id' in message && answers.get(message.id)?.(message)
  await client.start()
  const request = (id: number, method: string, params: object): Promise<JSONRPCMessage> =>
    new Promise((resolve) => {
      answers.set(id, resolve)
      void client.send({ jsonrpc: '2.0', id, method, params: { ...params } })
    })
  await request(1, 'initialize', {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'test', version: '1' },
  })
  const answer = await request(2, method, params)
  await server.close()
  return answer
}

describe('the answer to a wrong request is that of the SDK', () => {
  test.for<[string, string, object]>([
    ['an argument of the wrong type', 'tools/call', { name: tool, arguments: { pageSize: 'many' } }],
    ['an unknown argument', 'tools/call', { name: tool, arguments: { limit: 3 } }],
    ['several', 'tools/call', { name: tool, arguments: { limit: 3, pageSize: 900, fields: [1, {}] } }],
    ['an unknown tool', 'tools/call', { name: 'car_nothing', arguments: {} }],
    ['an unknown prompt', 'prompts/get', { name: 'nothing' }],
    ['an address that is none', 'resources/read', { uri: 'no address' }],
    ['an unknown resource', 'resources/read', { uri: 'qualys://nothing/here' }],
    ['an unknown method', 'tools/nothing', {}],
  ])('%s', async ([, method, params]) => {
    const ours = await answerOf(serverFactory(parts.options)(), method, params)
    expect(ours).toEqual(await answerOf(sdkServer(), method, params))
    expect(JSON.stringify(ours)).toMatch(/"isError":true|"error":/)
  })
})
