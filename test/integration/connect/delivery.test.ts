import { describe, expect, test } from 'vitest'
import { orderedClock } from '../../support/connect/ordered-clock.ts'
import { begun, StdioClient, textOf } from '../../support/connect/stdio-client.ts'
import { answerResult, beginStream, methodsOf, serviceThat, text } from '../../support/connect/stub.ts'

// What is sent, and how its answer comes, with a service that a test plays.

describe('a request of 2025', () => {
  test('goes out with envelope and headers', async () => {
    const stub = await serviceThat((request) => answerResult(request, text('done')))
    const client = await begun(stub.url)
    await client.call('Prüfung', { a: [1, { b: null }, 'x'] }, { progressToken: 3 })
    const { req, message } = stub.requests[1] ?? {}
    expect(message).toEqual({
      jsonrpc: '2.0',
      id: 2,
      method: 'tools/call',
      params: {
        name: 'Prüfung',
        arguments: { a: [1, {}, 'x'] },
        _meta: {
          progressToken: 3,
          'io.modelcontextprotocol/protocolVersion': '2026-07-28',
          'io.modelcontextprotocol/clientInfo': { name: 'by hand', version: '1' },
          'io.modelcontextprotocol/clientCapabilities': { elicitation: {} },
        },
      },
    })
    expect(req?.headers).toMatchObject({
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': `=?base64?${Buffer.from('Prüfung').toString('base64')}?=`,
    })
    expect(req?.headers).not.toHaveProperty('authorization')
  })

  test('has another id each time it is repeated with answers', async () => {
    const asks = { resultType: 'input_required', inputRequests: {}, requestState: 'seal' }
    const stub = await serviceThat((request, number) =>
      answerResult(request, number < 3 ? asks : text('done')),
    )
    const client = await begun(stub.url)
    expect(textOf(await client.call('tool'))).toBe('done')
    expect(stub.requests.slice(1).map(({ message }) => message.id)).toEqual([2, '2:2', '2:3'])
    expect(stub.requests[2]?.message.params).toMatchObject({ name: 'tool', requestState: 'seal' })
  })

  test('gets no notification of its client passed on', async () => {
    const stub = await serviceThat((request) => answerResult(request))
    const client = await begun(stub.url)
    client.send({ method: 'notifications/roots/list_changed' })
    await client.request('tools/list')
    expect(methodsOf(stub)).toEqual(['tools/list'])
  })
})

describe('an answer in a stream', () => {
  test('comes after the notifications before it, and ends the request', async () => {
    const stub = await serviceThat(({ res, message }) => {
      const send = beginStream(res)
      for (const progress of [1, 2, 2, 1, 3])
        send({ method: 'notifications/progress', params: { progressToken: 'p', progress } })
      send({ method: 'notifications/message', params: { level: 'info', data: 'x' } })
      send({ id: 'of another request', result: {} })
      send({ id: message.id, result: { resultType: 'complete', ...text('done') } })
      res.end()
    })
    const client = await begun(stub.url)
    expect(textOf(await client.call('tool', {}, { progressToken: 'p' }))).toBe('done')
    // A request that is sent again begins again: its progress must grow (MCP, progress).
    expect(client.notifications('notifications/progress').map(({ params }) => params?.['progress'])).toEqual([
      1, 2, 3,
    ])
    expect(client.notifications('notifications/message')).toHaveLength(1)
  })

  test('that is long comes whole', async () => {
    const words = 'ü🦊'.repeat(500_000)
    const stub = await serviceThat(({ res, message }) => {
      beginStream(res)({ id: message.id, result: text(words) })
      res.end()
    })
    const client = await begun(stub.url)
    expect(textOf(await client.call('tool'))).toBe(words)
  })
})

describe('a request that is cancelled', () => {
  test('is closed there, and gets no answer here', async () => {
    const closed: unknown[] = []
    const stub = await serviceThat(({ req, res, message }) => {
      const send = beginStream(res)
      req.socket.on('close', () => closed.push(message.id))
      send({ method: 'notifications/progress', params: { progressToken: 'p', progress: 1 } })
    })
    const client = await begun(stub.url)
    void client.call('tool', {}, { progressToken: 'p' })
    await expect.poll(() => client.notifications('notifications/progress')).toHaveLength(1)
    client.send({ method: 'notifications/cancelled', params: { requestId: 2 } })
    await expect.poll(() => closed).toEqual([2])
    await client.request('ping')
    expect(client.messages.filter(({ id }) => id === 2)).toEqual([])
  })

  test('while it waits for the service, is not sent', async () => {
    const gone = await serviceThat(() => undefined)
    const client = new StdioClient(gone.url, { clock: orderedClock(() => false) })
    await client.initialize()
    await gone.close()
    void client.call('tool')
    await expect.poll(() => client.log.join('')).toContain('the request is sent again')
    client.send({ method: 'notifications/cancelled', params: { requestId: 2 } })
    await client.request('ping')
    expect(client.messages.filter(({ id }) => id === 2)).toEqual([])
  })

  test('a subscription lasts until its client cancels it', async () => {
    const closed: unknown[] = []
    const stub = await serviceThat(({ req, res }) => {
      req.socket.on('close', () => closed.push(true))
      const send = beginStream(res)
      send({ method: 'notifications/subscriptions/acknowledged', params: {} })
      send({ method: 'notifications/tools/list_changed' })
    })
    const client = new StdioClient(stub.url)
    void client.currentRequest('subscriptions/listen', { notifications: {} })
    await expect.poll(() => client.notifications('notifications/tools/list_changed')).toHaveLength(1)
    client.send({ method: 'notifications/cancelled', params: { requestId: 1 } })
    await expect.poll(() => closed).toEqual([true])
    expect(methodsOf(stub)).toEqual(['subscriptions/listen'])
  })
})

test('at the end, what still runs is answered once', async () => {
  const stub = await serviceThat(() => undefined)
  const client = await begun(stub.url)
  const call = client.call('tool')
  await expect.poll(() => methodsOf(stub)).toEqual(['tools/call'])
  await client.connection.close()
  expect(textOf(await call)).toMatch(/was told to end before the call was answered/)
  expect(client.messages.filter(({ id }) => id === 2)).toHaveLength(1)
})
