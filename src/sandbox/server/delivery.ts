import type { ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import type { Fault } from '../faults/faults.ts'
import { blankMebibytes, blanks, type Parcel } from './encode-reply.ts'

/** Sends an answer, completely or as a fault requires. */
export async function deliver(
  response: ServerResponse,
  { status, headers, type, bytes }: Parcel,
  how?: Fault,
): Promise<void> {
  const bodiless = status === 204 || status === 304
  response.writeHead(status, {
    ...(type !== '' && { 'content-type': type }),
    ...(!bodiless && how?.kind !== 'huge' && { 'content-length': bytes.length }),
    ...headers,
  })
  switch (how?.kind) {
    case 'truncate':
    case 'stall': {
      const half = bytes.subarray(0, bytes.length >> 1)
      const ends = how.kind === 'truncate'
      return void response.write(half, () => ends && response.destroy())
    }
    case 'huge':
      for (let sent = 0; sent < blankMebibytes && !response.destroyed; sent++) await write(response, blanks)
      break
    case 'drip':
      return drip(response, bytes, how.ms ?? 5)
  }
  response.end(bytes)
}

/** Resolves when the client has accepted the bytes or is gone. */
function write(response: ServerResponse, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => response.write(bytes, () => resolve()))
}

async function drip(response: ServerResponse, bytes: Buffer, ms: number): Promise<void> {
  const size = Math.max(1, Math.ceil(bytes.length / 20))
  for (let from = 0; from < bytes.length && !response.destroyed; from += size) {
    if (from > 0) await pause(ms, undefined, { ref: false })
    response.write(bytes.subarray(from, from + size))
  }
  response.end()
}
