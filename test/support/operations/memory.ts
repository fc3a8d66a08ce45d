import { type Configuration, type Environment, readSettings } from '../../../src/config/settings.ts'
import { passwordAccess, tokenAccess } from '../../../src/session/auth/access.ts'
import { accountOf } from '../../../src/session/auth/account.ts'
import { TokenKeeper } from '../../../src/session/auth/token.ts'
import { Connection, type Link } from '../../../src/session/connection.ts'
import { type Reply, type SendOptions, Wire } from '../../../src/session/http/client.ts'
import { Ahead } from '../../../src/session/paging/read-ahead.ts'
import { Directory } from '../../../src/session/requests/lookup-cache.ts'
import type { Request } from '../../../src/session/http/request.ts'
import { Session } from '../../../src/session/session.ts'
import { silent } from '../../../src/shared/log.ts'

// The real session without a network: what it would send is kept, and answered from memory.

/** An answer, as bytes or as what they say. */
export interface Answer {
  readonly status?: number | undefined
  /** JSON unless it is text. */
  readonly body?: unknown
  readonly base64?: string | undefined
  readonly contentType?: string | undefined
}

/** A request as it would be sent. */
export interface Sent {
  readonly origin: string
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export type Answers = (sent: Sent) => Answer

/** Where the account lives. */
export const gatewayUrl = 'https://gateway.qualys.example'
export const apiUrl = 'https://qualysapi.qualys.example'

const settings: Environment = {
  QUALYS_GATEWAY_URL: gatewayUrl,
  QUALYS_API_URL: apiUrl,
  QUALYS_USERNAME: 'a-user',
  QUALYS_PASSWORD: 'not the password',
  QUALYS_MAX_WAIT_SECONDS: '0',
}

function sentOf({ method, url, headers, body = '' }: Request): Sent {
  const query = Object.fromEntries(url.searchParams)
  return { origin: url.origin, method, path: url.pathname, query, headers, body }
}

function replyOf({ status = 200, body, base64, contentType = 'application/json' }: Answer): Reply {
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body)
  const bytes = base64 === undefined ? Buffer.from(text) : Buffer.from(base64, 'base64')
  return { status, headers: { 'content-type': contentType }, bytes, text: bytes.toString('utf8') }
}

/** Hands requests to whoever answers them. Time-outs, limits, redirects and retries are of the real one alone. */
class MemoryWire extends Wire {
  readonly sent: Sent[] = []
  readonly #answers: Answers

  constructor(answers: Answers, ...rest: ConstructorParameters<typeof Wire>) {
    super(...rest)
    this.#answers = answers
  }

  override async send(request: Request, { sending, heard }: SendOptions): Promise<Reply> {
    const sent = sentOf({ ...request, headers: { ...request.headers, ...sending?.() } })
    this.sent.push(sent)
    const reply = replyOf(this.#answers(sent))
    heard?.(reply)
    return reply
  }
}

class MemoryConnection extends Connection {
  readonly #made: Link

  constructor(made: Link, ...rest: ConstructorParameters<typeof Connection>) {
    super(...rest)
    this.#made = made
  }

  override open(): Promise<Link> {
    return Promise.resolve(this.#made)
  }
}

/** A session, what it sent so far, and what it was configured with. */
export interface Memory {
  readonly session: Session
  readonly sent: readonly Sent[]
  readonly configuration: Configuration
}

/** A session whose requests are answered from memory. */
export function sessionInMemory(answers: Answers, environment: Environment = {}): Memory {
  const configuration = readSettings({}, { ...settings, ...environment })
  const account = accountOf(configuration.settings)
  const wire = new MemoryWire(answers, account, configuration.settings, (text) => text, silent)
  const tokens = new TokenKeeper(async () => 'header.payload.signature')
  const { credentials } = account
  const link: Link = {
    account,
    wire,
    tokens,
    byToken: tokenAccess(tokens),
    byPassword: credentials.kind === 'password' ? passwordAccess(credentials) : undefined,
  }
  const connection = new MemoryConnection(link, configuration.settings, async () => account)
  const session = new Session({ connection, directory: new Directory(), ahead: new Ahead() })
  return { session, sent: wire.sent, configuration }
}
