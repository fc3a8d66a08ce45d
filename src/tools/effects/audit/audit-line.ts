import { createReadStream } from 'node:fs'
import { z } from 'zod'
import { createHash } from '../../../shared/crypto.ts'

/** Maximum bytes of a line; facts that do not fit are cut. */
export const maxLineBytes = 64 * 1024

/**
 * A line ends in `,"hash":"…"}`. The hash covers the line without this member, so that sha256sum can check
 * it too.
 */
const hashMemberPattern = /^,"hash":"([0-9a-f]{64})"\}$/
export const hashMemberLength = 75

/** The hash of a line, from the text before its hash. */
export function hashOf(text: string | Buffer): string {
  return createHash('sha256').update(text).update('}').digest('hex')
}

/** A line of the file; `bytes` is undefined for a line longer than this log ever writes. */
export interface Line {
  readonly number: number
  readonly bytes: Buffer | undefined
  readonly isClosed: boolean
}

/** The parts of a line. All of it may be hostile: verification prints ids and numbers only. */
const entrySchema = z.object({
  chain: z.uuid(),
  seq: z.int().min(0),
  prev: z.string(),
  event: z.string(),
  time: z.string().optional(),
  facts: z.unknown(),
  hash: z.string().max(64),
})

export type Entry = z.output<typeof entrySchema>

/**
 * The lines of a file, from a byte on: the first may be the rest of one. No line is held in memory beyond the length
 * that this log writes.
 */
export async function* linesIn(path: string, start = 0): AsyncGenerator<Line> {
  let number = 1
  let bytes: Buffer | undefined = Buffer.alloc(0)
  const append = (more: Buffer): Buffer | undefined =>
    bytes && bytes.length + more.length <= maxLineBytes ? Buffer.concat([bytes, more]) : undefined
  const file: AsyncIterable<Buffer> = createReadStream(path, { start, highWaterMark: 1 << 20 })
  for await (const chunk of file) {
    let from = 0
    for (let at = chunk.indexOf('\n'); at >= 0; at = chunk.indexOf('\n', from)) {
      yield { number, bytes: append(chunk.subarray(from, at)), isClosed: true }
      number += 1
      bytes = Buffer.alloc(0)
      from = at + 1
    }
    bytes = append(chunk.subarray(from))
  }
  if (bytes?.length !== 0) yield { number, bytes, isClosed: false }
}

export function parseEntry(bytes: Buffer): Entry | undefined {
  try {
    return entrySchema.safeParse(JSON.parse(bytes.toString('utf8'))).data
  } catch {
    return undefined
  }
}

/** True if a line matches its own hash, byte for byte. */
export function matchesHash(bytes: Buffer): boolean {
  const [, hash] = hashMemberPattern.exec(bytes.subarray(-hashMemberLength).toString('latin1')) ?? []
  return hash === hashOf(bytes.subarray(0, -hashMemberLength))
}
