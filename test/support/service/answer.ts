import type { IncomingHttpHeaders } from 'node:http'

// Answers over HTTP, of JSON and of streams alike.

export type Json = Readonly<Record<string, unknown>>

/** A message of JSON-RPC, as it came. */
export interface Message {
  readonly id?: unknown
  readonly method?: string
  readonly params?: Json
  readonly result?: Json
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown }
}

/** The answer to one HTTP request. */
export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** All messages in it: of a stream in their order, of JSON the one or those of a batch. */
  readonly messages: readonly Message[]
  /** The answer itself: the last message. */
  readonly message: Message
  readonly result: Json | undefined
  readonly error: Message['error']
  /** Everything that a model can read. */
  readonly text: string
  readonly isError: boolean
  /** What `qualys-mcp/error` says. */
  readonly kind: unknown
  readonly isStream: boolean
  /** The rows of a call that wanted them as data. */
  readonly rows: readonly Json[]
}

const isStreamIn = (headers: IncomingHttpHeaders): boolean =>
  headers['content-type']?.startsWith('text/event-stream') === true

function messagesIn(body: string, isStream: boolean): readonly Message[] {
  if (body === '') return []
  if (!isStream) {
    try {
      return [JSON.parse(body)].flat()
    } catch {
      return []
    }
  }
  return body
    .split('\n')
    .filter((line) => line.startsWith('data: ') && line !== 'data: ')
    .map((line) => JSON.parse(line.slice('data: '.length)))
}

function textOf({ result, error }: Message): string {
  if (error) return error.message
  const content = (result?.['content'] ?? []) as readonly { readonly text?: string }[]
  return content.map(({ text = '' }) => text).join('\n')
}

/** What came back. */
export function answerOf(status: number, headers: IncomingHttpHeaders, body: string): Answer {
  const isStream = isStreamIn(headers)
  const messages = messagesIn(body, isStream)
  const message = messages.at(-1) ?? {}
  const structured = message.result?.['structuredContent'] as { readonly rows?: readonly Json[] } | undefined
  const meta = (message.result?.['_meta'] ?? {}) as Readonly<Record<string, Json>>
  return {
    status,
    headers,
    body,
    messages,
    message,
    result: message.result,
    error: message.error,
    text: textOf(message),
    isError: message.error !== undefined || message.result?.['isError'] === true,
    kind: meta['qualys-mcp/error']?.['kind'],
    isStream,
    rows: structured?.rows ?? [],
  }
}
