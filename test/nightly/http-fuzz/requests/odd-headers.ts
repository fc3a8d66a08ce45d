import type { Response } from '../responses/responses.ts'
import { type Endpoint, setHeader } from './draft.ts'
import {
  type DrawnOddity,
  drawn,
  effectOf,
  type Oddity,
  perhaps,
  refused,
  taken,
  type Value,
} from './oddity.ts'

// Headers that the service looks at, with values that no client should send.

/** A header with one of these values. */
function header(name: string, values: (endpoint: Endpoint) => readonly (readonly Value[])[]): Oddity {
  return (random, draft, endpoint) => {
    const value = random.of(random.of(values(endpoint)))
    setHeader(draft, name, ...value.values)
    return effectOf(name, value)
  }
}

const long = (length: number): string => 'a'.repeat(length)

const host = header('Host', ({ port, host }) => [
  taken(`LocalHost:${port}`, `[::1]:${port}`, '127.0.0.1', `127.0.0.1:${port}`),
  taken(host, `${host}:1`, host.toUpperCase()),
  refused(403, 'evil.example', `evil.example:${port}`, 'localhost:1', 'localhost.evil.example', 'localhost.'),
  refused(403, '0.0.0.0', '127.1', '2130706433', '[::]', '[::ffff:127.0.0.1]', 'localhost%00', long(5_000)),
  refused(400, '', 'a b', 'user@localhost', '[::1', 'localhost,evil', 'localhost/', 'http://localhost'),
  refused(400, [`localhost:${port}`, 'evil.example'], [`localhost:${port}`, `localhost:${port}`], []),
  refused(403, '\xe9.example'),
  // RFC 9110, 4.2.1, allows an empty port.
  perhaps(400, 'localhost:'),
  // Above every port.
  perhaps(400, `${host}:99999`),
])

const origin = header('Origin', ({ port, origin }) => [
  taken(`http://localhost:${port}`, origin),
  refused(
    403,
    'null',
    'https://evil.example',
    `https://localhost:${port}`,
    'http://localhost',
    '',
    '*',
    'file://',
  ),
  refused(403, `${origin}.evil.example`, `${origin}/`, '\xff', long(8_000), [origin, 'https://evil.example']),
])

const site = header('Sec-Fetch-Site', () => [refused(403, 'cross-site'), taken('none', 'same-origin', 'x')])

const contentType = header('Content-Type', () => [
  taken('application/json; charset=utf-8', 'Application/JSON', 'application/json;charset="UTF-8"'),
  perhaps(415, 'application/json ;', 'application/json; charset=utf-8; x=y', 'application/json; x="a;b"'),
  refused(
    415,
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/xml',
  ),
  refused(
    415,
    'application/json; charset=utf-16',
    'application/jsonp',
    'application/json, text/plain',
    'json',
    '',
  ),
  refused(
    415,
    'application/json-patch+json',
    '\xff\xfe',
    '*/*',
    long(6_000),
    [],
    ['text/plain', 'application/json'],
  ),
])

const encoding = header('Content-Encoding', () => [
  taken('identity', 'Identity'),
  refused(415, 'gzip', 'br', 'deflate', 'gzip, identity', 'x', 'zstd', '\xa0'),
  perhaps(415, ''),
])

const accept = header('Accept', () => [
  perhaps(
    406,
    '*/*',
    'application/json',
    'text/event-stream',
    'text/html',
    '',
    'application/json;q=0',
    long(4_000),
    [],
  ),
])

/** A refusal of a caller names the scheme. */
const checkChallenge = ({ status, headers }: Response): string | undefined =>
  status === 401 && !headers.get('www-authenticate')?.[0]?.startsWith('Bearer')
    ? 'expected WWW-Authenticate: Bearer'
    : undefined

const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.e30.`

const authorization = header('Authorization', ({ token, endedToken }) => [
  taken(`bearer ${token}`, `BEARER   ${token}`, `Bearer ${token}   `),
  refused(401, [], '', 'Bearer', 'Bearer ', token, 'Basic YTpi', 'Digest username="a"', 'Negotiate YII='),
  refused(
    401,
    `Bearer ${endedToken}`,
    `Bearer ${token}x`,
    `Bearer ${token.slice(1)}`,
    `Bearer ${token.toUpperCase()}`,
  ),
  refused(401, `Bearer "${token}"`, `Bearer ${token} ${token}`, `Bearer ${token},x`, `Bearer token=${token}`),
  refused(401, `Bearer ${unsigned}`, 'Bearer \xe9', 'Bearer __proto__', `Bearer ${long(12_000)}`),
  refused(401, [`Bearer ${token}`, `Bearer ${token}`], [`Bearer ${endedToken}`, `Bearer ${token}`]),
])

const caller: Oddity = (random, draft, endpoint) => ({
  ...authorization(random, draft, endpoint),
  check: checkChallenge,
})

const tokenInQuery: Oddity = (_random, draft, { token }) => {
  setHeader(draft, 'Authorization')
  draft.target = `/mcp?access_token=${token}&token=${token}`
  return { title: 'a token in the query', must: 401, check: checkChallenge }
}

/** Oddities of headers. */
export const oddHeaders: readonly DrawnOddity[] = [
  drawn(10, 'host', host),
  drawn(6, 'origin', origin),
  drawn(1, 'origin', site),
  drawn(8, 'type', contentType),
  drawn(4, 'encoding', encoding),
  drawn(3, 'accept', accept),
  drawn(12, 'caller', caller),
  drawn(2, 'caller', tokenInQuery),
]
