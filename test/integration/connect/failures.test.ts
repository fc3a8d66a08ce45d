import { describe, expect, test } from 'vitest'
import { orderedClock } from '../../support/connect/ordered-clock.ts'
import { begun, StdioClient, textOf } from '../../support/connect/stdio-client.ts'
import {
  answerJson,
  answerResult,
  beginStream,
  methodsOf,
  openStub,
  type StubRequest,
  serviceThat,
  text,
} from '../../support/connect/stub.ts'

// What is sent again, and what is told of the rest, with a service that fails as a test says.

describe('a connection that breaks', () => {
  const brokenCall =
    /^The connection to http:\/\/127\.0\.0\.1:\d+\/mcp broke while the call ran: it may or may not have happened\. Look before repeating\.$/

  test.for<[string, (request: StubRequest) => void]>([
    ['before the answer', ({ res }) => void res.destroy()],
    [
      'in the middle of a stream',
      ({ res }) => {
        beginStream(res)({ method: 'notifications/x' })
        setImmediate(() => res.destroy())
      },
    ],
    [
      'when the stream ends without an answer',
      ({ res }) => {
        beginStream(res)
        res.end()
      },
    ],
    [
      'in the middle of JSON',
      ({ res }) => {
        res.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' }).write('{')
        setImmediate(() => res.destroy())
      },
    ],
    ['behind a proxy', ({ res }) => void res.writeHead(502).end('<html>')],
    ['behind a proxy that answers late', ({ res }) => void res.writeHead(504).end()],
    [
      'for a page that is no MCP',
      ({ res }) => void res.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
    ],
  ])('%s: a call is not repeated, and its client is told to look', async ([, fail]) => {
    const stub = await serviceThat(fail)
    const client = await begun(stub.url)
    const answer = await client.call('tool')
    expect(answer.result).toMatchObject({ isError: true })
    expect(answer.result).not.toHaveProperty('resultType')
    expect(textOf(answer)).toMatch(brokenCall)
    expect(methodsOf(stub)).toEqual(['tools/call'])
  })

  test('a read is repeated', async () => {
    const stub = await serviceThat((request, number) =>
      number < 3 ? void request.res.destroy() : answerResult(request, { tools: [] }),
    )
    const client = await begun(stub.url)
    expect((await client.request('tools/list')).result).toEqual({ tools: [] })
    expect(methodsOf(stub)).toHaveLength(3)
  })

  test('a read that breaks each time ends in an error', async () => {
    const stub = await serviceThat(({ res }) => void res.destroy())
    const client = await begun(stub.url)
    expect((await client.request('tools/list')).error?.message).toMatch(
      /broke before the answer was complete/,
    )
    expect(methodsOf(stub)).toHaveLength(3)
  })

  test('a call of 2026 is told so as a whole result', async () => {
    const stub = await serviceThat(({ res }) => void res.destroy())
    const client = new StdioClient(stub.url)
    const { result } = await client.currentRequest('tools/call', { name: 'tool' })
    expect(result).toMatchObject({ resultType: 'complete', isError: true })
  })
})

describe('a service that is away', () => {
  test('at the start, is an error of the first request, and the next one gets through', async () => {
    const gone = await serviceThat(() => undefined)
    await gone.close()
    const client = new StdioClient(gone.url, { clock: orderedClock() })
    const first = await client.initialize()
    expect(first.error?.message).toMatch(
      /^http:\/\/127\.0\.0\.1:\d+ cannot be reached: it refuses the connection \(ECONNREFUSED\)\. Nothing was sent\.$/,
    )
    await serviceThat((request) => answerResult(request, { tools: [] }), gone.port)
    expect((await client.initialize()).result).toMatchObject({ protocolVersion: '2025-11-25' })
  })

  test('is waited for: 30 s by a read, 12 s by a call, and the call was not sent', async () => {
    const gone = await serviceThat(() => undefined)
    const clock = orderedClock()
    const client = new StdioClient(gone.url, { clock })
    await client.initialize()
    await gone.close()
    expect((await client.request('tools/list')).error?.message).toMatch(/Nothing was sent/)
    const afterRead = clock.now()
    const answer = await client.call('tool')
    expect(answer.result).toMatchObject({ isError: true })
    expect(textOf(answer)).toMatch(/refuses the connection \(ECONNREFUSED\)\. Nothing was sent\.$/)
    const afterCall = clock.now()
    expect([afterRead > 23_000, afterRead <= 30_000]).toEqual([true, true])
    expect([afterCall - afterRead > 5_000, afterCall - afterRead <= 12_000]).toEqual([true, true])
  })

  test('and comes back, gets the call', async () => {
    const gone = await serviceThat(() => undefined)
    let isBack = false
    const client = await begun(
      gone.url,
      orderedClock(() => isBack),
    )
    await gone.close()
    const call = client.call('tool')
    await serviceThat((request) => answerResult(request, text('done')), gone.port)
    isBack = true
    expect(textOf(await call)).toBe('done')
  })

  test.for(['tools/call', 'tools/list'])(
    'for a restart, says when it is back: %s is sent again',
    async (method) => {
      const stub = await serviceThat((request, number) =>
        number < 3
          ? answerJson(
              request.res,
              { jsonrpc: '2.0', id: null, error: { code: -32_000, message: 'ending' } },
              503,
              { 'retry-after': '2' },
            )
          : answerResult(request, text('done')),
      )
      const clock = orderedClock()
      const client = new StdioClient(stub.url, { clock })
      await client.initialize()
      expect(textOf(await client.request(method, { name: 'tool' }))).toBe('done')
      expect(clock.slept).toHaveLength(2)
      expect(clock.slept.every((ms) => ms >= 2_000 && ms < 3_000)).toBe(true)
    },
  )

  test('for longer, says so itself', async () => {
    const message = 'The service is ending and takes no more calls: make the call again in a moment.'
    const stub = await serviceThat(({ res }) =>
      answerJson(res, { jsonrpc: '2.0', id: null, error: { code: -32_000, message } }, 503, {
        'retry-after': '600',
      }),
    )
    const client = await begun(stub.url)
    expect(await client.call('tool')).toMatchObject({ id: 2, error: { code: -32_000, message } })
    expect(methodsOf(stub)).toHaveLength(1)
  })
})

describe('a refusal', () => {
  test('with an error of JSON-RPC is passed on under the id of the client', async () => {
    const error = { code: -32_000, message: 'This caller may not do that.', data: { scope: 'x' } }
    const stub = await serviceThat(({ res }) => answerJson(res, { jsonrpc: '2.0', id: null, error }, 403))
    const client = await begun(stub.url)
    expect(await client.call('tool')).toEqual({ jsonrpc: '2.0', id: 2, error })
  })

  test('of a call that may have begun says so as well', async () => {
    const error = { code: -32_603, message: 'Internal server error' }
    const stub = await serviceThat(({ res }) => answerJson(res, { jsonrpc: '2.0', id: 2, error }, 500))
    const client = await begun(stub.url)
    expect((await client.call('tool')).error).toEqual({
      code: -32_603,
      message: 'Internal server error The call may or may not have happened: look before repeating.',
    })
    expect((await client.request('tools/list')).error).toEqual(error)
  })

  test.for([
    [301, 'leads elsewhere (301), and the token is not sent there: name the address itself.'],
    [307, 'leads elsewhere (307), and the token is not sent there: name the address itself.'],
    [404, 'refuses the request (404): check the address, which usually ends in /mcp.'],
    [429, 'refuses the request (429): wait a minute, then try again.'],
    [418, 'refuses the request (418): try again, or ask its operator.'],
  ] as const)('%i without one is told in a sentence', async ([status, sentence]) => {
    const other = await openStub(({ res }) => answerJson(res, {}))
    const stub = await serviceThat(
      ({ res }) => void res.writeHead(status, { location: other.url }).end('<html>'),
    )
    const client = await begun(stub.url)
    expect(textOf(await client.call('tool'))).toBe(`${stub.url} ${sentence}`)
    expect(methodsOf(stub)).toHaveLength(1)
    expect(other.requests).toEqual([])
  })
})
