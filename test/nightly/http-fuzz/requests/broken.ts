import type { SeededRandom } from '../../fuzz/seeded-random.ts'
import type { Nature, Sent } from '../trial.ts'
import { brokenFraming, chunkedPing, inChunks, length, ping } from './broken-framing.ts'
import { bytesOf, type Draft } from './draft.ts'

// Requests of which two readers may see different ends (request smuggling), and others that break the syntax.

/** Nothing answers this id: its request is only in the body of another one, or behind one that is broken. */
export const smuggledId = 'smuggled'

const startLines = [
  ...['POST\t/mcp HTTP/1.1', 'POST /mcp', 'POST /mcp HTTP/2.0', 'POST /mcp HTTP/0.9', 'POST /mcp HTTP/1.10'],
  ...[
    'post /mcp HTTP/1.1',
    'P\0ST /mcp HTTP/1.1',
    'POST /m cp HTTP/1.1',
    'POST /mcp http/1.1',
    'POST /mcp HTTPS/1.1',
  ],
  ...[
    '/mcp POST HTTP/1.1',
    'POST /mcp HTTP/1.1 x',
    'POST HTTP/1.1',
    ' POST /mcp HTTP/1.1',
    'FOO /mcp HTTP/1.1',
    'POST /mcp\0 HTTP/1.1',
  ],
  ...['CONNECT evil.example:443 HTTP/1.1', 'CONNECT /mcp HTTP/1.1', 'PRI * HTTP/2.0'],
  ...['RTSP/1.0 200 OK', 'HTTP/1.1 200 OK', 'POST /mcp HTTP/1.1\rX: y', `${'M'.repeat(20_000)} / HTTP/1.1`],
]

const lenientStartLines = [
  'SOURCE /mcp ICE/1.0',
  'POST  /mcp HTTP/1.1',
  'POST /mcp HTTP/1.1 ',
  'POST /mcp HTTP/1.2',
  'POST /mcp HTTP/1.1\nX: y',
  'QUERY /mcp HTTP/1.1',
  'POST /\x80 HTTP/1.1',
]

const clientHello = Buffer.from('16030100c8010000c40303', 'hex')

/** The lines of a request to MCP that do not tell its length. */
const linesOf = ({ headers }: Draft): readonly string[] => headers.map(([name, value]) => `${name}: ${value}`)

const latin = (text: string): Buffer => Buffer.from(text, 'latin1')

/** The statuses of a request that a server may take: its body may have been cut, and its path may be another. */
const lenientStatuses = [200, 202, 400, 404, 405, 413, 415]

/** A request that breaks the syntax or the framing, with another one behind it. */
export function brokenRequest(random: SeededRandom, draft: Draft): Sent {
  const smuggled = bytesOf(random, {
    ...draft,
    body: Buffer.from(ping.replace('"p"', `"${smuggledId}"`)),
    framing: 'length',
  })
  const sent = (title: string, nature: Nature, bytes: Buffer): Sent => {
    // What follows a request that may be taken would be one of its own.
    const all = nature === 'lenient' ? bytes : Buffer.concat([bytes, smuggled])
    return { title, nature, bytes: all, statuses: lenientStatuses }
  }
  const whole = (startLine: string, lines: readonly string[], text: string): Buffer =>
    latin(`${[startLine, ...linesOf(draft), ...lines].join('\r\n')}\r\n\r\n${text}`)
  const kind = random.weighted([
    [70, 'framing'],
    [16, 'start line'],
    [6, 'noise'],
    [4, 'first line'],
    [4, 'older chunks'],
  ] as const)
  switch (kind) {
    case 'framing': {
      const { title, nature, head, body } = random.of(random.of(brokenFraming))
      return sent(title, nature, whole('POST /mcp HTTP/1.1', head, body))
    }
    case 'start line': {
      const isLenient = random.chance(20)
      const line = random.of(isLenient ? lenientStartLines : startLines)
      return sent(
        `start line ${JSON.stringify(line).slice(0, 60)}`,
        isLenient ? 'lenient' : 'broken',
        whole(line, [length], ping),
      )
    }
    case 'noise': {
      const noise = Buffer.from(random.times(1 + random.below(300), () => random.below(256)))
      return sent('noise', 'broken', random.chance(50) ? noise : Buffer.concat([clientHello, noise]))
    }
    case 'first line':
      return sent('a folded first line', 'broken', latin(`POST /mcp HTTP/1.1\r\n X: folded\r\n\r\n`))
    case 'older chunks':
      return sent('chunks in HTTP/1.0', 'lenient', whole('POST /mcp HTTP/1.0', [inChunks], chunkedPing))
  }
}
