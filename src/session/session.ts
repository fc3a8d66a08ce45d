import type { Settings } from '../config/settings.ts'
import type { Input, Operation, Provided, Route } from '../operations/operation.ts'
import { DriftError } from '../shared/errors.ts'
import { canonical } from '../shared/json.ts'
import type { Log } from '../shared/log.ts'
import type { Redact } from '../shared/secrets.ts'
import type { Answer, Page, Row } from './answer.ts'
import { orAborted } from './auth/access.ts'
import type { Account } from './auth/account.ts'
import { identityOf } from './auth/identity.ts'
import { Connection, type Link } from './connection.ts'
import { orUnclear } from './failures/unclear-outcome.ts'
import type { HostTraffic } from './http/host.ts'
import { Caller } from './http/retry-budget.ts'
import { scan } from './paging/collect.ts'
import { type Binding, openPosition, type Position, sealPosition } from './paging/continuation.ts'
import { pageOf } from './paging/page.ts'
import { askFor, type Next, pagingOf, readBatch } from './paging/paging.ts'
import { Ahead } from './paging/read-ahead.ts'
import { type Stretch, type WalkOptions, walk } from './paging/walk.ts'
import { productOf } from './products/product-of.ts'
import { downloadOf } from './requests/download.ts'
import { Directory } from './requests/lookup-cache.ts'
import { type Inquired, inquired } from './requests/probe.ts'
import { readRecord } from './requests/record.ts'
import { provide } from './requests/references.ts'
import { type Answered, exchange } from './requests/send.ts'

/** Validated arguments of a tool: the operation's own, and those for paging. */
export type Arguments = Readonly<Record<string, unknown>>

export interface CallOptions {
  readonly signal?: AbortSignal | undefined
  /** Called with the number of rows scanned so far. */
  readonly progress?: ((scanned: number, total: number | undefined) => void) | undefined
  /** A filter; the list is then scanned over many pages. */
  readonly keep?: ((row: Row) => boolean) | undefined
  /** Called just before the request is sent. If it throws, the call stops. */
  readonly sending?: (() => void) | undefined
}

/** How a probe is sent. */
export interface InquiryOptions {
  readonly signal?: AbortSignal
  /** Replaces the operation's own route. */
  readonly route?: Route
  /** The paging fields: page size, sort, cursor. */
  readonly params?: Arguments
}

/** The state of the connection to Qualys. */
export interface LinkState {
  readonly account: Account
  /** Minutes until the token is renewed. */
  readonly minutesLeft?: number
}

/** The last reported limits of each host. */
export interface Traffic {
  readonly gateway: HostTraffic
  readonly apiServer: HostTraffic
}

/** Arguments that may change from page to page. */
const changeable = new Set(['pageSize', 'fields', 'continuationToken'])
const defaultPageSize = 20

const pick = (args: Arguments, wanted: (name: string) => boolean): Arguments =>
  Object.fromEntries(Object.entries(args).filter(([name, value]) => wanted(name) && value !== undefined))

/** What all calls of an account share. */
interface Shared {
  readonly connection: Connection
  readonly directory: Directory
  readonly ahead: Ahead
}

/** The conversation with Qualys for one account. */
export class Session {
  readonly #shared: Shared
  readonly #caller: Caller | undefined

  /** `caller`: all requests use its retry budget; without it each call has its own. */
  constructor(shared: Shared, caller?: Caller) {
    this.#shared = shared
    this.#caller = caller
  }

  /** The same session for one tool call; `tell` is called with what the call waits for. */
  for(tell: (news: string) => void): Session {
    return new Session(this.#shared, new Caller(this.#settings.maxWaitSeconds, tell))
  }

  /** Removes the secrets of the settings and the current token from a text. */
  readonly redact: Redact = (text) => this.#shared.connection.redact(text)

  /** The same object for every call of an account, as a key for state that belongs to the account. */
  get memory(): object {
    return this.#shared
  }

  get #settings(): Settings {
    return this.#shared.connection.settings
  }

