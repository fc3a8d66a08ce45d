import { type IncomingHttpHeaders, request } from 'node:http'

/** An answer as it came, before anybody has unpacked it. */
export interface Raw {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly bytes: Buffer
  /** The chunks it came in. */
  readonly chunks: number
}

/** Asks without fetch, which would unpack the answer and refuse odd ones. */
export function raw(
  url: string,
  { method = 'POST', headers = {}, body = '' }: { method?: string; headers?: object; body?: string } = {},
): Promise<Raw> {
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
