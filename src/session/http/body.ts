import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib'
import { ownCommand } from '../../shared/command/own-command.ts'
import { TooLargeError, VendorError } from '../../shared/errors.ts'

/** The largest answer that is read, in bytes, both compressed and decompressed. */
const maxBodyBytes = 64 * 1024 * 1024

/** The value of the Accept-Encoding header. */
export const acceptEncoding = 'gzip, deflate, br'

type Decompress = (bytes: Buffer) => Promise<Buffer>

// Stops decompressing at the limit: the output can be a thousand times the input.
const outputLimit = { maxOutputLength: maxBodyBytes }
const gunzipBody: Decompress = (bytes) => promisify(gunzip)(bytes, outputLimit)
/** Deflate has zlib's wrapper (RFC 9110, 8.4.1.2); some servers leave it out. */
const inflateBody: Decompress = (bytes) =>
  ((bytes[0] ?? 0) & 0x0f) === 8
    ? promisify(inflate)(bytes, outputLimit)
    : promisify(inflateRaw)(bytes, outputLimit)

const decompressors: Readonly<Record<string, Decompress>> = {
  gzip: gunzipBody,
  'x-gzip': gunzipBody,
  deflate: inflateBody,
  br: (bytes) => promisify(brotliDecompress)(bytes, outputLimit),
}

/** More layers than this are only used in attacks. */
const maxLayers = 2

/** The decoders for a Content-Encoding, last encoding first (RFC 9110, 8.4). */
function decompressorsFor(encoding: string): Decompress[] {
  const layers = encoding
    .toLowerCase()
    .split(',')
    .map((layer) => layer.trim())
    .filter((layer) => layer !== '' && layer !== 'identity')
  const known = layers.flatMap((layer) =>
    Object.hasOwn(decompressors, layer) ? (decompressors[layer] ?? []) : [],
  )
  if (layers.length <= maxLayers && known.length === layers.length) return known.reverse()
  throw new VendorError(
    'The answer is packed in a way that was not asked for.',
    `A proxy may have done it: ask the operator to check it with \`${ownCommand('doctor')}\`.`,
  )
}

const tooLarge = (): TooLargeError =>
  new TooLargeError('The answer is larger than 64 MiB.', 'Ask for fewer rows, or without outputs.')

/** Reads all bytes; counts them itself, whatever the headers announce. */
async function readBytes(body: Readable): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of body) {
    length += chunk.length
    if (length > maxBodyBytes) throw tooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function decompressionError(error: unknown): Error {
  if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') return tooLarge()
  return new VendorError(
    'The answer is packed, and cannot be unpacked.',
    `Try again; if it stays so, ask the operator to check the proxy with \`${ownCommand('doctor')}\`.`,
  )
}

/** Reads and decompresses a whole body. Errors of the stream are passed on unchanged. */
export async function readBody(body: Readable, encoding: string): Promise<Buffer> {
  let bytes = await readBytes(body)
  // A refusal may name an encoding and have no body.
  if (bytes.length === 0) return bytes
  for (const decompress of decompressorsFor(encoding)) {
    bytes = await decompress(bytes).catch((error: unknown) => {
      throw decompressionError(error)
    })
  }
  return bytes
}
