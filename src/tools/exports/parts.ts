import { closeSync } from 'node:fs'
import type { ExportFolder } from './folder.ts'

/** Bytes of the longest text that a client is given at once. */
export const longestPart = 1_048_576

/** Where a line most likely ends is looked for first. */
const tail = 65_536
const newline = 10

/** Ends of parts lie behind a line, or at least behind a whole character where a line is longer than a part. */
function endOf(folder: ExportFolder, fd: number, start: number, size: number): number {
  const most = start + longestPart
  if (most >= size) return size
  for (const length of [tail, longestPart]) {
    const at = folder.readAt(fd, length, most - length).lastIndexOf(newline)
    if (at >= 0) return most - length + at + 1
  }
  const [, ...rest] = [...folder.readAt(fd, 4, most - 3)].reverse()
  const continued = ((folder.readAt(fd, 1, most)[0] ?? 0) & 0xc0) === 0x80
  // The byte behind goes on with a character: it begins up to three bytes before.
  return continued ? most - 1 - rest.findIndex((byte) => (byte & 0xc0) !== 0x80) : most
}

/** A file in parts: each is whole lines, and no larger than a client takes at once. */
export interface Parts {
  readonly size: number
  readonly count: number
  /** The text of a part, counted from 1; undefined where there is none. */
  readonly text: (part: number) => string | undefined
}

/** Looks at a file of the folder, and hands its parts to some work; undefined where there is no such file. */
export function withParts<T>(folder: ExportFolder, name: string, work: (parts: Parts) => T): T | undefined {
  const size = folder.stats(name)?.size
  const fd = size === undefined ? undefined : folder.open(name, 'read')
  if (size === undefined || fd === undefined) return undefined
  try {
    const ends = [0]
    do ends.push(endOf(folder, fd, ends.at(-1) ?? 0, size))
    while ((ends.at(-1) ?? size) < size)
    const text = (part: number): string | undefined => {
      const [start, end] = ends.slice(part - 1, part + 1)
      return part < 1 || start === undefined || end === undefined
        ? undefined
        : folder.readAt(fd, end - start, start).toString()
    }
    return work({ size, count: ends.length - 1, text })
  } finally {
    closeSync(fd)
  }
}
