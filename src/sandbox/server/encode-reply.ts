import { brotliCompressSync, gzipSync } from 'node:zlib'
import type { Fault, FaultKind } from '../faults/faults.ts'
import type { Reply } from '../http/reply.ts'
import { xmlText } from '../xml/writer.ts'

/** A reply in the form in which it is sent. */
export interface EncodedReply {
  status: number
  headers: Readonly<Record<string, string>>
  /** Its content type; '' for none. */
  type: string
  bytes: Buffer
}

export function encodeReply({ status, headers = {}, content }: Reply): EncodedReply {
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

/** White space that is sent before the reply; JSON ignores it. */
export const blanks = Buffer.alloc(mebibyte, ' ')
export const blankMebibytes = 65

let gzippedBlanks: Buffer | undefined

/** All the white space as gzip, made at the first use. */
function getGzippedBlanks(): Buffer {
  gzippedBlanks ??= gzipSync(Buffer.alloc(blankMebibytes * mebibyte, ' '))
  return gzippedBlanks
}

/** Faults that change the bytes of a reply, or its headers. */
export const encodingFaults: Partial<Record<FaultKind, (reply: EncodedReply, fault: Fault) => EncodedReply>> =
  {
    badJson: (reply) =>
      /json|xml/.test(reply.type) ? { ...reply, bytes: reply.bytes.subarray(0, -3) } : reply,
    latin1: (reply) => ({ ...reply, bytes: Buffer.from(latin1Text(reply), 'latin1') }),
    byteOrderMark: (reply) => ({ ...reply, bytes: Buffer.from(`\uFEFF${reply.bytes.toString()}`) }),
    wrongType: (reply, { contentType = 'text/plain' }) => ({ ...reply, type: contentType }),
    gzip: (reply) => addEncoding(reply, 'gzip', gzipSync(reply.bytes)),
    brotli: (reply) => addEncoding(reply, 'br', brotliCompressSync(reply.bytes)),
    // Concatenated gzip members are one file (RFC 1952, 2.2).
    bomb: (reply) => addEncoding(reply, 'gzip', Buffer.concat([getGzippedBlanks(), gzipSync(reply.bytes)])),
    brokenGzip: (reply) => addEncoding(reply, 'gzip', corrupt(gzipSync(reply.bytes))),
    unknownEncoding: (reply, { encoding = 'zstd' }) => addEncoding(reply, encoding, reply.bytes),
  }

/**
 * Encodes once more. The header names the encodings in the order in which they were applied (RFC 9110, 8.4).
 */
function addEncoding(reply: EncodedReply, encoding: string, bytes: Buffer): EncodedReply {
  if (reply.bytes.length === 0) return reply
  const { 'content-encoding': previous, ...headers } = reply.headers
  const codings = previous === undefined ? encoding : `${previous}, ${encoding}`
  return { ...reply, headers: { ...headers, 'content-encoding': codings }, bytes }
}

/** Changes bits in the second half, so that at least the checksum at the end is wrong. */
function corrupt(bytes: Buffer): Buffer {
  const half = bytes.length >> 1
  return Buffer.concat([bytes.subarray(0, half), bytes.subarray(half).map((byte) => byte ^ 0x5a)])
}

/**
 * The text for `latin1`. Stray ISO-8859 bytes, and comments before the root element, have been seen in XML
 * (qualys-platform.md 7).
 */
function latin1Text({ type, bytes }: EncodedReply): string {
  // Latin-1 has no characters above U+00FF.
  const text = bytes.toString().replace(/[\u0100-\uffff]/g, '?')
  return type.includes('xml') ? `<!-- généré par le serveur -->\n${text}` : text
}
