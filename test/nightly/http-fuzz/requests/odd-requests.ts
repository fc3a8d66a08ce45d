import { text } from '../../fuzz/values.ts'
import { setHeader } from './draft.ts'
import {
  type DrawnOddity,
  drawn,
  effectOf,
  type Oddity,
  perhaps,
  refused,
  refusedByParser,
  taken,
  type Value,
} from './oddity.ts'
import { otherHeader } from './other-headers.ts'

// Methods, paths, and headers that mean nothing here.

const methods = [
  'GET',
  'HEAD',
  'PUT',
  'DELETE',
  'PATCH',
  'OPTIONS',
  'TRACE',
  'PROPFIND',
  'LINK',
  'PURGE',
  'M-SEARCH',
]

const method: Oddity = (random, draft) => {
  draft.method = random.of(methods)
  return { title: draft.method, must: 405 }
}

const path: Oddity = (random, draft, { port }) => {
  const all: readonly (readonly Value[])[] = [
    taken('/mcp?', '/mcp?x=1&x=2', '/mcp?/../x', `/mcp?${'q'.repeat(4_000)}`),
    refused(
      404,
      '/',
      '/mcp/',
      '/MCP',
      '/%6dcp',
      '/mcp/../mcp',
      '/mcp;x',
      '/mcp%00',
      '/mcp%0d%0aX-Injected:1',
    ),
    refused(404, '/_sandbox/requests', '/.env', '/mcp\\', '/%c3%a9', '/__proto__', `/${'p'.repeat(8_000)}`),
    refused(404, '/.well-known/oauth-protected-resource', '/.well-known/oauth-protected-resource/mcp'),
    refused(403, '/readyz', '/metrics', '/metrics?x'),
    refused(
      400,
      '//mcp',
      '//evil.example/mcp',
      '*',
      `http://localhost:${port}/mcp`,
      'http://evil.example/mcp',
    ),
    refusedByParser(400, 'http://[::1', 'mcp', '?', '#', '/\xc3\xa9', '/mcp?\xff'),
    refusedByParser(431, `/${'p'.repeat(17_000)}`),
  ]
  const value = random.of(random.of(all))
  draft.target = value.values.join()
  return effectOf('path', value)
}

const preflight: Oddity = (_random, draft, { origin }) => {
  draft.method = 'OPTIONS'
  draft.framing = 'none'
  setHeader(draft, 'Origin', origin)
  setHeader(draft, 'Access-Control-Request-Method', 'POST')
  setHeader(draft, 'Access-Control-Request-Headers', 'authorization, x-injected')
  return { title: 'a preflight', must: 204 }
}

const version: Oddity = (random, draft) => {
  const value = random.of(
    perhaps(
      400,
      '',
      '1',
      '2024-10-07',
      '2026-07-28 ',
      'draft',
      '\xff',
      '2025-11-25, 2025-06-18',
      ['2025-11-25', 'x'],
      [],
    ),
  )
  setHeader(draft, 'MCP-Protocol-Version', ...value.values)
  return effectOf('MCP-Protocol-Version', value)
}

const upgrade: Oddity = (random, draft) => {
  const [protocol, ...more] = random.of([['websocket'], ['h2c', 'HTTP2-Settings'], ['TLS/1.0'], ['']])
  // Node 20 drops what comes in one piece with such a request.
  setHeader(draft, 'Connection', ['Upgrade', ...more, 'close'].join(', '))
  setHeader(draft, 'Upgrade', protocol ?? '')
  if (more.length > 0) setHeader(draft, 'HTTP2-Settings', 'AAMAAABkAAQAAP__')
  return { title: `Upgrade: ${protocol}` }
}

const expectation: Oddity = (random, draft) => {
  const value = random.of([
    ...taken('100-continue', '100-Continue'),
    // A request of HTTP/1.0 expects nothing (RFC 9110, 10.1.1).
    ...perhaps(417, 'x', '101-continue', '100-continue, x', ''),
  ])
  setHeader(draft, 'Expect', ...value.values)
  return effectOf('Expect', value)
}

const manyHeaders: Oddity = (random, draft) => {
  const count = random.of([200, 600, 3_000])
  for (let nth = 0; nth < count; nth++) draft.headers.push([`X-${nth}`, 'y'])
  return { title: `${count} headers more`, ...(count === 3_000 && { must: 431, byParser: true }) }
}

const longHeader: Oddity = (random, draft) => {
  const length = random.of([4_000, 14_000, 17_000, 300_000])
  draft.headers.splice(random.below(draft.headers.length), 0, ['X-Long', 'l'.repeat(length)])
  return {
    title: `a header of ${length} characters`,
    byParser: true,
    ...(length > 16_000 ? { must: 431 } : { may: 431 }),
  }
}

/** The same names and values in other spellings that RFC 9110 allows. */
const spelling: Oddity = (random, draft) => {
  const blanks = (): string => random.of(['', ' ', '\t', ' \t  '])
  // Node does not know the options of Connection with tabs around them.
  draft.headers = draft.headers.map(([name, value]) => [
    random.chance(50) ? name.toUpperCase() : name.toLowerCase(),
    name.toLowerCase() === 'connection' ? value : `${blanks()}${value}${blanks()}`,
  ])
  return { title: 'blanks and cases' }
}

const connection: Oddity = (random, draft) => {
  const options = random.of(['close', 'Close', 'x, close', 'keep-alive', 'authorization, host'])
  setHeader(draft, 'Connection', options)
  return { title: `Connection: ${options}` }
}

const older: Oddity = (random, draft) => {
  draft.version = 'HTTP/1.0'
  if (random.chance(50)) setHeader(draft, 'Connection', 'keep-alive')
  return { title: 'HTTP/1.0' }
}

const inChunks: Oddity = (_random, draft) => {
  if (draft.framing === 'length') draft.framing = 'chunked'
  return { title: 'chunks' }
}

const otherBody: Oddity = (random, draft) => {
  const value = random.of([
    ...refused(400, '', ' \r\n\t ', '{', '\xff\xfe{\x00}\x00', 'jsonrpc=2.0&id=1&method=ping'),
    ...refused(
      400,
      '{"jsonrpc":"2.0","id":1,"method":"pi\xffng"}',
      '--x\r\nContent-Disposition: form-data\r\n\r\n{}',
    ),
    ...refused(400, `"${text(random)}`, 'null', '[]', '{}', '"x"', '7'),
  ])
  draft.body = Buffer.from(value.values.join(), 'latin1')
  return effectOf('body', value)
}

/** Oddities of requests. */
export const oddRequests: readonly DrawnOddity[] = [
  drawn(6, 'method', method),
  drawn(8, 'path', path),
  drawn(1, 'origin', preflight),
  drawn(10, 'other', otherHeader),
  drawn(4, 'version', version),
  drawn(3, 'connection', upgrade),
  drawn(3, 'expectation', expectation),
  drawn(2, 'more headers', manyHeaders),
  drawn(2, 'long header', longHeader),
  drawn(5, 'spelling', spelling),
  drawn(3, 'connection', connection),
  drawn(4, 'connection', older),
  drawn(6, 'framing', inChunks),
  drawn(4, 'body', otherBody),
]
