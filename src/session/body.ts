import { type Readable, Transform, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { TooLargeError, VendorError } from './errors.ts'

/** Bytes of the largest answer that is read, packed or not. */
export const largestBody = 64 * 1024 * 1024

/** What a request says that it takes. */
export const acceptEncoding = 'gzip, deflate, br'

const unpackers: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
}

/** Nobody packs more often but to harm. */
const mostLayers = 2

/** The last one packed comes off first (RFC 9110, 8.4). */
function unpackersFor(encoding: string): Transform[] {
  const layers = encoding
    .toLowerCase()
    .split(',')
    .map((layer) => layer.trim())
    .filter((layer) => layer !== '' && layer !== 'identity')
  const makers = layers.map((layer) => (Object.hasOwn(unpackers, layer) ? unpackers[layer] : undefined))
  if (layers.length > mostLayers || makers.includes(undefined)) {
    throw new VendorError(
      'The answer is packed in a way that was not asked for.',
      'A proxy may have done it: ask the operator to check it with `qualys-mcp doctor`.',
    )
  }
  return makers.flatMap((make) => (make ? [make()] : [])).reverse()
}

/** Lets through as many bytes as an answer may have; counted as they come, whatever the headers announce. */
function bounded(): Transform {
  let length = 0
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      length += chunk.length
      if (length <= largestBody) return done(null, chunk)
      done(new TooLargeError('The answer is larger than 64 MiB.', 'Ask for fewer rows, or without outputs.'))
    },
  })
}

const isUnpacking = (error: unknown): error is Error =>
  error instanceof Error && 'code' in error && /^(Z_|ERR_(BROTLI|_ERROR))/.test(String(error.code))

/** A body, unpacked and whole. What breaks underneath comes out as it is. */
export async function readBody(body: Readable, encoding: string): Promise<Buffer> {
  const chunks: Buffer[] = []
  const end = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      chunks.push(chunk)
      done()
    },
  })
  // Given up before anybody reads it, it fails with nobody to hear that.
  body.on('error', () => undefined)
  try {
    const layers = unpackersFor(encoding)
    // What comes out of a layer may be a thousand times what went in.
    await pipeline([body, bounded(), ...layers.flatMap((layer) => [layer, bounded()]), end])
  } catch (error) {
    body.destroy()
    if (!isUnpacking(error)) throw error
    throw new VendorError(
      'The answer is packed, and cannot be unpacked.',
      'Try again; if it stays so, ask the operator to check the proxy with `qualys-mcp doctor`.',
    )
  }
  return Buffer.concat(chunks)
}
