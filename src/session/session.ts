import { createHash } from 'node:crypto'
import type { Operation } from '../operations/operation.ts'
import type { Settings } from '../settings.ts'
import type { Account } from './account.ts'
import { openPosition, type Position, sealPosition } from './continuation.ts'
import { failureOf } from './failure.ts'
import type { Limits } from './limits.ts'
import { login } from './login.ts'
import { askFor, type Placed, readBatch } from './paging.ts'
import { type Payload, productOf } from './product.ts'
import { type Row, readRecord } from './record.ts'
import { buildRequest, type Request } from './request.ts'
import { claimsOf, TokenKeeper } from './token.ts'
import { type Reply, Wire } from './wire.ts'

/** Validated arguments of a tool: the operation's own, and how the list is walked. */
export type Arguments = Readonly<Record<string, unknown>>

export interface CallOptions {
  readonly signal?: AbortSignal | undefined
  /** Rows looked at so far, while a list is scanned. */
  readonly progress?: ((scanned: number, total: number | undefined) => void) | undefined
  /** Keeps some rows only; the list is then scanned over many pages for them. */
  readonly keep?: ((row: Row) => boolean) | undefined
}

/** Some rows of a list. */
export interface Page {
  readonly kind: 'page'
  readonly rows: readonly Row[]
  /** Rows of the list before the first one looked at. */
  readonly before: number
  /** Rows looked at: more than `rows` where only some are kept. */
  readonly scanned: number
  readonly total?: number
  /** Fields that are not as documented. */
  readonly drift: readonly string[]
  /** Why rows beyond cannot be reached, where that is so. */
  readonly wall?: string
  /** The token that goes on behind the first `shown` of `rows`; undefined at the end of the list. */
  readonly continuation: (shown: number) => string | undefined
}

export interface Single {
  readonly kind: 'record'
  readonly record: Row
  readonly drift: readonly string[]
}

export interface Download {
  readonly kind: 'file'
  readonly bytes: Buffer
  readonly mediaType: string
  readonly filename?: string
}

export type Answer = Page | Single | Download

/** What is known of the link to Qualys, without asking it anything. */
export interface LinkState {
  readonly account: Account
  readonly loggedIn: boolean
  readonly minutesLeft?: number
  readonly limits: Limits
}

interface Link {
  readonly account: Account
  readonly wire: Wire
  readonly tokens: TokenKeeper
}

/** Says which part of a list's arguments may change from page to page. */
const changeable = new Set(['pageSize', 'fields', 'continuationToken'])
const defaultPageSize = 20
/** "it is recommended that you use smaller page sizes of 1000 to 2000 records" (getting_started.htm). */
const scanBatch = 1_000
/** Outputs may have a megabyte each. */
const heavyBatch = 50
const mostScanned = 10_000
const mostCalls = 20

const pick = (args: Arguments, wanted: (name: string) => boolean): Arguments =>
  Object.fromEntries(Object.entries(args).filter(([name, value]) => wanted(name) && value !== undefined))

/** The conversation with Qualys for one account. */
export class Session {
  readonly #settings: Settings
  readonly #findAccount: () => Promise<Account>
  #link: Promise<Link> | undefined

  /** The account is looked up at the first call, so that listing tools needs none. */
  constructor(settings: Settings, findAccount: () => Promise<Account>) {
    this.#settings = settings
    this.#findAccount = findAccount
  }

  /** The story of one call. */
  async call(operation: Operation, args: Arguments, options: CallOptions = {}): Promise<Answer> {
    const link = await this.#connect()
    const input = pick(args, (name) => name in operation.input)
    if (operation.returns === 'rows') return this.#page(link, operation, input, args, options)
    const reply = await this.#send(
      link,
      operation,
      buildRequest(operation, input, {}, link.account, this.#settings.routes),
      options,
    )
    if (operation.returns === 'file') return downloadOf(reply)
    const drift = new Set<string>()
    const { record } = productOf(operation).unwrap(reply.text, operation)
    return { kind: 'record', record: readRecord(operation, record, drift), drift: [...drift] }
  }

  /** Logs in if need be, and says what is known. */
  async state(): Promise<LinkState> {
    const { account, tokens, wire } = await this.#connect()
    await tokens.get()
    const minutesLeft = tokens.minutesLeft()
    return { account, loggedIn: true, limits: wire.limits, ...(minutesLeft !== undefined && { minutesLeft }) }
  }

  async close(): Promise<void> {
    if (this.#link) await (await this.#link).wire.close()
  }

  #connect(): Promise<Link> {
    this.#link ??= this.#findAccount().then(
      (account) => {
        const wire = new Wire(account, this.#settings)
        return { account, wire, tokens: new TokenKeeper(() => login(account, wire)) }
      },
      (error: unknown) => {
        this.#link = undefined
        throw error
      },
    )
    return this.#link
  }

