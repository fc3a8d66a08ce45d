import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import type { Sandbox } from '../../../src/sandbox/sandbox.ts'

type Json = Readonly<Record<string, unknown>>

/** What somebody between us and the sandbox makes of a request, and of its answer; undefined leaves it. */
export interface Bends {
  readonly asked?: (path: string, body: string) => string | undefined
  readonly answered?: (path: string, answer: Json, asked: string) => Json | undefined
}

/** The sandbox as a platform that behaves otherwise; gone when the test is over. Its requests are those of the sandbox. */
export async function bentPlatform<S extends Sandbox>(sandbox: S, { asked, answered }: Bends): Promise<S> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { method = 'GET', url: path = '/' } = request
    const came = Buffer.concat(chunks).toString()
    const body = asked?.(path, came) ?? came
    const { host: _, connection: __, 'content-length': ___, ...headers } = request.headers
    const reply = await fetch(sandbox.gatewayUrl + path, {
      method,
      headers: headers as Record<string, string>,
      ...(body !== '' && { body }),
    })
    const text = await reply.text()
    const bent = text.startsWith('{') ? answered?.(path, JSON.parse(text) as Json, body) : undefined
    const type = reply.headers.get('content-type') ?? 'text/plain'
    response.writeHead(reply.status, { 'content-type': type })
    response.end(bent ? JSON.stringify(bent) : text)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { ...sandbox, gatewayUrl: url, apiUrl: url }
}

/** Changes every row of the lists, and the records, that come from a path. */
export function inRows(of: RegExp, change: (row: Json) => Json): Required<Pick<Bends, 'answered'>> {
  return {
    answered: (path, answer) => {
      const body = answer['body'] as Json | undefined
      if (!of.test(path) || typeof body !== 'object') return undefined
      const list = body['list'] as readonly Json[] | undefined
      return { ...answer, body: list ? { ...body, list: list.map(change) } : change(body) }
    },
  }
}
