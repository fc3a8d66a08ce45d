import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib'
import { TooLargeError, VendorError } from '../../shared/errors.ts'

/** The largest answer that is read, in bytes, both compressed and decompressed. */
const largestBody = 64 * 1024 * 1024

/** The value of the Accept-Encoding header. */
export const acceptEncoding = 'gzip, deflate, br'

type Unpack = (bytes: Buffer) => Promise<Buffer>

// Stops decompressing at the limit: the output can be a thousand times the input.
const bounded = { maxOutputLength: largestBody }
const gunzipped: Unpack = (bytes) => promisify(gunzip)(bytes, bounded)
/** Deflate has zlib's wrapper (RFC 9110, 8.4.1.2); some servers leave it out. */
const inflated: Unpack = (bytes) =>
  ((bytes[0] ?? 0) & 0x0f) === 8 ? promisify(inflate)(bytes, bounded) : promisify(inflateRaw)(bytes, bounded)

const unpackers: Readonly<Record<string, Unpack>> = {
  gzip: gunzipped,
  'x-gzip': gunzipped,
  deflate: inflated,
  br: (bytes) => promisify(brotliDecompress)(bytes, bounded),
}

/** More layers than this are only used in attacks. */
const mostLayers = 2

/** The decoders for a Content-Encoding, last encoding first (RFC 9110, 8.4). */
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

/** Reads all bytes; counts them itself, whatever the headers announce. */
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

/** Reads and decompresses a whole body. Errors of the stream are passed on unchanged. */
export async function readBody(body: Readable, encoding: string): Promise<Buffer> {
  let bytes = await collected(body)
  // A refusal may name an encoding and have no body.
  if (bytes.length === 0) return bytes
  for (const unpack of unpackersFor(encoding)) {
    bytes = await unpack(bytes).catch((error: unknown) => {
      throw unpackingError(error)
    })
  }
  return bytes
}
