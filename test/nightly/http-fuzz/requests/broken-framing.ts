import type { Nature } from '../trial.ts'

// Lengths, encodings, chunks and headers of which two readers may see different ends (request smuggling).

/** One kind of broken request: what is written, and whether RFC 9112 lets a server take it all the same. */
export interface Broken {
  readonly title: string
  readonly nature: Nature
  readonly head: readonly string[]
  readonly body: string
}

/** The body of all of them. */
export const ping = '{"jsonrpc":"2.0","id":"p","method":"ping"}'
export const length = `Content-Length: ${ping.length}`
export const chunkedPing = `${ping.length.toString(16)}\r\n${ping}\r\n0\r\n\r\n`
export const inChunks = 'Transfer-Encoding: chunked'

const broken = (title: string, head: readonly string[], body: string, nature: Nature = 'broken'): Broken => ({
  title,
  nature,
  head,
  body,
})

/** Two lengths, or none that can be read. */
const lengths: readonly Broken[] = [
  broken('length, chunks', [length, inChunks], '0\r\n\r\n'),
  broken('chunks, length', [inChunks, 'Content-Length: 5'], chunkedPing),
  broken('two lengths', [length, 'Content-Length: 0'], ping),
  broken('two lengths', ['Content-Length: 0', length], ping),
  broken('one length twice', [length, length], ping, 'lenient'),
  broken('two lengths in a list', [`${length}, ${ping.length}`], ping, 'lenient'),
  ...[
    '+5',
    '-5',
    '5,6',
    '0x5',
    '5 5',
    '5a',
    '',
    '5.0',
    '1e1',
    '\xb2',
    '5;',
    '99999999999999999999',
    '18446744073709551621',
  ].map((value) => broken(`length ${value}`, [`Content-Length: ${value}`], ping.slice(0, 5))),
  broken('a blank before the colon', [`Content-Length : ${ping.length}`], ping),
  broken('a folded length', ['Content-Length:', ` ${ping.length}`], ping, 'lenient'),
]

const encodings: readonly Broken[] = [
  ...[
    'xchunked',
    'chunked, identity',
    'identity',
    'cow',
    'chunked;q=1',
    '"chunked"',
    'chunked\x0b',
    '\x0bchunked',
    'chunke\xb2',
  ].map((value) => broken(`encoding ${value}`, [`Transfer-Encoding: ${value}`], chunkedPing)),
  broken('chunks with a length of an unknown encoding', [length, 'Transfer-Encoding: xchunked'], ping),
  broken('chunks twice', [inChunks, inChunks], chunkedPing, 'lenient'),
  broken('chunks twice in a list', ['Transfer-Encoding: chunked, chunked'], chunkedPing, 'lenient'),
  broken('chunks and another', [inChunks, 'Transfer-Encoding: x'], chunkedPing),
  broken('another and chunks', ['Transfer-Encoding: x', inChunks], chunkedPing, 'lenient'),
  broken('gzip and chunks', ['Transfer-Encoding: gzip, chunked'], chunkedPing, 'lenient'),
  broken('chunks in a list with nothing', ['Transfer-Encoding: , chunked'], chunkedPing, 'lenient'),
  broken('a blank before the colon', ['Transfer-Encoding : chunked'], chunkedPing),
  broken('a tab before the colon', ['Transfer-Encoding\t: chunked'], chunkedPing),
  broken('a folded encoding', ['Transfer-Encoding:', ' chunked'], chunkedPing, 'lenient'),
  broken('a fold behind the encoding', [inChunks, ' x'], chunkedPing),
  broken(
    'an encoding behind a bare line feed',
    [`X: y\nTransfer-Encoding: chunked`, length],
    ping,
    'lenient',
  ),
]

const chunks: readonly Broken[] = [
  ...[
    'g\r\n',
    '-1\r\n',
    '+5\r\n',
    '0x5\r\n',
    '\r\n',
    'FFFFFFFFFFFFFFFFF\r\n',
    '100000000000000005\r\n',
    ' 5\r\nhello\r\n',
  ].map((text) => broken(`chunk ${JSON.stringify(text)}`, [inChunks], text)),
  broken('a bare line feed behind a size', [inChunks], '5\nhello\r\n0\r\n\r\n'),
  broken('a bare return behind a size', [inChunks], '5\rhello\r\n0\r\n\r\n'),
  broken('a bare line feed behind a chunk', [inChunks], '5\r\nhello\n0\r\n\r\n'),
  broken('more than the size', [inChunks], '5\r\nhelloX\r\n0\r\n\r\n'),
  broken('a line feed in an extension', [inChunks], '5;\nhello\r\n0\r\n\r\n'),
  broken('a return in an extension', [inChunks], '5;a\rb\r\nhello\r\n0\r\n\r\n'),
  broken('a NUL in an extension', [inChunks], '5;a\0\r\nhello\r\n0\r\n\r\n'),
  broken('a long extension', [inChunks], `5;${'e'.repeat(20_000)}\r\nhello\r\n0\r\n\r\n`),
  broken('a bare line feed at the end', [inChunks], `${chunkedPing.slice(0, -4)}\n\n`),
  broken(
    'a length in a trailer',
    [inChunks],
    `${chunkedPing.slice(0, -2)}Content-Length: 7\r\n\r\n`,
    'lenient',
  ),
  broken('a trailer that is no header', [inChunks], `${chunkedPing.slice(0, -2)}no header\r\n\r\n`),
  broken(
    'a long trailer',
    [inChunks],
    `${chunkedPing.slice(0, -2)}X: ${'t'.repeat(20_000)}\r\n\r\n`,
    'lenient',
  ),
]

const headers: readonly Broken[] = [
  ...[
    ': x',
    'no colon',
    'a b: c',
    '\xe9: x',
    'x\0y: 1',
    'x: a\0b',
    'x: a\rb',
    'x: \x01',
    'x: \x7f',
    'x\x0b: y',
    '(x): y',
  ].map((line) => broken(`header ${JSON.stringify(line)}`, [line, length], ping)),
  broken('a folded header', ['X: y', ' z', length], ping, 'lenient'),
  broken('a bare line feed', [`X: y\n${length}`], ping, 'lenient'),
  broken('an early end by bare line feeds', [`X: y\n\n${length}`], ping, 'lenient'),
]

/** All of them, each kind as often as another. */
export const brokenFraming: readonly (readonly Broken[])[] = [lengths, encodings, chunks, headers]
