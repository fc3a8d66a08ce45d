import type { ServerResponse } from 'node:http'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { noRows } from '../../support/session/gateway.ts'
import {
  closed,
  effect,
  effectArgs,
  failing,
  gatewayFor,
  read,
  sessionFor,
} from '../../support/waiting/ground.ts'

const MiB = 1024 * 1024
const rows = expect.objectContaining({ rows: [] })

/** Answers every call in the same way; tells how often that was, and when the first asker went away. */
async function answering(answer: (response: ServerResponse) => unknown) {
  let asked = 0
  let gone: Promise<void> | undefined
  const gateway = await gatewayFor((_request, response) => {
    asked++
    gone ??= closed(response)
    answer(response)
  })
  return { on: sessionFor(gateway), asked: () => asked, gone: () => gone }
}
const packed = (encoding: string, body: Buffer) => (response: ServerResponse) =>
  response.writeHead(200, { 'content-encoding': encoding, 'content-type': 'application/json' }).end(body)

describe('a body is unpacked', () => {
  test.each<readonly [string, (text: string) => Buffer]>([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['GZIP', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
    ['identity', Buffer.from],
    ['', Buffer.from],
    ['gzip, br', (text) => brotliCompressSync(gzipSync(text))],
    ['identity, gzip', gzipSync],
  ])('%j', async (encoding, pack) => {
    const { on } = await answering(packed(encoding, pack(noRows)))
    await expect(on.call(read, {})).resolves.toEqual(rows)
  })

  test('deflate without its wrapper, as some servers send it', async () => {
    const { on } = await answering(packed('deflate', deflateRawSync(noRows)))
    await expect(on.call(read, {})).resolves.toEqual(rows)
  })

  test('gzip in two members, one after the other', async () => {
    const [front, back] = [noRows.slice(0, 20), noRows.slice(20)]
    const { on } = await answering(packed('gzip', Buffer.concat([gzipSync(front), gzipSync(back)])))
    await expect(on.call(read, {})).resolves.toEqual(rows)
  })

  test('a refusal that is packed is read: its reason is quoted', async () => {
    const body = gzipSync(JSON.stringify({ errorCode: 'X', message: 'the filter is odd', body: null }))
    const { on } = await answering((response) =>
      response.writeHead(400, { 'content-encoding': 'gzip', 'content-type': 'application/json' }).end(body),
    )
    expect(await failing(on.call(read, {}))).toMatchObject({
      kind: 'input',
      text: expect.stringContaining('the filter is odd'),
    })
  })

  test('a refusal that says it is packed, and is empty, is told by its status', async () => {
    const { on } = await answering((response) =>
      response.writeHead(429, { 'content-encoding': 'gzip', 'content-length': '0' }).end(),
    )
    expect((await failing(on.call(read, {}))).kind).toBe('busy')
  })

  test('what is asked for is what can be unpacked', async () => {
    const seen: unknown[] = []
    const gateway = await gatewayFor(({ headers }, response) => {
      seen.push(headers['accept-encoding'])
      response.end(noRows)
    })
    await sessionFor(gateway).call(read, {})
    expect(seen).toEqual([expect.stringMatching(/^gzip, deflate, br$/)])
  })
})

/** Answers that break off or cannot be taken, each in its own way. */
const whole = gzipSync(noRows.padEnd(20_000))
const broken: readonly (readonly [string, (response: ServerResponse) => unknown])[] = [
  ['gzip that is none', packed('gzip', Buffer.from(noRows))],
  [
    'gzip with a wrong sum',
    packed('gzip', Buffer.concat([gzipSync(noRows).subarray(0, -8), Buffer.alloc(8, 7)])),
  ],
  ['gzip that ends too early', packed('gzip', whole.subarray(0, whole.length - 20))],
  ['brotli that is none', packed('br', Buffer.from('{"body":null}'))],
  ['brotli that ends too early', packed('br', brotliCompressSync(noRows).subarray(0, -4))],
  ['an encoding nobody asked for', packed('zstd', Buffer.from(noRows))],
  ['an encoding named like a part of every object', packed('constructor', Buffer.from(noRows))],
  [
    'five layers',
    packed('gzip, gzip, gzip, gzip, gzip', gzipSync(gzipSync(gzipSync(gzipSync(gzipSync(noRows)))))),
  ],
  [
    'less than its announced length',
    (response) => {
      response.writeHead(200, { 'content-length': '5000' }).write(noRows)
      setImmediate(() => response.socket?.end())
    },
  ],
  [
    'chunks without an end',
    (response) => {
      response.write(noRows)
      setImmediate(() => response.socket?.end())
    },
  ],
  [
    'a reset in the middle',
    (response) => {
      response.write(noRows)
      setImmediate(() => response.socket?.resetAndDestroy())
    },
  ],
  ['a reset instead of an answer', (response) => response.socket?.resetAndDestroy()],
  [
    'more than 64 MiB',
    (response) => {
      const chunk = Buffer.alloc(4 * MiB, 0x20)
      const more = (): void => {
        while (!response.destroyed && response.write(chunk));
      }
      response.on('drain', more)
      more()
    },
  ],
  ['a bomb', packed('gzip', Buffer.concat(Array(65).fill(gzipSync(Buffer.alloc(MiB)))))],
]

describe.each(broken)('%s', (_name, answer) => {
  test('a read fails with a sentence about the answer, and is not repeated against the settings', async () => {
    const { on, asked } = await answering(answer)
    const { kind, text } = await failing(on.call(read, {}))
    expect(kind, text).toBe('vendor')
    expect(text).toMatch(/answer|connection/)
    expect(asked()).toBe(1)
  })

  test('of an effect nobody knows whether it happened; it is sent once', async () => {
    const { on, asked } = await answering(answer)
    const { kind, text } = await failing(on.call(effect, effectArgs))
    expect(kind, text).toBe('unclear')
    expect(text).toMatch(/Do not repeat it/)
    expect(asked()).toBe(1)
  })
})

describe('bounded while it comes', () => {
  /** The most that the process held in buffers while something ran. */
  async function mostHeld(work: () => Promise<unknown>): Promise<number> {
    const held = (): number => process.memoryUsage().external
    const before = held()
    let most = before
    const look = setInterval(() => {
      most = Math.max(most, held())
    }, 1)
    await work()
    clearInterval(look)
    return most - before
  }

  test('a bomb of 1 MiB that holds 1 GiB: its 64 MiB are not passed by far', async () => {
    const bomb = Buffer.concat(Array(64).fill(gzipSync(Buffer.alloc(16 * MiB))))
    expect(bomb.length).toBeLessThan(1.2 * MiB)
    const { on, asked } = await answering(packed('gzip', bomb))
    const most = await mostHeld(async () => {
      expect((await failing(on.call(read, {}))).text).toContain('64 MiB')
    })
    expect(most).toBeLessThan(256 * MiB)
    expect(asked()).toBe(1)
  })

  test('a bomb inside a bomb', async () => {
    const inner = gzipSync(Buffer.alloc(512 * MiB))
    const { on } = await answering(packed('gzip, gzip', gzipSync(inner)))
    const most = await mostHeld(async () => {
      expect((await failing(on.call(read, {}))).text).toContain('64 MiB')
    })
    expect(most).toBeLessThan(256 * MiB)
  })

  test('a body in chunks: refused on the way, and whoever sends it is hung up on', async () => {
    let written = 0
    const chunk = Buffer.alloc(MiB, 0x20)
    const { on, gone } = await answering((response) => {
      const more = (): void => {
        while (!response.destroyed && written < 1024 * MiB) {
          written += chunk.length
          if (!response.write(chunk)) break
        }
      }
      response.on('drain', more)
      more()
    })
    expect((await failing(on.call(read, {}))).text).toContain('64 MiB')
    await gone()
    expect(written).toBeGreaterThan(64 * MiB)
    expect(written).toBeLessThan(128 * MiB)
  })

  test('63 MiB are taken', async () => {
    const { on } = await answering(packed('gzip', gzipSync(noRows.padEnd(63 * MiB))))
    await expect(on.call(read, {})).resolves.toEqual(rows)
  })
})
