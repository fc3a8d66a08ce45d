import { type IncomingHttpHeaders, request } from 'node:http'

/** A response without decompression. */
export interface RawReply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly bytes: Buffer
  /** The chunks as received. */
  readonly chunks: number
}

/** Sends a request without fetch, which would decompress the response and refuse unusual ones. */
export function rawRequest(
  url: string,
  { method = 'POST', headers = {}, body = '' }: { method?: string; headers?: object; body?: string } = {},
): Promise<RawReply> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers: { ...headers } }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          bytes: Buffer.concat(chunks),
          chunks: chunks.length,
        }),
      )
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
