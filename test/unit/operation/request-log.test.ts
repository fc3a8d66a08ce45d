import { describe, expect, test } from 'vitest'
import {
  type EndedRequest,
  logRequest,
  withCaller,
  withRequest,
} from '../../../src/service/operation/request-log.ts'
import type { Threshold } from '../../../src/shared/log.ts'
import { openLines } from '../../support/operation/log-lines.ts'

// One line a request, and what every line of a request carries.

const traceId = '0af7651916cd43dd8448eb211c80319c'

const call: EndedRequest = {
  route: 'mcp',
  httpMethod: 'POST',
  method: 'tools/call',
  tool: 'car_search_jobs',
  outcome: 'ok',
  ms: 12.4,
  status: 200,
  bytes: 345,
  address: '192.0.2.7',
}

/** The lines of a request. */
function linesOf(request: Partial<EndedRequest>, threshold: Threshold = 'info') {
  const { log, lines, text } = openLines(threshold)
  logRequest(log, { ...call, ...request })
  return { lines: lines(), text: text() }
}

test('a request is one line, with its facts, its id, its trace and its caller', () => {
  const { log, lines } = openLines('info')
  const id = withRequest({ traceId }, (requestId) => {
    withCaller('ops-bot', () => logRequest(log, call))
    return requestId
  })
  expect(id).toMatch(/^[\da-f-]{36}$/)
  expect(lines()).toEqual([
    {
      level: 'info',
      time: expect.any(String),
      requestId: id,
      traceId,
      caller: 'ops-bot',
      route: 'mcp',
      httpMethod: 'POST',
      method: 'tools/call',
      tool: 'car_search_jobs',
      outcome: 'ok',
      ms: 12,
      status: 200,
      bytes: 345,
      msg: 'request ended',
    },
  ])
})

describe('every line of a request', () => {
  test('carries its id, trace and caller, and no line of another one', async () => {
    const { log, lines } = openLines('debug')
    const work = (name: string) =>
      withRequest({ traceId: name }, (requestId) =>
        withCaller(name, async () => {
          await new Promise(setImmediate)
          log.debug({ expected: requestId }, 'deep below')
        }),
      )
    await Promise.all([work('one'), work('two')])
    expect(lines().map(({ caller, traceId: trace }) => [caller, trace])).toEqual([
      ['one', 'one'],
      ['two', 'two'],
    ])
    expect(lines().map(({ requestId }) => requestId)).toEqual(lines().map(({ expected }) => expected))
    expect(new Set(lines().map(({ requestId }) => requestId)).size).toBe(2)
  })

  test('takes the trace of a message, under the same id', () => {
    const { log, lines } = openLines('debug')
    withRequest({ traceId: 'of the headers' }, (requestId) =>
      withRequest({ traceId }, () => log.info({}, 'a line'), requestId),
    )
    expect(lines()).toMatchObject([{ traceId }])
  })
})

describe('the address of the client', () => {
  test('is logged at the level debug alone', () => {
    expect(linesOf({}, 'info').text).not.toContain('192.0.2.7')
    expect(linesOf({}, 'debug').lines).toMatchObject([
      { level: 'debug', address: '192.0.2.7' },
      { level: 'info', msg: 'request ended' },
    ])
  })
})

test.each(['healthz', 'readyz', 'metrics'] as const)(
  '%s, which machines ask often, is logged at debug',
  (route) => {
    expect(linesOf({ route }, 'info').lines).toEqual([])
    expect(linesOf({ route }, 'debug').lines).toContainEqual(
      expect.objectContaining({ level: 'debug', route }),
    )
  },
)

test('a request without an answer has no status, one without a message no method', () => {
  const { lines } = linesOf({ status: undefined, method: undefined, tool: undefined })
  expect(Object.keys(lines[0] ?? {})).toEqual([
    'level',
    'time',
    'route',
    'httpMethod',
    'outcome',
    'ms',
    'bytes',
    'msg',
  ])
  expect(lines).toHaveLength(1)
})

describe('what a caller wrote', () => {
  const hostile = `tools/call\r\n{"level":"error"}\u001b[31m\u202e${'x'.repeat(5_000_000)}`

  test('is on one line, clipped, and without what a terminal obeys', () => {
    const { lines, text } = linesOf({ method: hostile, tool: hostile, httpMethod: hostile })
    expect(text.split('\n')).toHaveLength(2)
    expect(text).toMatch(/^[\t\n -~…]*$/)
    for (const name of ['method', 'tool', 'httpMethod'])
      expect([...String(lines[0]?.[name])].length).toBeLessThanOrEqual(100)
    expect(lines[0]?.['method']).toContain('tools/call {"level":"error"}\\u{1b}[31m\\u{202e}xxx')
  })

  test('is the name of a caller as well', () => {
    const { log, lines } = openLines()
    withCaller(hostile, () => log.info({}, 'a line'))
    expect([...String(lines()[0]?.['caller'])]).toHaveLength(100)
  })
})
