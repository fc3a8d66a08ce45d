import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import type { Sandbox } from '../../../src/sandbox/sandbox.ts'

type Json = Readonly<Record<string, unknown>>

/** How a proxy alters a request and its answer; undefined leaves it unchanged. */
export interface Alterations {
  /** Called with each `METHOD /path` that arrives, before it is passed on to the sandbox. */
  readonly arrived?: (request: string) => Promise<void>
  readonly request?: (path: string, body: string) => string | undefined
  readonly answer?: (path: string, answer: Json, request: string) => Json | undefined
}

/** The answer of the sandbox; undefined if its connection breaks. */
async function answerOf(url: string, method: string, headers: Record<string, string>, body: string) {
  try {
    const reply = await fetch(url, { method, headers, ...(body !== '' && { body }) })
    return { reply, text: await reply.text() }
  } catch {
    return undefined
  }
}

/**
 * The sandbox behind a proxy that alters messages, closed after the test. `control` still shows the sandbox's
 * requests.
 */
export async function alteredPlatform<S extends Sandbox>(
  sandbox: S,
  { arrived, request: ask, answer: alter }: Alterations,
): Promise<S> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { method = 'GET', url: path = '/' } = request
    const received = Buffer.concat(chunks).toString()
    await arrived?.(`${method} ${path}`)
    const body = ask?.(path, received) ?? received
    const { host: _, connection: __, 'content-length': ___, ...headers } = request.headers
    const answer = await answerOf(sandbox.gatewayUrl + path, method, headers as Record<string, string>, body)
    // A broken connection to the sandbox breaks the one to the client.
    if (!answer) return void request.socket.destroy()
    const { reply, text } = answer
    const altered = text.startsWith('{') ? alter?.(path, JSON.parse(text) as Json, body) : undefined
    const type = reply.headers.get('content-type') ?? 'text/plain'
    response.writeHead(reply.status, { 'content-type': type })
    response.end(altered ? JSON.stringify(altered) : text)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { ...sandbox, gatewayUrl: url, apiUrl: url }
}

/** Changes every row of the lists and records from a path. */
export function alteringRows(of: RegExp, change: (row: Json) => Json): Required<Pick<Alterations, 'answer'>> {
  return {
    answer: (path, answer) => {
      const body = answer['body'] as Json | undefined
      if (!of.test(path) || typeof body !== 'object') return undefined
      const list = body['list'] as readonly Json[] | undefined
      return { ...answer, body: list ? { ...body, list: list.map(change) } : change(body) }
    },
  }
}

/** Addresses of a platform, as settings. */
export const addressesOf = ({ gatewayUrl, apiUrl }: Sandbox) => ({
  QUALYS_GATEWAY_URL: gatewayUrl,
  QUALYS_API_URL: apiUrl,
})

/** The sandbox behind a proxy that runs something the first time a request arrives, before it is passed on. */
export function interceptedPlatform<S extends Sandbox>(
  sandbox: S,
  hooks: Readonly<Record<string, () => unknown>>,
): Promise<S> {
  const left = new Map(Object.entries(hooks))
  return alteredPlatform(sandbox, {
    arrived: async (request) => {
      const hook = left.get(request)
      left.delete(request)
      await hook?.()
    },
  })
}
