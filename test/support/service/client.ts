import { Agent, type ClientRequest, type OutgoingHttpHeaders, request } from 'node:http'
import { type Answer, answerOf, type Json } from './answer.ts'
import { tokenOf } from './callers.ts'

/** The revisions of the protocol that the service speaks. */
export const revisions = ['2025-11-25', '2026-07-28'] as const
export type Revision = (typeof revisions)[number]

/** How a client differs from one of 2026-07-28 without forms. */
export interface ClientOptions {
  readonly revision?: Revision
  /** In place of the caller's own. */
  readonly token?: string
  readonly capabilities?: Json
  /** The `Mcp-Session-Id` that it sends. */
  readonly session?: string
  readonly host?: string
}

/** Members of one request that differ from the usual ones; a header that is undefined is left out. */
export interface Sending {
  readonly headers?: Readonly<Record<string, string | undefined>>
  readonly path?: string
  readonly method?: string
  readonly signal?: AbortSignal
}

/** The capabilities of a client that shows forms. */
export const forms: Json = { elicitation: { form: {} } }
export const yes: Json = { action: 'accept', content: { approve: true } }
export const no: Json = { action: 'decline' }

// Connections are kept, as clients keep them; idle ones do not keep the process.
const agent = new Agent({ keepAlive: true, maxSockets: 64 })

/** The envelope of a request of 2026-07-28. */
export const envelope = (capabilities: Json = {}): Json => ({
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'by hand', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': capabilities,
})

/** Sends exactly this; rejects with Node's error, such as an abort. `onData` is told of all that came so far. */
export function sendHttp(
  port: number,
  {
    host = '127.0.0.1',
    headers,
    body,
    path = '/mcp',
    method = 'POST',
    signal,
    onData,
    onRequest,
  }: {
    readonly host?: string
    readonly headers: OutgoingHttpHeaders
    readonly body: string | Buffer
    readonly path?: string
    readonly method?: string
    readonly signal?: AbortSignal | undefined
    readonly onData?: ((text: string) => void) | undefined
    readonly onRequest?: (request: ClientRequest) => void
  },
): Promise<Answer> {
  const answer = new Promise<Answer>((resolve, reject) => {
    const sent = request(
      { port, host, path, method, headers, agent, ...(signal && { signal }) },
      (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (part: string) => {
          text += part
          onData?.(text)
        })
        response.on('error', reject)
        response.on('end', () => resolve(answerOf(response.statusCode ?? 0, response.headers, text)))
      },
    )
    onRequest?.(sent)
    sent.on('error', reject)
    sent.end(body)
  })
  // A test that fails before it awaits an answer fails by itself.
  answer.catch(() => undefined)
  return answer
}

/** A client that sends MCP over HTTP by hand, in one revision and with one token. */
export class ServiceClient {
  readonly port: number
  readonly revision: Revision
  readonly #token: string
  readonly #capabilities: Json
  readonly #host: string
  #last = 0
  session: string | undefined

  constructor(port: number, name: string, options: ClientOptions = {}) {
    this.port = port
    this.revision = options.revision ?? '2026-07-28'
    this.#token = options.token ?? tokenOf(name)
    this.#capabilities = options.capabilities ?? {}
    this.#host = options.host ?? '127.0.0.1'
    this.session = options.session
  }

  get isModern(): boolean {
    return this.revision === '2026-07-28'
  }

  /** The headers of a message, as the revision wants them. */
  headersFor(method: string | undefined, params: Json = {}): Record<string, string> {
    const name = params['name'] ?? params['uri']
    return {
      authorization: `Bearer ${this.#token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': this.revision,
      ...(this.session !== undefined && { 'mcp-session-id': this.session }),
      ...(this.isModern && method !== undefined && { 'mcp-method': method }),
      ...(this.isModern && typeof name === 'string' && { 'mcp-name': name }),
    }
  }

  /** The next message of a request, with the envelope of the revision. */
  messageOf(
    method: string,
    { _meta = {}, ...params }: { readonly _meta?: Json } & Json = {},
  ): Json & { id: number } {
    const id = ++this.#last
    const meta = this.isModern ? { ...envelope(this.#capabilities), ..._meta } : _meta
    const hasMeta = Object.keys(meta).length > 0
    return { jsonrpc: '2.0', id, method, params: { ...params, ...(hasMeta && { _meta: meta }) } }
  }

  /** Sends a body with the headers of a message; those of `sending` replace them. */
  post(
    body: unknown,
    sending: Sending & {
      readonly onData?: (text: string) => void
      readonly onRequest?: (request: ClientRequest) => void
    } = {},
  ): Promise<Answer> {
    const message = (body ?? {}) as { readonly method?: string; readonly params?: Json }
    const headers: Record<string, string> = this.headersFor(message.method, message.params)
    for (const [name, value] of Object.entries(sending.headers ?? {})) {
      if (value === undefined) delete headers[name]
      else headers[name] = value
    }
    const text = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body)
    return sendHttp(this.port, { host: this.#host, ...sending, headers, body: text })
  }

  request(
    method: string,
    params: { readonly _meta?: Json } & Json = {},
    sending: Sending = {},
  ): Promise<Answer> {
    return this.post(this.messageOf(method, params), sending)
  }

  call(name: string, args: object = {}, more: Json = {}, sending: Sending = {}): Promise<Answer> {
    return this.request('tools/call', { name, arguments: args, ...more }, sending)
  }

  /** A call whose rows are wanted as data. */
  callForRows(name: string, args: object = {}, more: Json = {}): Promise<Answer> {
    return this.call(name, args, {
      ...more,
      _meta: { 'qualys-mcp/reply': 'json', ...(more['_meta'] as Json) },
    })
  }

  /** The same call again, with an answer and a state from any source. */
  answerQuestion(name: string, args: object, state: unknown, answer: Json = yes): Promise<Answer> {
    return this.call(name, args, { inputResponses: { approval: answer }, requestState: state })
  }

  /** Opens a connection of 2025, and keeps the id that the service gives out. */
  async initialize(): Promise<Answer> {
    const answer = await this.request('initialize', {
      protocolVersion: '2025-11-25',
      capabilities: this.#capabilities,
      clientInfo: { name: 'by hand', version: '1' },
    })
    const session = answer.headers['mcp-session-id']
    if (typeof session === 'string') this.session = session
    return answer
  }

  /** Names of the tools that are listed. */
  async toolNames(): Promise<readonly string[]> {
    const { result } = await this.request('tools/list')
    return ((result?.['tools'] ?? []) as readonly { readonly name: string }[]).map(({ name }) => name)
  }
}
