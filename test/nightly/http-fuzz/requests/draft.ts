import type { SeededRandom } from '../../fuzz/seeded-random.ts'

/** What a request needs to know of the service. */
export interface Endpoint {
  readonly port: number
  /** The token of the caller who sends it, and of one whose token has ended. */
  readonly token: string
  readonly endedToken: string
  /** A host and an origin that the settings name. */
  readonly host: string
  readonly origin: string
}

/** A request before it is written. */
export interface Draft {
  method: string
  target: string
  version: string
  /** In their order; a value may have any byte. */
  headers: [name: string, value: string][]
  body: Buffer
  /** How its length is told. */
  framing: 'length' | 'chunked' | 'none'
}

/** A request to MCP that any service takes. Every request has an address of its own, so that nobody waits for others. */
export function draftFor(random: SeededRandom, { port, token }: Endpoint, body: Buffer | string): Draft {
  const address = random.times(3, () => random.below(256)).join('.')
  return {
    method: 'POST',
    target: '/mcp',
    version: 'HTTP/1.1',
    headers: [
      ['Host', `localhost:${port}`],
      ['Authorization', `Bearer ${token}`],
      ['Content-Type', 'application/json'],
      ['Accept', 'application/json, text/event-stream'],
      ['X-Forwarded-For', `10.${address}`],
    ],
    body: typeof body === 'string' ? Buffer.from(body) : body,
    framing: 'length',
  }
}

const isNamed =
  (name: string) =>
  ([other]: readonly [string, string]): boolean =>
    other.toLowerCase() === name.toLowerCase()

/** Removes a header; its place is returned. */
export function removeHeader(draft: Draft, name: string): number {
  const at = draft.headers.findIndex(isNamed(name))
  draft.headers = draft.headers.filter((header) => !isNamed(name)(header))
  return at < 0 ? draft.headers.length : at
}

/** Puts these values in place of a header. */
export function setHeader(draft: Draft, name: string, ...values: readonly string[]): void {
  const at = removeHeader(draft, name)
  draft.headers.splice(at, 0, ...values.map((value): [string, string] => [name, value]))
}

/** A body in chunks of any size, as RFC 9112, 7.1, allows them. */
function chunked(random: SeededRandom, body: Buffer): Buffer {
  const parts: Buffer[] = []
  const extension = (): string =>
    random.chance(30) ? random.of([';a', ';a=b', ';a="b c"', ';a;b=1', ';x="\\""']) : ''
  for (let at = 0; at < body.length; ) {
    const size = Math.min(body.length - at, 1 + random.below(random.of([4, 60, 4_000, 100_000])))
    const digits = size.toString(16)
    const shown = `${random.chance(20) ? '000' : ''}${random.chance(30) ? digits.toUpperCase() : digits}`
    parts.push(Buffer.from(`${shown}${extension()}\r\n`), body.subarray(at, at + size), Buffer.from('\r\n'))
    at += size
  }
  const trailer = random.chance(20)
    ? random.of(['X-Trailer: 1\r\n', 'Host: evil.example\r\n', 'Authorization: x\r\n'])
    : ''
  parts.push(Buffer.from(`${random.chance(20) ? '000' : '0'}${extension()}\r\n${trailer}\r\n`))
  return Buffer.concat(parts)
}

/** The bytes of a request. */
export function bytesOf(random: SeededRandom, draft: Draft): Buffer {
  const { method, target, version, headers, body, framing } = draft
  const length: [string, string][] = [['Content-Length', String(body.length)]]
  const framed: Record<Draft['framing'], [string, string][]> = {
    length,
    chunked: [['Transfer-Encoding', 'chunked']],
    none: [],
  }
  const all = [...headers, ...framed[framing]]
  const lines = [`${method} ${target} ${version}`, ...all.map(([name, value]) => `${name}: ${value}`)]
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
  if (framing === 'none') return head
  return Buffer.concat([head, framing === 'chunked' ? chunked(random, body) : body])
}
