import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib'
import { TooLargeError, VendorError } from './errors.ts'

/** Bytes of the largest answer that is read, packed or not. */
const largestBody = 64 * 1024 * 1024

/** What a request says that it takes. */
export const acceptEncoding = 'gzip, deflate, br'

type Unpack = (bytes: Buffer) => Promise<Buffer>

// Ends as soon as more has come out: what went in may hold a thousand times as much.
const bounded = { maxOutputLength: largestBody }
const gunzipped: Unpack = (bytes) => promisify(gunzip)(bytes, bounded)
/** As RFC 9110 (8.4.1.2) has it, within zlib's wrapper; some servers leave that out. */
const inflated: Unpack = (bytes) =>
  ((bytes[0] ?? 0) & 0x0f) === 8 ? promisify(inflate)(bytes, bounded) : promisify(inflateRaw)(bytes, bounded)

const unpackers: Readonly<Record<string, Unpack>> = {
  gzip: gunzipped,
  'x-gzip': gunzipped,
  deflate: inflated,
  br: (bytes) => promisify(brotliDecompress)(bytes, bounded),
}

/** Nobody packs more often but to harm. */
const mostLayers = 2

/** The last one packed comes off first (RFC 9110, 8.4). */
function unpackersFor(encoding: string): Unpack[] {
  const layers = encoding
    .toLowerCase()
    .split(',')
    .map((layer) => layer.trim())
    .filter((layer) => layer !== '' && layer !== 'identity')
  const known = layers.flatMap((layer) => (Object.hasOwn(unpackers, layer) ? (unpackers[layer] ?? []) : []))
  if (layers.length <= mostLayers && known.length === layers.length) return known.reverse()
  throw new VendorError(
    'The answer is packed in a way that was not asked for.',
    'A proxy may have done it: ask the operator to check it with `qualys-mcp doctor`.',
  )
}

const tooLarge = (): TooLargeError =>
  new TooLargeError('The answer is larger than 64 MiB.', 'Ask for fewer rows, or without outputs.')

/** Bytes as they come, counted whatever the headers announce. */
async function collected(body: Readable): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of body) {
    length += chunk.length
    if (length > largestBody) throw tooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function unpackingError(error: unknown): Error {
  if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') return tooLarge()
  return new VendorError(
    'The answer is packed, and cannot be unpacked.',
    'Try again; if it stays so, ask the operator to check the proxy with `qualys-mcp doctor`.',
  )
}

/** A body, whole and unpacked. What breaks underneath comes out as it is. */
export async function readBody(body: Readable, encoding: string): Promise<Buffer> {
  let bytes = await collected(body)
  // Refusals may say that they are packed, and be empty.
  if (bytes.length === 0) return bytes
  for (const unpack of unpackersFor(encoding)) {
    bytes = await unpack(bytes).catch((error: unknown) => {
      throw unpackingError(error)
    })
  }
  return bytes
}
