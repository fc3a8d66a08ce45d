import { crc32, deflateSync, inflateSync } from 'node:zlib'

// Chromium packs its pictures fast. Packed thoroughly, and with rows as they are, those of a page with text are a quarter
// smaller, pixel for pixel the same (https://www.w3.org/TR/png-3/).

const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')

interface Chunk {
  readonly type: string
  readonly data: Buffer
}

function chunksOf(png: Buffer): Chunk[] {
  const chunks: Chunk[] = []
  for (let at = signature.length; at < png.length; ) {
    const length = png.readUInt32BE(at)
    chunks.push({
      type: png.toString('latin1', at + 4, at + 8),
      data: png.subarray(at + 8, at + 8 + length),
    })
    at += length + 12
  }
  return chunks
}

function chunkBytes({ type, data }: Chunk): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}

/** What the filter of type 4 expects, from the bytes at the left, above, and above at the left. */
function paeth(left: number, up: number, upLeft: number): number {
  const [toLeft, toUp, toUpLeft] = [
    Math.abs(up - upLeft),
    Math.abs(left - upLeft),
    Math.abs(left + up - 2 * upLeft),
  ]
  if (toLeft <= toUp && toLeft <= toUpLeft) return left
  return toUp <= toUpLeft ? up : upLeft
}

const filters: readonly ((left: number, up: number, upLeft: number) => number)[] = [
  () => 0,
  (left) => left,
  (_left, up) => up,
  (left, up) => (left + up) >> 1,
  paeth,
]

/** Rows without their filters, each behind a 0. */
function unfiltered(rows: Buffer, rowBytes: number, pixelBytes: number): Buffer {
  const plain = Buffer.from(rows)
  for (let start = 0; start < plain.length; start += rowBytes + 1) {
    const expected = filters[plain[start] ?? 0]
    if (!expected) throw new Error('The picture has a filter that nobody knows.')
    plain[start] = 0
    for (let at = start + 1; at <= start + rowBytes; at++) {
      const isFirst = at <= start + pixelBytes
      const above = at - rowBytes - 1
      const left = isFirst ? 0 : (plain[at - pixelBytes] ?? 0)
      const up = above < 0 ? 0 : (plain[above] ?? 0)
      const upLeft = isFirst || above < 0 ? 0 : (plain[above - pixelBytes] ?? 0)
      plain[at] = (plain[at] ?? 0) + expected(left, up, upLeft)
    }
  }
  return plain
}

/** The same picture in fewer bytes. Throws for what is no screenshot of Chromium: 8 bits a colour, in one pass. */
export function repackPng(png: Buffer): Buffer {
  const chunks = chunksOf(png)
  const [header] = chunks
  const pixelBytes = { 2: 3, 6: 4 }[header?.data[9] ?? 0]
  if (header?.type !== 'IHDR' || header.data[8] !== 8 || header.data[12] !== 0 || pixelBytes === undefined)
    throw new Error('The picture is no screenshot of Chromium.')
  const packed = chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data)
  const rows = inflateSync(Buffer.concat(packed))
  const plain = unfiltered(rows, header.data.readUInt32BE(0) * pixelBytes, pixelBytes)
  const data = deflateSync(plain, { level: 9, memLevel: 9 })
  const small = [header, { type: 'IDAT', data }, { type: 'IEND', data: Buffer.alloc(0) }].map(chunkBytes)
  return Buffer.concat([signature, ...small])
}
