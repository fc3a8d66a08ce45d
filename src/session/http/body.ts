import { pipeline, type Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib'
import { ownCommand } from '../../shared/command/own-command.ts'
import { TooLargeError, VendorError } from '../../shared/errors.ts'
import { Body } from './response.ts'

/** The largest answer that is read, in bytes, both compressed and decompressed. */
const maxBodyBytes = 64 * 1024 * 1024

/** The value of the Accept-Encoding header. */
export const acceptEncoding = 'gzip, deflate, br'

/** Opens a decoder; the first byte of its input tells the two forms of deflate apart. */
type OpenDecoder = (first: number) => Transform

const chunks = { chunkSize: 64 * 1024 }
/** Deflate has zlib's wrapper (RFC 9110, 8.4.1.2); some servers leave it out. */
const openInflate: OpenDecoder = (first) =>
  (first & 0x0f) === 8 ? createInflate(chunks) : createInflateRaw(chunks)

const decoders: Readonly<Record<string, OpenDecoder>> = {
  gzip: () => createGunzip(chunks),
  'x-gzip': () => createGunzip(chunks),
  deflate: openInflate,
  br: () => createBrotliDecompress(chunks),
}

/** More layers than this are only used in attacks. */
const maxLayers = 2

/** The decoders for a Content-Encoding, last encoding first (RFC 9110, 8.4); undefined if one is not known. */
function decodersFor(encoding: string): readonly OpenDecoder[] | undefined {
  const layers = encoding
    .toLowerCase()
    .split(',')
    .map((layer) => layer.trim())
    .filter((layer) => layer !== '' && layer !== 'identity')
  const known = layers.flatMap((layer) => (Object.hasOwn(decoders, layer) ? (decoders[layer] ?? []) : []))
  return layers.length <= maxLayers && known.length === layers.length ? known.reverse() : undefined
}

const unknownEncoding = (): VendorError =>
  new VendorError(
    'The answer is packed in a way that was not asked for.',
    `A proxy may have done it: ask the operator to check it with \`${ownCommand('doctor')}\`.`,
  )

const tooLarge = (): TooLargeError =>
  new TooLargeError('The answer is larger than 64 MiB.', 'Ask for fewer rows, or without outputs.')

const unpackError = (): VendorError =>
  new VendorError(
    'The answer is packed, and cannot be unpacked.',
    `Try again; if it stays so, ask the operator to check the proxy with \`${ownCommand('doctor')}\`.`,
  )

type Chunks = AsyncIterable<Buffer>

/** The bytes up to the limit. They are counted here, whatever the headers announce. */
async function* limited(source: Chunks): AsyncGenerator<Buffer, void, void> {
  let length = 0
  for await (const chunk of source) {
    length += chunk.length
    if (length > maxBodyBytes) throw tooLarge()
    if (chunk.length > 0) yield chunk
  }
}

/** The bytes without one layer. An error of the source is passed on unchanged. */
async function* unpacked(source: Chunks, open: OpenDecoder): AsyncGenerator<Buffer, void, void> {
  const iterator = source[Symbol.asyncIterator]()
  const first = await iterator.next()
  // A refusal may name an encoding and have no body.
  if (first.done) return
  let failure: unknown
  async function* input(): AsyncGenerator<Buffer, void, void> {
    try {
      for (let next = first; !next.done; next = await iterator.next()) yield next.value
    } catch (error) {
      failure = error
      throw error
    } finally {
      await iterator.return?.()
    }
  }
  const decoder = open(first.value[0] ?? 0)
  // An error reaches the reader of the decoder.
  pipeline(input(), decoder, () => undefined)
  try {
    yield* decoder
  } catch {
    throw failure ?? unpackError()
  }
}

/**
 * Reads and unpacks a whole body; `onBytes` gets each piece of it as it comes. Errors of the stream are passed on
 * unchanged.
 */
export async function readBody(
  body: Chunks,
  encoding: string,
  onBytes?: (bytes: Buffer) => Promise<void> | undefined,
): Promise<Body> {
  const layers = decodersFor(encoding)
  const source = (layers ?? []).reduce((inner, open) => limited(unpacked(inner, open)), limited(body))
  const pieces: Buffer[] = []
  for await (const piece of source) {
    if (!layers) throw unknownEncoding()
    pieces.push(piece)
    await onBytes?.(piece)
  }
  return new Body(pieces)
}
