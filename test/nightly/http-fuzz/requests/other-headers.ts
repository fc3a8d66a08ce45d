import { removeHeader } from './draft.ts'
import type { Oddity } from './oddity.ts'

/** Headers without a meaning here, with which nothing changes. */
const others: readonly (readonly [name: string, ...values: string[]])[] = [
  ['__proto__', 'x', 'y'],
  ['constructor', 'x', 'y'],
  ['hasOwnProperty', 'x'],
  ['toString', 'x'],
  ['then', 'x'],
  ['Cookie', 'a=b', 'c=d'],
  ['Set-Cookie', 'a=b'],
  ['X-HTTP-Method-Override', 'DELETE'],
  ['X-Original-URL', '/metrics'],
  ['X-Forwarded-Host', 'evil.example'],
  ['X-Forwarded-Proto', 'https', 'http'],
  ['X-Forwarded-For', '127.0.0.1, 10.1.1.1', 'evil'],
  ['X-Forwarded-For', `${'1.1.1.1,'.repeat(1_000)}10.9.9.9`],
  ['X-Forwarded-For', '[::ffff:10.0.0.1]:99, ::1%lo0, 999.1.1.1'],
  ['Forwarded', 'for=127.0.0.1;host=evil'],
  ['traceparent', '00-00000000000000000000000000000000-0000000000000000-00'],
  ['traceparent', `00-${'f'.repeat(32)}-${'e'.repeat(16)}-01`, 'x'],
  ['tracestate', `${'a=b,'.repeat(1_000)}`],
  ['Mcp-Session-Id', ''],
  ['Mcp-Session-Id', '../../etc/passwd', 'x'],
  ['Mcp-Session-Id', 's'.repeat(6_000)],
  ['Last-Event-ID', '1'],
  ['Range', 'bytes=0-0,1-1'],
  ['If-None-Match', '*'],
  ['TE', 'trailers, deflate;q=0.5'],
  ['Trailer', 'Authorization'],
  ['Accept-Encoding', 'gzip, br'],
  ['Keep-Alive', 'timeout=1000000'],
  ['Max-Forwards', '0'],
  ['X-Odd', '\xff\xfe\x80'],
  ['X-Empty', ''],
  ["!#$%&'*+-.^_`|~", 'x'],
]

/** A header without a meaning here: nothing changes. */
export const otherHeader: Oddity = (random, draft) => {
  const [name, ...values] = random.of(others)
  removeHeader(draft, name)
  const at = random.below(draft.headers.length + 1)
  draft.headers.splice(at, 0, ...values.map((value): [string, string] => [name, value]))
  return { title: `${name}: ${values.join(' and ').slice(0, 60)}` }
}
