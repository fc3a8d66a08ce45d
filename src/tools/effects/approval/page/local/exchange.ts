import type { IncomingMessage, ServerResponse } from 'node:http'
import type { PageApp, PageRequest, PageResponse } from '../contract.ts'
import { noticePage } from '../html/notice-view.ts'
import { maxBodyBytes } from '../safety/checks.ts'
import { pageResponse, withSafety } from '../safety/headers.ts'

/** What is read of a body that is too large before the connection ends. */
const maxReadBytes = 16 * maxBodyBytes

/** The body, or the beginning of one that is too large; undefined if the connection ended before. */
function bodyOf(req: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let read = 0
  return new Promise((resolve) => {
    req.on('data', (chunk: Buffer) => {
      if (read <= maxBodyBytes) chunks.push(chunk)
      read += chunk.length
      // The client still sends, and reads no answer before it is done.
      if (read > maxReadBytes) req.destroy()
    })
    req.once('end', () => resolve(Buffer.concat(chunks)))
    req.once('close', () => resolve(undefined))
  })
}

function send(res: ServerResponse, { status, headers, body }: PageResponse): void {
  if (res.destroyed || res.headersSent) return
  res.writeHead(status, { ...(headers as Record<string, string>), 'content-length': Buffer.byteLength(body) })
  res.end(body)
}

const refuse = (status: number, sentence: string): PageResponse =>
  withSafety(pageResponse(status, noticePage('This is not answered', sentence)))

/** The path and query of a request; undefined for a whole address, which would name another host than the header. */
function targetOf({ url = '' }: IncomingMessage): URL | undefined {
  if (!/^\/(?!\/)/.test(url) || !URL.canParse(url, 'http://localhost')) return undefined
  return new URL(url, 'http://localhost')
}

/**
 * Answers one request. The Host header has to name the page exactly: a page of another site can have a name of its own
 * lead to this machine (DNS rebinding), and with another port the origin of the browser would be another one.
 */
export async function answerRequest(
  app: PageApp,
  origin: string,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const { host, port } = new URL(origin)
  const [named, ...others] = req.headersDistinct['host'] ?? []
  const target = targetOf(req)
  if (named !== host || others.length > 0 || !target) {
    req.resume()
    const sentence = `The page is at ${origin}, with exactly this name and port: from another machine, forward the same port on both sides (ssh -L ${port}:localhost:${port}).`
    return send(res, refuse(target ? 403 : 400, sentence))
  }
  const { method = '', headers } = req
  const body = method === 'POST' ? await bodyOf(req) : Buffer.alloc(0)
  if (!body) return
  if (method !== 'POST') req.resume()
  const request: PageRequest = {
    method,
    path: target.pathname,
    query: target.searchParams,
    headers,
    body,
  }
  send(res, await app.handle(request))
}