  /** Runs one operation: resolves references, sends, reads the answer. */
  async call(operation: Operation, args: Arguments, options: CallOptions = {}): Promise<Answer> {
    const link = await this.#shared.connection.open()
    const input = inputOf(operation, args)
    if (operation.returns === 'rows') return this.#page(link, operation, input, args, options)
    const provided = await this.provide(operation, input, options)
    const reply = await this.#send(link, operation, input, provided, {}, options).finally(() => {
      // Pages show changes of this account at once.
      if (operation.effect !== 'read') this.#shared.ahead.forget()
    })
    if (operation.returns === 'file') return downloadOf(reply, operation, this.redact)
    const drift = new Set<string>()
    const { record } = orUnclear(operation, () => productOf(operation).unwrap(reply, operation))
    return { kind: 'record', record: readRecord(operation, record, drift), drift: [...drift] }
  }

  /**
   * Resolves the references of an operation and the secrets that it names. Throws an InputError for an
   * unknown one.
   */
  async provide(operation: Operation, args: Arguments, options: CallOptions = {}): Promise<Provided> {
    return provide(operation, inputOf(operation, args), this.#settings.secrets, (list, ids, fresh) =>
      this.find(list, ids, options, fresh),
    )
  }

  /**
   * Rows of a list by id; ids that the list does not show are left out. `fresh`: asks again, even if the
   * lookup cache has them.
   */
  find(
    list: Operation,
    ids: readonly string[],
    options: CallOptions = {},
    fresh = false,
  ): Promise<ReadonlyMap<string, Row>> {
    const walked = (operation: Operation, args: Arguments) => this.walk(operation, args, options)
    return this.#shared.directory.find(list, ids, walked, fresh)
  }

  /**
   * Yields every row of a list, in batches. A batch that is too large or too slow is asked for again in
   * halves.
   */
  async *walk(
    operation: Operation,
    args: Arguments,
    options: CallOptions & WalkOptions = {},
  ): AsyncGenerator<Stretch, void, void> {
    const link = await this.#shared.connection.open()
    const input = inputOf(operation, args)
    const provided = await this.provide(operation, input, options)
    // When the walk ends, nobody reads a batch that was fetched in advance.
    const ending = new AbortController()
    const signal = options.signal ? AbortSignal.any([options.signal, ending.signal]) : ending.signal
    const next = this.#next(link, operation, input, provided, { ...options, signal })
    try {
      yield* walk(operation, input, next, options)
    } finally {
      ending.abort()
    }
  }

  /**
   * Sends a read once, at its own route or another one, and reports the answer, refused or not: a probe of
   * how Qualys really answers.
   */
  async inquire(operation: Operation, args: Arguments, options: InquiryOptions = {}): Promise<Inquired> {
    const input = inputOf(operation, args)
    const { route, params = {}, signal } = options
    const routes = route ? { [operation.name]: route } : this.#settings.routes
    const caller = new Caller(0)
    const { redact } = this
    return inquired(operation, redact, async (heard) => {
      const link = await this.#shared.connection.open()
      const provided = await this.provide(operation, input, options)
      await exchange(link, {
        operation,
        input,
        provided,
        params,
        routes,
        caller,
        redact,
        signal,
        heard,
      })
    })
  }

  /** The state of the connection. Logs in if needed. */
  async state(signal?: AbortSignal): Promise<LinkState> {
    const { account, tokens } = await this.#shared.connection.open()
    await orAborted(tokens.get(this.#caller), signal)
    const minutesLeft = tokens.minutesLeft()
    return { account, ...(minutesLeft !== undefined && { minutesLeft }) }
  }

  /** The known limits, without a request. */
  async traffic(): Promise<Traffic> {
    const { account, wire } = await this.#shared.connection.open()
    const { gatewayUrl, apiUrl } = account
    return { gateway: wire.trafficAt(gatewayUrl), apiServer: wire.trafficAt(apiUrl) }
  }

  /** Who acts, and on which host. Part of everything that only this account may continue. */
  async identity(operation: Operation): Promise<string> {
    const { account, tokens } = await this.#shared.connection.open()
    return identityOf(account, productOf(operation), tokens)
  }

  /** Encodes a position in a list as a token for these arguments. */
  async seal(operation: Operation, args: Arguments, position: Position): Promise<string> {
    return sealPosition(position, await this.#bind(operation, args))
  }

  /** Decodes such a token. Throws an InputError if it does not fit. */
  async open(operation: Operation, args: Arguments, token: string): Promise<Position> {
    return openPosition(token, await this.#bind(operation, args))
  }

  async #bind(operation: Operation, args: Arguments): Promise<Binding> {
    const query = pick(args, (name) => !changeable.has(name))
    return { tool: operation.name, account: await this.identity(operation), query }
  }

  /** Closes every connection. */
  close(): Promise<void> {
    return this.#shared.connection.close()
  }

  async #page(
    link: Link,
    operation: Operation,
    input: Arguments,
    args: Arguments,
    options: CallOptions,
  ): Promise<Page> {
    const binding = await this.#bind(operation, args)
    const token = args['continuationToken']
    const start: Position = token === undefined ? [0] : openPosition(String(token), binding)
    const { keep, progress } = options
    const wanted = { start, rows: Number(args['pageSize'] ?? defaultPageSize), keep, progress }
    const provided = await this.provide(operation, input, options)
    const plain = this.#next(link, operation, input, provided, options)
    const list = canonical(binding)
    const next = keep ? plain : this.#shared.ahead.through(plain, list, operation, input)
    const found = await scan(operation, input, wanted, next).catch((error: unknown) => {
      // Rows that cannot be read would fail the next try too.
      if (error instanceof DriftError) this.#shared.ahead.forget(list)
      throw error
    })
    const page = pageOf(found, start, binding)
    this.#shared.directory.remember(operation, page.rows)
    return page
  }

  /** Makes the function that fetches rows from a position on, each with its own position. */
  #next(link: Link, operation: Operation, input: Arguments, provided: Provided, options: CallOptions): Next {
    const paging = pagingOf(operation, this.#settings.pageBy)
    const sort = input['sort'] as readonly string[] | undefined
    return async (at, want) => {
      const ask = askFor(paging, at, want, sort)
      const reply = await this.#send(link, operation, input, provided, ask.params, options)
      return readBatch(paging, ask, productOf(operation).unwrap(reply, operation), at)
    }
  }

  #send(
    link: Link,
    operation: Operation,
    input: Arguments,
    provided: Provided,
    params: Arguments,
    { signal, sending }: CallOptions,
  ): Promise<Answered> {
    const { routes, maxWaitSeconds } = this.#settings
    const caller = this.#caller ?? new Caller(maxWaitSeconds)
    const { redact } = this
    return exchange(link, { operation, input, provided, params, routes, caller, redact, signal, sending })
  }
}

/** Opens a session. The account is looked up at the first call, so that listing tools needs none. */
export function openSession(settings: Settings, findAccount: () => Promise<Account>, log?: Log): Session {
  const connection = new Connection(settings, findAccount, log)
  return new Session({ connection, directory: new Directory(), ahead: new Ahead() })
}

const inputOf = (operation: Operation, args: Arguments): Input =>
  pick(args, (name) => Object.hasOwn(operation.input, name))
