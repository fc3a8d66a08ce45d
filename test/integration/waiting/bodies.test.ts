import type { ServerResponse } from 'node:http'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { noRows } from '../../support/session/gateway.ts'
import {
  connectionClosed,
  effect,
  effectArgs,
  failureOf,
  gatewayFor,
  read,
  sessionFor,
} from '../../support/waiting/gateway.ts'

// Bodies as a socket delivers them; their decompression is covered by the unit tests.

const MiB = 1024 * 1024
const rows = expect.objectContaining({ rows: [] })

/**
 * Answers every request in the same way; reports the number of requests, and when the first client has
 * disconnected.
 */
async function answering(answer: (response: ServerResponse) => unknown) {
  let asked = 0
  let gone: Promise<void> | undefined
  const gateway = await gatewayFor((_request, response) => {
    asked++
    gone ??= connectionClosed(response)
    answer(response)
  })
  return { on: sessionFor(gateway), asked: () => asked, gone: () => gone }
}
const compressedAnswer = (encoding: string, body: Buffer) => (response: ServerResponse) =>
  response.writeHead(200, { 'content-encoding': encoding, 'content-type': 'application/json' }).end(body)

test.each([
  ['gzip', gzipSync(noRows)],
  ['gzip, br', brotliCompressSync(gzipSync(noRows))],
])('a body in %s is decompressed', async (encoding, body) => {
  const { on } = await answering(compressedAnswer(encoding, body))
  await expect(on.call(read, {})).resolves.toEqual(rows)
})

/** Answers that break off or cannot be read, each in its own way. */
const brokenAnswers: readonly (readonly [string, (response: ServerResponse) => unknown])[] = [
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
  ['invalid gzip', compressedAnswer('gzip', Buffer.from(noRows))],
]

describe.each(brokenAnswers)('%s', (_name, answer) => {
  test('a read fails with a sentence about the answer, and is not repeated', async () => {
    const { on, asked } = await answering(answer)
    const { kind, text } = await failureOf(on.call(read, {}))
    expect(kind, text).toBe('vendor')
    expect(text).toMatch(/answer|connection/)
    expect(asked()).toBe(1)
  })

  test('the outcome of an effect is unknown; it is sent once', async () => {
    const { on, asked } = await answering(answer)
    const { kind, text } = await failureOf(on.call(effect, effectArgs))
    expect(kind, text).toBe('unclear')
    expect(text).toMatch(/Do not repeat it/)
    expect(asked()).toBe(1)
  })
})

describe('a size limit while the body arrives', () => {
  /** The most memory that the process used for buffers while an action ran. */
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

  test('a bomb of 1 MiB that holds 1 GiB: reading stops at about 64 MiB', async () => {
    const bomb = Buffer.concat(Array(64).fill(gzipSync(Buffer.alloc(16 * MiB))))
    expect(bomb.length).toBeLessThan(1.2 * MiB)
    const { on, asked } = await answering(compressedAnswer('gzip', bomb))
    const most = await mostHeld(async () => {
      expect((await failureOf(on.call(read, {}))).text).toContain('64 MiB')
    })
    expect(most).toBeLessThan(256 * MiB)
    expect(asked()).toBe(1)
  })

  test('a body in chunks: refused on the way, and the connection is closed', async () => {
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
    expect((await failureOf(on.call(read, {}))).text).toContain('64 MiB')
    await gone()
    expect(written).toBeGreaterThan(64 * MiB)
    expect(written).toBeLessThan(128 * MiB)
  })

  test('the same for an effect: the outcome is unknown', async () => {
    const chunk = Buffer.alloc(4 * MiB, 0x20)
    const { on, asked } = await answering((response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(chunk));
      }
      response.on('drain', more)
      more()
    })
    const { kind, text } = await failureOf(on.call(effect, effectArgs))
    expect(kind, text).toBe('unclear')
    expect(text).toMatch(/64 MiB.*Do not repeat it/)
    expect(asked()).toBe(1)
  })
})
