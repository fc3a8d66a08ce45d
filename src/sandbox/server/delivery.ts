import type { ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import type { Fault } from '../faults/faults.ts'
import { blankMebibytes, blanks, type EncodedReply } from './encode-reply.ts'

/** Sends a reply, completely or as a fault requires. */
export async function deliver(
  response: ServerResponse,
  { status, headers, type, bytes }: EncodedReply,
  transportFault?: Fault,
): Promise<void> {
  const bodiless = status === 204 || status === 304
  response.writeHead(status, {
    ...(type !== '' && { 'content-type': type }),
    ...(!bodiless && transportFault?.kind !== 'huge' && { 'content-length': bytes.length }),
    ...headers,
  })
  switch (transportFault?.kind) {
    case 'truncate':
    case 'stall': {
      const half = bytes.subarray(0, bytes.length >> 1)
      const closesEarly = transportFault.kind === 'truncate'
      return void response.write(half, () => closesEarly && response.destroy())
    }
    case 'huge':
      for (let sent = 0; sent < blankMebibytes && !response.destroyed; sent++) await write(response, blanks)
      break
    case 'drip':
      return drip(response, bytes, transportFault.ms ?? 5)
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
