import { Readable } from 'node:stream'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { acceptEncoding, readBody } from '../../../src/session/http/body.ts'
import { type Answer, openInMemory, operationNamed } from '../../support/session/memory.ts'

// Bodies, decompressed and bounded: what is read of them, and the error if they cannot be read.

const MiB = 1024 * 1024
const noRows = '{"errorCode":null,"message":null,"body":{"totalCount":0,"list":[]}}'
const readEncoded = async (encoding: string, body: Buffer) =>
  (await readBody(Readable.from([body]), encoding)).bytes

describe('a body is decompressed', () => {
  test.each<readonly [string, (text: string) => Buffer]>([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['GZIP', gzipSync],
    ['deflate', deflateSync],
    // Some servers leave the zlib wrapper out.
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
    ['identity', Buffer.from],
    ['', Buffer.from],
    ['gzip, br', (text) => brotliCompressSync(gzipSync(text))],
    ['deflate,gzip', (text) => gzipSync(deflateSync(text))],
    ['identity, gzip', gzipSync],
    ['identity, gzip, identity, br', (text) => brotliCompressSync(gzipSync(text))],
  ])('%j', async (encoding, pack) => {
    expect(String(await readEncoded(encoding, pack(noRows)))).toBe(noRows)
  })

  test('gzip in two members, one after the other, and in pieces', async () => {
    const packed = Buffer.concat([gzipSync(noRows.slice(0, 20)), gzipSync(noRows.slice(20))])
    const pieces = Array.from(packed, (byte) => Buffer.from([byte]))
    expect(String((await readBody(Readable.from(pieces), 'gzip')).bytes)).toBe(noRows)
  })

  test.each(['gzip', 'zstd', 'br, br, br'])('%s, and empty: nothing to decompress', async (encoding) => {
    expect(await readEncoded(encoding, Buffer.alloc(0))).toHaveLength(0)
    expect((await readBody(Readable.from([]), encoding)).bytes).toHaveLength(0)
  })

  test('the accepted encodings are those that can be decompressed', async () => {
    expect(acceptEncoding).toBe('gzip, deflate, br')
    const memory = openInMemory({ body: noRows })
    await memory.call('car_list_script_types')
    expect(memory.sent[0]?.headers['accept-encoding']).toBe(acceptEncoding)
  })

  test('an underlying error is passed on unchanged', async () => {
    const broken = new Error('broken')
    const body = new Readable({
      read() {
        this.destroy(broken)
      },
    })
    await expect(readBody(body, 'gzip')).rejects.toBe(broken)
  })
})

/** Bodies that cannot be decompressed, or have an encoding that was not requested. */
const whole = gzipSync(noRows.padEnd(20_000))
const odd = /packed in a way that was not asked for/
const corrupt = /packed, and cannot be unpacked/
const broken: readonly (readonly [name: string, encoding: string, body: Buffer, says: RegExp])[] = [
  ['invalid gzip', 'gzip', Buffer.from(noRows), corrupt],
  [
    'gzip with a wrong sum',
    'gzip',
    Buffer.concat([gzipSync(noRows).subarray(0, -8), Buffer.alloc(8, 7)]),
    corrupt,
  ],
  ['gzip that ends too early', 'gzip', whole.subarray(0, whole.length - 20), corrupt],
  ['invalid brotli', 'br', Buffer.from('{"body":null}'), corrupt],
  ['brotli that ends too early', 'br', brotliCompressSync(noRows).subarray(0, -4), corrupt],
  ['an encoding nobody asked for', 'zstd', Buffer.from(noRows), odd],
  ['an encoding named like a part of every object', 'constructor', Buffer.from(noRows), odd],
  ['a known one below an unknown one', 'gzip, zstd', gzipSync(noRows), odd],
  ['three layers', 'gzip, gzip, gzip', gzipSync(gzipSync(gzipSync(noRows))), odd],
]

describe.each(broken)('%s', (_name, encoding, body, says) => {
  const answer: Answer = { body, headers: { 'content-encoding': encoding } }

  test('a read fails with a sentence about the answer, and is not repeated', async () => {
    const memory = openInMemory(answer)
    const { error, text } = await memory.call('car_list_script_types')
    expect(error, text).toMatchObject({ kind: 'vendor' })
    expect(text).toMatch(says)
    expect(memory.sent).toHaveLength(1)
  })

  test('the outcome of an effect is unknown; it is sent once', async () => {
    const memory = openInMemory(answer)
    const call = memory.session.call(operationNamed('car_activate_schedule'), { scheduleId: '7' })
    await expect(call).rejects.toMatchObject({
      kind: 'unclear',
      message: expect.stringMatching(says),
      next: expect.stringContaining('Do not repeat it'),
    })
    expect(memory.sent).toHaveLength(1)
  })
})

describe('a refusal', () => {
  test('that is compressed is read: its reason is quoted', async () => {
    const body = gzipSync(JSON.stringify({ errorCode: 'X', message: 'the filter is odd', body: null }))
    const headers = { 'content-encoding': 'gzip', 'content-type': 'application/json' }
    const { error, text } = await openInMemory({ status: 400, body, headers }).call('car_list_script_types')
    expect(error).toMatchObject({ kind: 'input' })
    expect(text).toContain('the filter is odd')
  })

  test('that claims to be compressed, and is empty, is reported by its status', async () => {
    const memory = openInMemory({
      status: 429,
      headers: { 'content-encoding': 'gzip', 'content-length': '0' },
    })
    expect((await memory.call('car_list_script_types')).error).toMatchObject({ kind: 'busy' })
  })
})

describe('at most 64 MiB are read', () => {
  const tooLarge = { name: 'TooLargeError', message: 'The answer is larger than 64 MiB.' }
  const chunks = (bytes: number): Readable =>
    Readable.from([...Array(63).fill(Buffer.alloc(MiB)), Buffer.alloc(bytes)])

  test('uncompressed', async () => {
    expect((await readBody(chunks(MiB), '')).bytes).toHaveLength(64 * MiB)
    await expect(readBody(chunks(MiB + 1), '')).rejects.toMatchObject(tooLarge)
  })

  test('decompressed from gzip', async () => {
    expect(await readEncoded('gzip', gzipSync(Buffer.alloc(64 * MiB)))).toHaveLength(64 * MiB)
  })

  test.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', (body: Buffer) => brotliCompressSync(body, { params: { 1: 1 } })],
  ])('decompressed from %s, and one byte more', async (encoding, pack) => {
    await expect(readEncoded(encoding, pack(Buffer.alloc(64 * MiB + 1)))).rejects.toMatchObject(tooLarge)
  })

  test('from a bomb inside a bomb', async () => {
    const bomb = gzipSync(gzipSync(Buffer.alloc(65 * MiB)))
    await expect(readEncoded('gzip, gzip', bomb)).rejects.toMatchObject(tooLarge)
  })
})
