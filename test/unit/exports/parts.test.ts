import { openSync } from 'node:fs'
import { devNull } from 'node:os'
import { describe, expect, test } from 'vitest'
import type { ExportFolder } from '../../../src/tools/exports/folder.ts'
import { maxPartBytes, withParts } from '../../../src/tools/exports/parts.ts'

// A file in parts: each of whole lines, or at least of whole characters, and no larger than a client reads at once.

/** A folder with one file. */
const folderOf = (bytes: Buffer | undefined): ExportFolder =>
  ({
    stats: () => bytes && { size: bytes.length },
    open: () => bytes && openSync(devNull, 'r'),
    readAt: (_fd: number, length: number, place: number) => bytes?.subarray(place, place + length),
  }) as unknown as ExportFolder

const partsOf = (text: string): string[] =>
  withParts(folderOf(Buffer.from(text)), 'a file', ({ count, text: part }) =>
    Array.from({ length: count }, (_, at) => part(at + 1) ?? ''),
  ) ?? []

/** A line of this number of bytes, its line break included. */
const line = (bytes: number, letter = 'x'): string => `${letter.repeat(bytes - 1)}\n`

describe('a file', () => {
  test.each([
    ['', 1],
    ['a line\n', 1],
    [line(maxPartBytes), 1],
    [line(maxPartBytes - 10) + line(10), 1],
    [line(maxPartBytes - 10) + line(11), 2],
    [line(700_000) + line(700_000) + line(700_000), 3],
    [line(500_000) + line(500_000) + line(500_000), 2],
    [line(100) + line(maxPartBytes), 2],
  ])('%#: is split at lines, into parts of at most a mebibyte', (text, count) => {
    const parts = partsOf(text)
    expect(parts.join('') === text).toBe(true)
    expect(parts).toHaveLength(count)
    for (const part of parts) {
      expect(Buffer.byteLength(part)).toBeLessThanOrEqual(maxPartBytes)
      expect(part === '' || part.endsWith('\n')).toBe(true)
    }
  })

  test('ends its parts after the last line that fits, wherever that is', () => {
    const text = line(10) + line(maxPartBytes - 20) + line(100)
    expect(partsOf(text).map((part) => part.length)).toEqual([maxPartBytes - 10, 100])
    const far = line(200_000) + line(maxPartBytes - 100_000) + line(10)
    expect(partsOf(far).map((part) => part.length)).toEqual([200_000, maxPartBytes - 100_000 + 10])
  })
})

describe('a line longer than a part', () => {
  test.each([
    ['€'.repeat(1_000_000), 3],
    [`a${'€'.repeat(1_000_000)}`, 3],
    [`ab${'€'.repeat(1_000_000)}`, 3],
    [`a${'😀'.repeat(700_000)}`, 3],
    [`ab${'😀'.repeat(700_000)}`, 3],
    [`abc${'😀'.repeat(700_000)}`, 3],
    ['ü'.repeat(600_000), 2],
    ['x'.repeat(maxPartBytes + 1), 2],
    ['x'.repeat(maxPartBytes), 1],
  ])('%#: is cut between characters', (text, count) => {
    const parts = partsOf(text)
    expect(parts.join('') === text).toBe(true)
    expect(parts).toHaveLength(count)
  })
})

describe('parts', () => {
  test('are counted from 1, and there is none beyond', () => {
    const numbers = [-1, 0, 1, 2, 3]
    const found = withParts(folderOf(Buffer.from(line(maxPartBytes) + line(5))), 'a file', ({ text }) =>
      numbers.map((number) => text(number)?.length),
    )
    expect(found).toEqual([undefined, undefined, maxPartBytes, 5, undefined])
  })

  test('of a missing file are none', () => {
    expect(withParts(folderOf(undefined), 'a file', () => 'found')).toBeUndefined()
  })

  test('know the size of the file', () => {
    expect(withParts(folderOf(Buffer.from('größe')), 'a file', ({ size }) => size)).toBe(7)
  })
})
