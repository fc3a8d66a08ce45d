import { brotliCompressSync, gzipSync } from 'node:zlib'
import type { Fault, FaultKind } from '../faults/faults.ts'
import type { Reply } from '../http/reply.ts'
import { xmlText } from '../xml/writer.ts'

/** An answer in the form in which it is sent. */
export interface Parcel {
  status: number
  headers: Readonly<Record<string, string>>
  /** Its content type; '' for none. */
  type: string
  bytes: Buffer
}

/** The bytes of an answer. */
export function parcelOf({ status, headers = {}, content }: Reply): Parcel {
  if ('json' in content) {
    return { status, headers, type: 'application/json', bytes: Buffer.from(JSON.stringify(content.json)) }
  }
  if ('xml' in content) {
    return { status, headers, type: 'application/xml', bytes: Buffer.from(xmlText(content.xml)) }
  }
  const { text, type } = content
  return { status, headers, type, bytes: typeof text === 'string' ? Buffer.from(text) : text }
}

const mebibyte = 1024 * 1024

/** White space before the answer, which JSON ignores. */
export const blanks = Buffer.alloc(mebibyte, ' ')
/** One more than 64. */
export const blankMebibytes = 65

let packed: Buffer | undefined

/** That white space as gzip, made once. */
function packedBlanks(): Buffer {
  packed ??= gzipSync(Buffer.alloc(blankMebibytes * mebibyte, ' '))
  return packed
}

/** Faults that change the bytes of an answer, or its headers. */
export const wrappings: Partial<Record<FaultKind, (parcel: Parcel, fault: Fault) => Parcel>> = {
  badJson: (parcel) =>
    /json|xml/.test(parcel.type) ? { ...parcel, bytes: parcel.bytes.subarray(0, -3) } : parcel,
  latin1: (parcel) => ({ ...parcel, bytes: Buffer.from(commented(parcel), 'latin1') }),
  byteOrderMark: (parcel) => ({ ...parcel, bytes: Buffer.from(`\uFEFF${parcel.bytes.toString()}`) }),
  wrongType: (parcel, { contentType = 'text/plain' }) => ({ ...parcel, type: contentType }),
  gzip: (parcel) => encoded(parcel, 'gzip', gzipSync(parcel.bytes)),
  brotli: (parcel) => encoded(parcel, 'br', brotliCompressSync(parcel.bytes)),
  // Concatenated gzip members are one file (RFC 1952, 2.2).
  bomb: (parcel) => encoded(parcel, 'gzip', Buffer.concat([packedBlanks(), gzipSync(parcel.bytes)])),
  brokenGzip: (parcel) => encoded(parcel, 'gzip', corrupt(gzipSync(parcel.bytes))),
  unknownEncoding: (parcel, { encoding = 'zstd' }) => encoded(parcel, encoding, parcel.bytes),
}

/**
 * Encodes once more. The header names the encodings in the order in which they were applied (RFC 9110, 8.4).
 */
function encoded(parcel: Parcel, encoding: string, bytes: Buffer): Parcel {
  if (parcel.bytes.length === 0) return parcel
  const { 'content-encoding': earlier, ...headers } = parcel.headers
  const codings = earlier === undefined ? encoding : `${earlier}, ${encoding}`
  return { ...parcel, headers: { ...headers, 'content-encoding': codings }, bytes }
}

/** Changes bits in the second half, so that at least the checksum at the end is wrong. */
function corrupt(bytes: Buffer): Buffer {
  const half = bytes.length >> 1
  return Buffer.concat([bytes.subarray(0, half), bytes.subarray(half).map((byte) => byte ^ 0x5a)])
}

/** Stray ISO-8859 bytes and comments before anything else have been seen in XML (qualys-platform.md 7). */
function commented({ type, bytes }: Parcel): string {
  // Characters outside Latin-1.
  const text = bytes.toString().replace(/[\u0100-\uffff]/g, '?')
  return type.includes('xml') ? `<!-- généré par le serveur -->\n${text}` : text
}
