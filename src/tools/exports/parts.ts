import { closeSync } from 'node:fs'
import type { ExportFolder } from './folder.ts'

/** Maximum bytes of one part. */
export const maxPartBytes = 1_048_576

/** A line break is first searched for in this many bytes at the end. */
const tailBytes = 65_536
const newline = 10

/** The end of a part: after a line or, if a line is longer than a part, after a whole character. */
function partEnd(folder: ExportFolder, fd: number, start: number, size: number): number {
  const limit = start + maxPartBytes
  if (limit >= size) return size
  for (const length of [tailBytes, maxPartBytes]) {
    const index = folder.readAt(fd, length, limit - length).lastIndexOf(newline)
    if (index >= 0) return limit - length + index + 1
  }
  const [, ...preceding] = [...folder.readAt(fd, 4, limit - 3)].reverse()
  const isContinuation = ((folder.readAt(fd, 1, limit)[0] ?? 0) & 0xc0) === 0x80
  // The next byte continues a character, which begins up to three bytes earlier.
  return isContinuation ? limit - 1 - preceding.findIndex((byte) => (byte & 0xc0) !== 0x80) : limit
}

/** A file in parts of whole lines, each small enough for one message to a client. */
export interface FileParts {
  readonly size: number
  readonly count: number
  /** The text of a part, counted from 1; undefined if there is none. */
  readonly text: (part: number) => string | undefined
}

/** Opens a file of the folder and passes its parts to `work`; undefined if there is no such file. */
export function withParts<T>(
  folder: ExportFolder,
  name: string,
  work: (parts: FileParts) => T,
): T | undefined {
  const size = folder.stats(name)?.size
  const fd = size === undefined ? undefined : folder.open(name, 'read')
  if (size === undefined || fd === undefined) return undefined
  try {
    const ends = [0]
    do ends.push(partEnd(folder, fd, ends.at(-1) ?? 0, size))
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
