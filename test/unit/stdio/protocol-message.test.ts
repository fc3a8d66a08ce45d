import { describe, expect, test } from 'vitest'
import { type Id, readMessage } from '../../../src/tools/server/protocol/protocol-message.ts'

// What a client writes, one parsed message at a time: which are served, which are refused with their id.

const read = (value: unknown, asked: readonly Id[] = []) =>
  readMessage(structuredClone(value), new Set(asked))
const request = (method: string, params?: unknown, id: unknown = 1) => ({
  ...{ jsonrpc: '2.0', id, method },
  ...(params !== undefined && { params }),
})
const served = (value: unknown, asked: readonly Id[] = []): unknown => {
  const reading = read(value, asked)
  return reading.kind === 'message' ? reading.message : reading
}

describe('a null member is absent', () => {
  test.each([
    ['params', request('tools/list', null), request('tools/list')],
    ['_meta', request('tools/list', { _meta: null }), request('tools/list', {})],
    ['cursor', request('resources/list', { cursor: null }), request('resources/list', {})],
    [
      'progressToken',
      request('tools/call', { name: 'x', _meta: { progressToken: null, other: 1 } }),
      request('tools/call', { name: 'x', _meta: { other: 1 } }),
    ],
    [
      'arguments',
      request('tools/call', { name: 'x', arguments: null }),
      request('tools/call', { name: 'x' }),
    ],
    [
      'an id among the arguments, and members at any depth',
      request('tools/call', { name: 'x', arguments: { id: null, list: [{ a: null, b: [null, 1] }] } }),
      request('tools/call', { name: 'x', arguments: { list: [{ b: [null, 1] }] } }),
    ],
    [
      'a member of a notification',
      { jsonrpc: '2.0', method: 'notifications/initialized', params: { _meta: null }, error: null },
      { jsonrpc: '2.0', method: 'notifications/initialized', params: {} },
    ],
    [
      'a member beside a yes',
      {
        jsonrpc: '2.0',
        id: 0,
        result: { action: 'accept', content: { approve: true, note: null }, _meta: null },
        error: null,
      },
      { jsonrpc: '2.0', id: 0, result: { action: 'accept', content: { approve: true } } },
    ],
    [
      'the method of an answer',
      { jsonrpc: '2.0', id: 0, method: null, params: null, result: { action: 'decline' } },
      { jsonrpc: '2.0', id: 0, result: { action: 'decline' } },
    ],
  ])('%s', (_what, value, expected) => expect(served(value)).toEqual(expected))

  test('but the id of a request is not', () => {
    expect(read({ jsonrpc: '2.0', id: null, method: 'ping' })).toMatchObject({
      kind: 'refused',
      id: null,
      code: -32600,
    })
  })
})

describe('a request is served', () => {
  test.each([
    ['with members that nobody knows', { ...request('ping'), extra: 1, result: undefined }, request('ping')],
    ['with an empty list for an object', request('ping', []), request('ping')],
    [
      'with empty lists for its arguments and _meta',
      request('tools/call', { name: 'x', arguments: [], _meta: [] }),
      request('tools/call', { name: 'x' }),
    ],
    [
      'with its arguments as JSON text',
      request('tools/call', { name: 'x', arguments: '{"pageSize":2}' }),
      request('tools/call', { name: 'x', arguments: { pageSize: 2 } }),
    ],
    [
      'with empty text for its arguments',
      request('tools/call', { name: 'x', arguments: ' ' }),
      request('tools/call', { name: 'x', arguments: {} }),
    ],
    [
      'with null as text for its arguments',
      request('tools/call', { name: 'x', arguments: 'null' }),
      request('tools/call', { name: 'x', arguments: {} }),
    ],
    [
      'with an empty list as text for its arguments',
      request('tools/call', { name: 'x', arguments: '[]' }),
      request('tools/call', { name: 'x', arguments: {} }),
    ],
    [
      'without a progress token of a kind that MCP does not have',
      request('ping', { _meta: { progressToken: { a: 1 } } }),
      request('ping', { _meta: {} }),
    ],
    [
      'without a progress token whose digits are lost',
      request('ping', { _meta: { progressToken: 2 ** 53 } }),
      request('ping', { _meta: {} }),
    ],
    [
      'with the arguments of a prompt as texts',
      request('prompts/get', { name: 'x', arguments: { jobId: 5, all: true } }),
      request('prompts/get', { name: 'x', arguments: { jobId: '5', all: 'true' } }),
    ],
    [
      'with the number of a prompt whose digits are lost, which stays no text',
      request('prompts/get', { name: 'x', arguments: { jobId: 2 ** 53 } }),
      request('prompts/get', { name: 'x', arguments: { jobId: 2 ** 53 } }),
    ],
    ['with an empty id', request('ping', undefined, ''), request('ping', undefined, '')],
    ['with the id 0', request('ping', undefined, 0), request('ping', undefined, 0)],
  ])('%s', (_what, value, expected) => expect(served(value)).toEqual(expected))

  test('of initialize without capabilities and name', () => {
    expect(
      served(
        request('initialize', {
          protocolVersion: '2025-06-18',
          capabilities: null,
          clientInfo: { title: null },
        }),
      ),
    ).toEqual(
      request('initialize', {
        protocolVersion: '2025-06-18',
        capabilities: {},
        clientInfo: { name: 'unknown', version: 'unknown' },
      }),
    )
  })

  test('with capabilities as empty lists', () => {
    expect(
      served(
        request('initialize', {
          protocolVersion: '2025-06-18',
          capabilities: { elicitation: [] },
          clientInfo: { name: 'x', version: '1' },
        }),
      ),
    ).toMatchObject({ params: { capabilities: { elicitation: {} } } })
  })

  test('with an envelope whose members are null', () => {
    const meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientCapabilities': null,
      'io.modelcontextprotocol/clientInfo': null,
    }
    expect(served(request('ping', { _meta: meta }))).toMatchObject({
      params: {
        _meta: {
          'io.modelcontextprotocol/clientCapabilities': {},
          'io.modelcontextprotocol/clientInfo': { name: 'unknown', version: 'unknown' },
        },
      },
    })
  })
})

