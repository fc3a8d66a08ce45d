import {
  type McpHandlerRequestOptions,
  type Server,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server'
import { isObject } from '../../shared/json.ts'

// One exchange of the 2025 revisions, without a session, as the SDK's own fallback serves it; but with JSON where a call
// has no news, since the fallback streams every answer.

/** True if the handler will send nothing but the answer: progress is the only news, and goes to those who asked for it. */
function hasNews(message: unknown): boolean {
  if (Array.isArray(message)) return message.some(hasNews)
  if (!isObject(message)) return false
  const { params } = message
  const meta = isObject(params) ? params['_meta'] : undefined
  return isObject(meta) && meta['progressToken'] !== undefined
}

/** The body of a stream, which calls `onEnd` when it is read to its end or given up. */
function endingStream(body: ReadableStream<Uint8Array>, onEnd: () => void): ReadableStream<Uint8Array> {
  const reader = body.getReader()
  return new ReadableStream({
    pull: async (controller) => {
      const { done, value } = await reader.read()
      if (value !== undefined) controller.enqueue(value)
      if (!done) return
      onEnd()
      controller.close()
    },
    cancel: async (reason) => {
      onEnd()
      await reader.cancel(reason)
    },
  })
}

/** Serves one message with a server of its own. */
export async function serveStateless2025(
  server: Server,
  request: Request,
  { authInfo, parsedBody }: McpHandlerRequestOptions,
): Promise<Response> {
  // Without a generator of session ids there are no sessions.
  const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: !hasNews(parsedBody) })
  await server.connect(transport)
  const end = (): void => void server.close().catch(() => undefined)
  request.signal.addEventListener('abort', end, { once: true })
  const response = await transport.handleRequest(request, { parsedBody, ...(authInfo && { authInfo }) })
  const { body, status, headers } = response
  if (body === null || !headers.get('content-type')?.startsWith('text/event-stream')) {
    end()
    return response
  }
  return new Response(endingStream(body, end), { status, headers })
}
