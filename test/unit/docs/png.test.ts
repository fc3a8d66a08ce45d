import { randomBytes } from 'node:crypto'
import { crc32, deflateSync, inflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { repackPng } from '../../programs/docs/png.ts'

// Screenshots are packed again: in fewer bytes, pixel for pixel the same.

const signature = Buffer.from('89504e470d0a1a0a', 'hex')
const [width, height] = [7, 25]

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const numbers = Buffer.alloc(8)
  numbers.writeUInt32BE(data.length, 0)
  numbers.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([numbers.subarray(0, 4), body, numbers.subarray(4)])
}

/** The five filters of the specification, in the words of its section 9: a is at the left, b above, c above a. */
const filtered: readonly ((x: number, a: number, b: number, c: number) => number)[] = [
  (x) => x,
  (x, a) => x - a,
  (x, _a, b) => x - b,
  (x, a, b) => x - Math.floor((a + b) / 2),
  (x, a, b, c) => {
    const p = a + b - c
    const [nearest = 0] = [a, b, c].sort((one, other) => Math.abs(p - one) - Math.abs(p - other))
    return x - nearest
  },
]

/** A picture of these pixels, whose rows have each filter in turn. */
function pngOf(pixels: Buffer, bytes: 3 | 4, { interlace = 0 } = {}): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, bytes === 3 ? 2 : 6, 0, 0, interlace], 8)
  const at = (row: number, column: number): number =>
    row < 0 || column < 0 ? 0 : (pixels[row * width * bytes + column] ?? 0)
  const rows = Array.from({ length: height }, (_, row) => [
    row % 5,
    ...Array.from({ length: width * bytes }, (_, column) =>
      filtered[row % 5]?.(
        at(row, column),
        at(row, column - bytes),
        at(row - 1, column),
        at(row - 1, column - bytes),
      ),
    ),
  ])
  const data = deflateSync(Buffer.from(rows.flat() as number[]), { level: 1 })
  // In two chunks, as a large picture has it, and with one that says nothing of the pixels.
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('tEXt', Buffer.from('Software\0test')),
    chunk('IDAT', data.subarray(0, 40)),
    chunk('IDAT', data.subarray(40)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** The pixels of a picture without filters. */
function pixelsOf(png: Buffer, bytes: number): Buffer {
  const start = png.indexOf('IDAT')
  const rows = inflateSync(png.subarray(start + 4, start + 4 + png.readUInt32BE(start - 4)))
  const rowBytes = width * bytes + 1
  return Buffer.concat(
    Array.from({ length: height }, (_, row) => {
      expect(rows[row * rowBytes]).toBe(0)
      return rows.subarray(row * rowBytes + 1, (row + 1) * rowBytes)
    }),
  )
}

test.each([3, 4] as const)(
  'a picture of %i bytes a pixel keeps them, whatever the filters of its rows',
  (bytes) => {
    const pixels = randomBytes(width * height * bytes)
    const small = repackPng(pngOf(pixels, bytes))
    expect(pixelsOf(small, bytes)).toEqual(pixels)
    expect(repackPng(small)).toEqual(small)
    expect(small.includes('tEXt')).toBe(false)
  },
)

test('what is no screenshot is refused', () => {
  const pixels = randomBytes(width * height * 3)
  expect(() => repackPng(pngOf(pixels, 3, { interlace: 1 }))).toThrow('is no screenshot')
  expect(() => repackPng(Buffer.from('<svg/>'))).toThrow('is no screenshot')
})
