import { describe, expect, onTestFinished, test } from 'vitest'
import { type Message, RawServer } from '../../support/stdio/raw-server.ts'

// The built server and clients that write what no SDK writes: null for what is unset, batches, odd ids.

function serve(env: Readonly<Record<string, string>> = {}): RawServer {
  const server = new RawServer(env, ['--sandbox'])
  onTestFinished(() => void server.child.kill('SIGKILL'))
  return server
}

const textOf = ({ result }: Message): string => result?.content?.[0]?.text ?? ''

test('a client that writes null for everything unset lists and calls tools, in both eras', async () => {
  const meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'x', version: '1', title: null },
    'io.modelcontextprotocol/clientCapabilities': { sampling: null },
    progressToken: null,
  }
  const old = {
    protocolVersion: '2025-06-18',
    capabilities: { sampling: null },
    clientInfo: { name: 'x', version: '1', title: null },
  }
  for (const [opening, envelope] of [
    [['initialize', old], null],
    [['server/discover', { _meta: meta }], meta],
  ] as const) {
    const server = serve()
    const [method, params] = opening
    expect((await server.request(method, params)).result).toBeDefined()
    const listed = await server.request('tools/list', { cursor: null, _meta: envelope })
    expect(listed.result?.tools?.length).toBeGreaterThan(60)
    const called = await server.request('tools/call', {
      name: 'car_search_jobs',
      arguments: { pageSize: '2', filter: null, fields: '["id","title"]', toolCallId: 'call_1' },
      _meta: envelope,
    })
    expect(textOf(called)).toMatch(/^sandbox: jobs 1-2 of 15,000.*\nid\ttitle\n/)
    expect(
      textOf(await server.request('tools/call', { name: 'qualys_status', arguments: null, _meta: envelope })),
    ).toMatch(/^sandbox: status of qualys-mcp\n/)
  }
})

test('a yes with a null beside it is a yes', async () => {
  const server = serve()
  await server.request('initialize', {
    protocolVersion: '2025-06-18',
    capabilities: { elicitation: {} },
    clientInfo: { name: 'x', version: '1' },
  })
  server.send('{"jsonrpc":"2.0","method":"notifications/initialized","params":null}')
  server.onRequest = ({ id, method }) => {
    if (method === 'elicitation/create')
      server.send(
        JSON.stringify({
          jsonrpc: '2.0',
          id,
          result: { action: 'accept', content: { approve: true, note: null }, _meta: null },
          error: null,
        }),
      )
  }
  const { result } = await server.call('car_clone_script', { scriptId: 19218, title: 'Copy' })
  expect(result?.content?.[0]?.text).toMatch(/^sandbox: script 19218 "[^"]*" cloned as /)
})

describe('a line that cannot be served is answered', () => {
  test.each([
    ['{"id":902,"method":"ping"}', 902, -32600],
    ['[{"jsonrpc":"2.0","id":902,"method":"ping"}]', 902, -32600],
    ['{"jsonrpc":"2.0","id":902,"method":"ping"', null, -32700],
    ['{"jsonrpc":"2.0","id":null,"method":"ping"}', null, -32600],
    ['{"jsonrpc":"2.0","id":902,"method":"tools/list","params":{"cursor":5}}', 902, -32602],
    [
      '{"jsonrpc":"2.0","id":902,"method":"tools/call","params":{"name":"qualys_status","arguments":5}}',
      902,
      -32602,
    ],
  ])('%s', async (line, id, code) => {
    const server = await serve().initialize()
    server.send(line)
    await expect
      .poll(() => server.lines.map((text) => JSON.parse(text)).find(({ error }) => error))
      .toBeDefined()
    const answer = server.lines.map((text) => JSON.parse(text) as Message).find(({ error }) => error)
    expect(answer).toMatchObject({ id, error: { code, message: expect.stringMatching(/^[^\n[\]{}]+$/) } })
  })
})
