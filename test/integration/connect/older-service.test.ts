import { expect, test } from 'vitest'
import { openOlderService } from '../../support/connect/older-service.ts'
import { StdioClient, textOf } from '../../support/connect/stdio-client.ts'
import { answerJson, openStub } from '../../support/connect/stub.ts'

// A service that knows no revision of 2026.

test('a client of 2025 is passed on as it is', async () => {
  const service = await openOlderService()
  const client = new StdioClient(service.url)
  const { result } = await client.initialize({}, '2025-06-18')
  expect(result).toMatchObject({ protocolVersion: '2025-06-18', serverInfo: { name: 'older' } })
  expect((await client.request('tools/list')).result?.['tools']).toHaveLength(1)
  expect(textOf(await client.call('count', {}, { progressToken: 5 }))).toBe('counted')
  expect(client.notifications('notifications/progress')[0]?.params).toEqual({ progressToken: 5, progress: 1 })
  const last = service.headers.at(-1)
  expect(last).toMatchObject({ 'mcp-protocol-version': '2025-06-18' })
  expect(last).not.toHaveProperty('mcp-method')
})

test('it is told that nobody can be asked, since it could ask only over an open connection', async () => {
  const service = await openOlderService()
  const client = new StdioClient(service.url)
  await client.initialize({ elicitation: { form: {} }, sampling: {} })
  expect(service.capabilities).toEqual([{}])
})

test('it hears that a call is cancelled', async () => {
  const service = await openOlderService()
  const client = new StdioClient(service.url)
  await client.initialize()
  void client.call('wait', {}, { progressToken: 1 })
  await expect.poll(() => client.notifications('notifications/progress')).toHaveLength(1)
  client.send({ method: 'notifications/cancelled', params: { requestId: 2 } })
  await expect.poll(() => service.cancelled).toEqual([2])
})

test('the session that it gives out is named in each further request', async () => {
  const stub = await openStub(({ res, message: { id, method } }) => {
    if (method === 'server/discover')
      return answerJson(
        res,
        { jsonrpc: '2.0', id: null, error: { code: -32_000, message: 'Bad Request' } },
        400,
      )
    if (id === undefined) return void res.writeHead(202).end()
    const result =
      method === 'initialize' ? { protocolVersion: '2025-11-25', capabilities: {}, serverInfo: {} } : {}
    return answerJson(res, { jsonrpc: '2.0', id, result }, 200, { 'mcp-session-id': 'session-1' })
  })
  const client = new StdioClient(stub.url)
  await client.initialize()
  await client.request('tools/list')
  await expect
    .poll(() => stub.requests.map(({ message }) => message.method).sort())
    .toEqual(['initialize', 'notifications/initialized', 'server/discover', 'tools/list'])
  const sessions = stub.requests.map(({ req }) => req.headers['mcp-session-id'])
  expect(sessions).toEqual([undefined, undefined, 'session-1', 'session-1'])
})

test('a client of 2026 gets its refusal, and can begin as one of 2025', async () => {
  const client = new StdioClient((await openOlderService()).url)
  expect(await client.currentRequest('server/discover')).toMatchObject({
    id: 1,
    error: { code: expect.any(Number) },
  })
  expect((await client.initialize()).result).toMatchObject({ protocolVersion: '2025-11-25' })
})