  async #page(
    link: Link,
    operation: Operation,
    input: Arguments,
    args: Arguments,
    options: CallOptions,
  ): Promise<Page> {
    const binding = {
      tool: operation.name,
      account: await identityOf(link),
      query: pick(args, (name) => !changeable.has(name)),
    }
    const token = args['continuationToken']
    const start: Position = token === undefined ? [0] : openPosition(String(token), binding)
    const found = await this.#scan(
      link,
      operation,
      input,
      start,
      Number(args['pageSize'] ?? defaultPageSize),
      options,
    )
    return {
      kind: 'page',
      rows: found.rows.map(({ record }) => record),
      before: start[0],
      scanned: found.scanned,
      ...(found.total !== undefined && { total: found.total }),
      ...(found.wall !== undefined && { wall: found.wall }),
      drift: found.drift,
      continuation: (shown) => {
        const cut = shown < found.rows.length
        const behind = cut ? found.rows[shown - 1]?.behind : found.more ? found.at : undefined
        return behind && sealPosition(behind, binding)
      },
    }
  }

  /** Collects up to `want` rows behind `start`: one upstream call, or many small ones where only some rows are kept. */
  async #scan(
    link: Link,
    operation: Operation,
    input: Arguments,
    start: Position,
    want: number,
    options: CallOptions,
  ) {
    const paging = operation.paging ?? { kind: 'whole' }
    const sort = input['sort'] as readonly string[] | undefined
    const batchSize = !options.keep ? want : operation.heavy?.(input) ? heavyBatch : scanBatch
    const rows: (Placed & { readonly record: Row })[] = []
    const drift = new Set<string>()
    let at = start
    let scanned = 0
    let more = true
    let total: number | undefined
    let wall: string | undefined
    for (let calls = 0; more && rows.length < want && scanned < mostScanned && calls < mostCalls; calls++) {
      const ask = askFor(paging, at, batchSize, sort)
      const request = buildRequest(operation, input, ask.params, link.account, this.#settings.routes)
      const payload = this.#unwrap(operation, await this.#send(link, operation, request, options))
      const batch = readBatch(paging, ask, payload, at)
      total = batch.total ?? total
      wall = batch.wall
      more = batch.more
      for (const { record: raw, behind } of batch.rows) {
        if (rows.length === want) {
          more = true
          break
        }
        const record = readRecord(operation, raw, drift)
        at = behind
        scanned++
        if (!options.keep || options.keep(record)) rows.push({ record, behind })
      }
      options.progress?.(scanned, total)
      if (!options.keep) break
    }
    return { rows, at, scanned, more, total, wall, drift: [...drift] }
  }

  #unwrap(operation: Operation, reply: Reply): Payload {
    return productOf(operation).unwrap(reply.text, operation)
  }

  /** Sends with the token in force; a refused token is replaced once, and the request replayed. */
  async #send(
    { tokens, wire }: Link,
    operation: Operation,
    request: Request,
    { signal }: CallOptions,
  ): Promise<Reply> {
    const repeatable = operation.effect === 'read'
    const send = (token: string): Promise<Reply> =>
      wire.send(
        { ...request, headers: { ...request.headers, authorization: `Bearer ${token}` } },
        { repeatable, signal },
      )
    const token = await orAborted(tokens.get(), signal)
    let reply = await send(token)
    if (reply.status === 401) {
      tokens.refused(token)
      reply = await send(await orAborted(tokens.get(), signal))
    }
    if (reply.status >= 300) throw failureOf(operation, reply, this.#settings.routes)
    return reply
  }
}

/** Who the tokens of this link speak for: part of every continuation token's checksum. */
async function identityOf({ account, tokens }: Link): Promise<string> {
  const { credentials, gatewayUrl } = account
  switch (credentials.kind) {
    case 'password':
      return `${gatewayUrl} ${credentials.username}`
    case 'client':
      return `${gatewayUrl} ${credentials.clientId}`
    case 'tokenFile': {
      const token = await tokens.get()
      return `${gatewayUrl} ${claimsOf(token).sub ?? createHash('sha256').update(token).digest('hex')}`
    }
  }
}

/** A shared login goes on for the others when one caller gives up. */
function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(signal.reason)
    if (signal.aborted) leave()
    signal.addEventListener('abort', leave, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave))
  })
}

function downloadOf({ bytes, headers }: Reply): Download {
  const filename = /filename="?([^";]+)"?/i.exec(headers['content-disposition'] ?? '')?.[1]
  return {
    kind: 'file',
    bytes,
    mediaType: headers['content-type'] ?? 'application/octet-stream',
    ...(filename !== undefined && { filename }),
  }
}
