import { type Configuration, type Environment, readSettings } from '../../../src/config/settings.ts'
import { accountOf } from '../../../src/session/auth/account.ts'
import { passwordAuthenticator, tokenAuthenticator } from '../../../src/session/auth/authenticator.ts'
import { TokenKeeper } from '../../../src/session/auth/token.ts'
import { Connection, type OpenConnection } from '../../../src/session/connection.ts'
import { HttpClient, type SendOptions } from '../../../src/session/http/client.ts'
import type { HttpRequest } from '../../../src/session/http/request.ts'
import { type HttpResponse, httpResponse } from '../../../src/session/http/response.ts'
import { DerivedCache } from '../../../src/session/paging/derived-cache.ts'
import { ReadAheadCache } from '../../../src/session/paging/read-ahead.ts'
import { ListCache } from '../../../src/session/requests/list-cache.ts'
import { LookupCache } from '../../../src/session/requests/lookup-cache.ts'
import { SecretsInUse } from '../../../src/session/secrets-in-use.ts'
import { Session } from '../../../src/session/session.ts'
import { silentLog } from '../../../src/shared/log.ts'

// The real session without a network: its requests are recorded, and answered from memory.

/** An answer, as bytes or as a value. */
export interface Answer {
  readonly status?: number | undefined
  /** JSON unless it is text. */
  readonly body?: unknown
  readonly base64?: string | undefined
  readonly contentType?: string | undefined
}

/** A request as it would be sent. */
export interface SentRequest {
  readonly origin: string
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export type Answers = (sent: SentRequest) => Answer

/** The host of the account. */
export const gatewayUrl = 'https://gateway.qualys.example'
export const apiUrl = 'https://qualysapi.qualys.example'

const settings: Environment = {
  QUALYS_GATEWAY_URL: gatewayUrl,
  QUALYS_API_URL: apiUrl,
  QUALYS_USERNAME: 'a-user',
  QUALYS_PASSWORD: 'not the password',
  QUALYS_MAX_WAIT_SECONDS: '0',
}

function sentOf({ method, url, headers, body = '' }: HttpRequest): SentRequest {
  const query = Object.fromEntries(url.searchParams)
  return { origin: url.origin, method, path: url.pathname, query, headers, body }
}

function replyOf({ status = 200, body, base64, contentType = 'application/json' }: Answer): HttpResponse {
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body)
  const bytes = base64 === undefined ? Buffer.from(text) : Buffer.from(base64, 'base64')
  return httpResponse(status, { 'content-type': contentType }, bytes)
}

/** Passes requests to the answering function. Only the real client has time-outs, limits, redirects and retries. */
class MemoryWire extends HttpClient {
  readonly sent: SentRequest[] = []
  readonly #answers: Answers

  constructor(answers: Answers, ...rest: ConstructorParameters<typeof HttpClient>) {
    super(...rest)
    this.#answers = answers
  }

  override async send(
    request: HttpRequest,
    { onBeforeSend, onResponse }: SendOptions,
  ): Promise<HttpResponse> {
    const sent = sentOf({ ...request, headers: { ...request.headers, ...onBeforeSend?.() } })
    this.sent.push(sent)
    const reply = replyOf(this.#answers(sent))
    onResponse?.(reply)
    return reply
  }
}

class MemoryConnection extends Connection {
  readonly #link: OpenConnection

  constructor(made: OpenConnection, ...rest: ConstructorParameters<typeof Connection>) {
    super(...rest)
    this.#link = made
  }

  override open(): Promise<OpenConnection> {
    return Promise.resolve(this.#link)
  }
}

/** A session, the requests it sent so far, and its configuration. */
export interface SessionInMemory {
  readonly session: Session
  readonly sent: readonly SentRequest[]
  readonly configuration: Configuration
}

/** A session whose requests are answered from memory. */
export function sessionInMemory(answers: Answers, environment: Environment = {}): SessionInMemory {
  const configuration = readSettings({}, { ...settings, ...environment })
  const account = accountOf(configuration.settings)
  const wire = new MemoryWire(answers, account, configuration.settings, (text) => text, silentLog)
  const tokens = new TokenKeeper(async () => 'header.payload.signature')
  const { credentials } = account
  const link: OpenConnection = {
    account,
    client: wire,
    tokens,
    tokenAuthenticator: tokenAuthenticator(tokens),
    passwordAuthenticator: credentials.kind === 'password' ? passwordAuthenticator(credentials) : undefined,
  }
  const connection = new MemoryConnection(
    link,
    configuration.settings,
    async () => account,
    new SecretsInUse(configuration.settings),
  )
  const session = new Session({
    connection,
    lookupCache: new LookupCache(),
    listCache: new ListCache(),
    readAhead: new ReadAheadCache(),
    derived: new DerivedCache(),
  })
  return { session, sent: wire.sent, configuration }
}