describe('an invalid request is refused with its id', () => {
  test.each([
    ['no version', { id: 2, method: 'ping' }, 2, -32600],
    ['another version', { jsonrpc: '1.0', id: 2, method: 'ping' }, 2, -32600],
    ['no method', { jsonrpc: '2.0', id: 2 }, 2, -32600],
    ['a method that is no text', { jsonrpc: '2.0', id: 'a', method: 7 }, 'a', -32600],
    ['a fraction as id', request('ping', undefined, 1.5), 1.5, -32600],
    ['an id that JavaScript cannot hold', request('ping', undefined, 2 ** 53), 2 ** 53, -32600],
    ['an id that is no id', request('ping', undefined, true), null, -32600],
    ['params that are text', request('ping', 'x'), 1, -32602],
    ['params that are a list', request('ping', [1]), 1, -32602],
    ['a _meta that is text', request('ping', { _meta: 'x' }), 1, -32602],
    ['no object', 5, null, -32600],
    ['an empty batch', [], null, -32600],
    ['neither id nor method', { jsonrpc: '2.0' }, null, -32600],
  ])('%s', (_what, value, id, code) => {
    const reading = read(value)
    expect(reading).toMatchObject({ kind: 'refused', id, code })
    expect(reading.kind === 'refused' && reading.why).toMatch(/^[^[\]{}\n]+$/)
  })

  test('too deep nesting', () => {
    let nested: unknown = 1
    for (let depth = 0; depth < 100_000; depth++) nested = [nested]
    expect(readMessage(request('ping', { nested }), new Set())).toMatchObject({
      kind: 'refused',
      id: 1,
      code: -32600,
    })
  })
})

describe('an answer to a question of the server', () => {
  test.each([
    ['without a result', { jsonrpc: '2.0', id: 3 }],
    ['with a result that is null', { jsonrpc: '2.0', id: 3, result: null }],
    ['with a result that is no object', { jsonrpc: '2.0', id: 3, result: 'yes' }],
    ['with an error that is empty', { jsonrpc: '2.0', id: 3, error: {} }],
  ])('%s is an error, so that nothing waits for it', (_what, value) => {
    expect(served(value, [3])).toEqual({
      jsonrpc: '2.0',
      id: 3,
      error: { code: -32603, message: 'the client answered without a result' },
    })
  })

  test.each([
    ['an object', { code: null, message: 'not now' }],
    ['text', 'not now'],
  ])('keeps its error that is %s', (_what, error) => {
    expect(served({ jsonrpc: '2.0', id: 3, error }, [3])).toEqual({
      jsonrpc: '2.0',
      id: 3,
      error: { code: -32603, message: 'not now' },
    })
  })

  const yes = { action: 'accept', content: { approve: true } }

  test.each([
    ['whose id is text', { jsonrpc: '2.0', id: '3', result: yes }],
    ['that repeats the method', { jsonrpc: '2.0', id: 3, method: 'elicitation/create', result: yes }],
    ['without a version', { id: 3, result: yes }],
  ])('%s is taken', (_what, value) => {
    expect(served(value, [3])).toEqual({ jsonrpc: '2.0', id: 3, result: yes })
  })

  test('is no request with the same id and a result that is null', () => {
    expect(served({ ...request('ping', undefined, 3), result: null }, [3])).toEqual(
      request('ping', undefined, 3),
    )
  })

  test.each([
    ['without an id', { jsonrpc: '2.0', result: yes }],
    ['whose id is null', { jsonrpc: '2.0', id: null, result: yes }],
    ['whose id is a list', { jsonrpc: '2.0', id: [3], result: yes }],
  ])('%s fails the one question that waits', (_what, value) => {
    expect(served(value, [3])).toEqual({
      jsonrpc: '2.0',
      id: 3,
      error: { code: -32603, message: 'the client answered without the id of the question' },
    })
    expect(read(value).kind).toBe('ignored')
    expect(read(value, [3, 4]).kind).toBe('ignored')
  })

  test('that is nested too deeply is an error', () => {
    let nested: unknown = 1
    for (let depth = 0; depth < 100_000; depth++) nested = [nested]
    expect(readMessage({ jsonrpc: '2.0', id: 3, result: { nested } }, new Set([3]))).toMatchObject({
      kind: 'message',
      message: { id: 3, error: { message: 'The message is nested too deeply.' } },
    })
  })
})

test('a batch is read member by member', () => {
  expect(read([request('ping'), 5, { jsonrpc: '2.0', id: 2 }])).toMatchObject({
    kind: 'batch',
    members: [{ kind: 'message' }, { kind: 'refused', id: null }, { kind: 'refused', id: 2 }],
  })
})
