import type { Input, Operation, Provided } from '../operations/operation.ts'
import { type Redact, redactor, Secret, secretsIn } from '../secrets.ts'
import type { Settings } from '../settings.ts'
import { type Access, basicOf, passwordAccess, tokenAccess } from './access.ts'
import { type Account, loginOf } from './account.ts'
import { Ahead } from './ahead.ts'
import type { Answer, Page } from './answer.ts'
import { type Binding, openPosition, type Position, sealPosition } from './continuation.ts'
import { Directory } from './directory.ts'
import { downloadOf } from './download.ts'
import { DriftError } from './errors.ts'
import { failureOf } from './failure.ts'
import { identityOf } from './identity.ts'
import { canonical } from './json.ts'
import type { Limits } from './limits.ts'
import { login } from './login.ts'
import { isLost, mayHaveHappened, orUnclear, unclear } from './lost.ts'
import { pageOf } from './page.ts'
import { askFor, type Next, pagingOf, readBatch } from './paging.ts'
import { productOf, type Refusal, type Success } from './product.ts'
import { provide } from './provide.ts'
import { type Row, readRecord } from './record.ts'
import { buildRequest } from './request.ts'
import { scan } from './scan.ts'
import { TokenKeeper } from './token.ts'
import { type Stretch, type WalkOptions, walk } from './walk.ts'
import type { Reply, Wire } from './wire.ts'

/** Validated arguments of a tool: the operation's own, and how the list is walked. */
export type Arguments = Readonly<Record<string, unknown>>

export interface CallOptions {
  readonly signal?: AbortSignal | undefined
  /** Told of the rows looked at so far, while a list is scanned. */
  readonly progress?: ((scanned: number, total: number | undefined) => void) | undefined
  /** Keeps some rows only; the list is then scanned over many pages for them. */
  readonly keep?: ((row: Row) => boolean) | undefined
  /** Called just before the request goes out; what it throws stops the call. */
  readonly sending?: (() => void) | undefined
}

/** What is known of the link to Qualys. */
export interface LinkState {
  readonly account: Account
  /** Minutes until the token is renewed. */
  readonly minutesLeft?: number
  readonly limits: Limits
}

interface Link {
  readonly account: Account
  readonly wire: Wire
  readonly tokens: TokenKeeper
  readonly byToken: Access
  readonly byPassword: Access | undefined
}

/** An answer, and what it says. */
type Answered = Reply & Success
type Judged = Answered & { readonly refusal: Refusal | undefined }

/** The arguments that may change from page to page. */
const changeable = new Set(['pageSize', 'fields', 'continuationToken'])
const defaultPageSize = 20

const pick = (args: Arguments, wanted: (name: string) => boolean): Arguments =>
  Object.fromEntries(Object.entries(args).filter(([name, value]) => wanted(name) && value !== undefined))

/** The conversation with Qualys for one account. */
export class Session {
  readonly #settings: Settings
  readonly #findAccount: () => Promise<Account>
  readonly #directory = new Directory()
  readonly #ahead = new Ahead()
  #redact: Redact
  #link: Promise<Link> | undefined

  /** The account is looked up at the first call, so that listing tools needs none. */
  constructor(settings: Settings, findAccount: () => Promise<Account>) {
    this.#settings = settings
    this.#findAccount = findAccount
    this.#redact = redactor(secretsIn(settings))
  }

  /** Takes the secrets of the settings, and the token in force, out of a text. */
  readonly redact: Redact = (text) => this.#redact(text)

  /** The story of one call. */
  async call(operation: Operation, args: Arguments, options: CallOptions = {}): Promise<Answer> {
    const link = await this.#connect()
    const input = inputOf(operation, args)
    if (operation.returns === 'rows') return this.#page(link, operation, input, args, options)
    const provided = await this.provide(operation, input, options)
    const reply = await this.#send(link, operation, input, provided, {}, options).finally(() => {
      // Pages show at once what this account has changed.
      if (operation.effect !== 'read') this.#ahead.forget()
    })
    if (operation.returns === 'file') return downloadOf(reply, operation, this.redact)
    const drift = new Set<string>()
    const { record } = orUnclear(operation, () => productOf(operation).unwrap(reply, operation, this.redact))
    return { kind: 'record', record: readRecord(operation, record, drift), drift: [...drift] }
  }

  /** What the request needs beyond its input: looked up where lists hold it. Missing things are input errors. */
  async provide(operation: Operation, args: Arguments, options: CallOptions = {}): Promise<Provided> {
    return provide(operation, inputOf(operation, args), this.#settings.secrets, (list, ids, fresh) =>
      this.find(list, ids, options, fresh),
    )
  }

  /** Rows of a list by id, as far as it shows them; what was seen in the last five minutes is asked for again only when it has to be `fresh`. */
  find(
    list: Operation,
    ids: readonly string[],
    options: CallOptions = {},
    fresh = false,
  ): Promise<ReadonlyMap<string, Row>> {
    const walked = (operation: Operation, args: Arguments) => this.walk(operation, args, options)
    return this.#directory.find(list, ids, walked, fresh)
  }

  /** Every row of a list, batch by batch. A batch that is too large to be read is asked for again in halves. */
  async *walk(
    operation: Operation,
    args: Arguments,
    options: CallOptions & WalkOptions = {},
  ): AsyncGenerator<Stretch, void, void> {
    const link = await this.#connect()
    const input = inputOf(operation, args)
    const provided = await this.provide(operation, input, options)
    // A batch that was asked for ahead has no reader once the walk ends.
    const ending = new AbortController()
    const signal = options.signal ? AbortSignal.any([options.signal, ending.signal]) : ending.signal
    const next = this.#next(link, operation, input, provided, { ...options, signal })
    try {
      yield* walk(operation, input, next, options)
    } finally {
      ending.abort()
    }
  }

  /** Logs in if need be, and says what is known. */
  async state(): Promise<LinkState> {
    const { account, tokens, wire } = await this.#connect()
    await tokens.get()
    const minutesLeft = tokens.minutesLeft()
    return { account, limits: wire.limits, ...(minutesLeft !== undefined && { minutesLeft }) }
  }

  /** Who acts, and where: part of everything that only this account may go on with. */
  async identity(operation: Operation): Promise<string> {
    const { account, tokens } = await this.#connect()
    return identityOf(account, productOf(operation), tokens)
  }

  /** A place in a list as a token that fits these arguments alone. */
  async seal(operation: Operation, args: Arguments, position: Position): Promise<string> {
    return sealPosition(position, await this.#bind(operation, args))
  }

  /** The place that such a token names. */
  async open(operation: Operation, args: Arguments, token: string): Promise<Position> {
    return openPosition(token, await this.#bind(operation, args))
  }

  async #bind(operation: Operation, args: Arguments): Promise<Binding> {
    const query = pick(args, (name) => !changeable.has(name))
    return { tool: operation.name, account: await this.identity(operation), query }
  }

  /** Closes every connection. */
  async close(): Promise<void> {
    if (this.#link) await (await this.#link).wire.close()
  }

  #connect(): Promise<Link> {
    this.#link ??= this.#open().catch((error: unknown) => {
      this.#link = undefined
      throw error
    })
    return this.#link
  }

  async #open(): Promise<Link> {
    const account = await this.#findAccount()
    // The HTTP stack is half of the program's size: a server that only lists its tools never loads it.
    const { Wire } = await import('./wire.ts')
    const known = loginOf(account)
    const header = known ? [new Secret(basicOf(known))] : []
    this.#redact = redactor([...secretsIn(this.#settings), ...header])
    const wire = new Wire(account, this.#settings, this.redact)
    const tokens = new TokenKeeper(async () => {
      const token = await login(account, wire)
      // By its value too: an opaque token, or one inside a base64 text, has no shape that tells it.
      this.#redact = redactor([...secretsIn(this.#settings), ...header, new Secret(token)])
      return token
    })
    return {
      account,
      wire,
      tokens,
      byToken: tokenAccess(tokens),
      byPassword: known && passwordAccess(known),
    }
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
    const next = keep ? plain : this.#ahead.through(plain, list, operation, input)
    const found = await scan(operation, input, wanted, next).catch((error: unknown) => {
      // Rows that cannot be read are of no use to the next try either.
      if (error instanceof DriftError) this.#ahead.forget(list)
      throw error
    })
    const page = pageOf(found, start, binding)
    this.#directory.remember(operation, page.rows)
    return page
  }

  /** Asks for the rows behind a place, and reads where each of them lies. */
  #next(link: Link, operation: Operation, input: Arguments, provided: Provided, options: CallOptions): Next {
    const paging = pagingOf(operation, this.#settings.pageBy)
    const sort = input['sort'] as readonly string[] | undefined
    return async (at, want) => {
      const ask = askFor(paging, at, want, sort)
      const reply = await this.#send(link, operation, input, provided, ask.params, options)
      return readBatch(paging, ask, productOf(operation).unwrap(reply, operation, this.redact), at)
    }
  }

  /** Sends with what opens the product's host; a refused token is replaced once, and the request replayed. */
  async #send(
    link: Link,
    operation: Operation,
    input: Arguments,
    provided: Provided,
    params: Arguments,
    { signal, sending }: CallOptions,
  ): Promise<Answered> {
    const { account, wire, byToken, byPassword } = link
    const { routes } = this.#settings
    const product = productOf(operation)
    const codec = await product.codec()
    const request = buildRequest(operation, input, provided, params, account, routes, codec)
    const repeatable = operation.effect === 'read'
    const send = (authorization: string, turn: () => void): Promise<Reply> =>
      wire
        .send(
          { ...request, headers: { ...request.headers, authorization } },
          { repeatable, signal, sending: turn },
        )
        .catch((error: unknown) => {
          throw isLost(operation, error) ? unclear(operation, error) : error
        })
    const read = (reply: Reply): Judged => {
      const isFile = operation.returns === 'file' && reply.status < 300
      const value = isFile ? undefined : orUnclear(operation, () => codec.read(reply))
      return { ...reply, value, refusal: product.refusal(value, reply.status, operation) }
    }
    const access = (product.takesPassword && byPassword) || byToken
    return access.through(async ({ header, check, another }) => {
      let answer = read(
        await send(header, () => {
          check()
          sending?.()
        }),
      )
      // Refused at the door, before anything was done: also an effect may knock again, once.
      const refused = answer.status === 401 || answer.refusal?.means === 'login'
      const next = refused ? await another() : undefined
      if (next !== undefined) answer = read(await send(next, check))
      const { refusal } = answer
      if (!refusal) return answer
      const byCursor = params['beyond'] !== undefined
      const failure = failureOf(operation, answer, refusal, {
        routes,
        account,
        byCursor,
        redact: this.redact,
      })
      throw !repeatable && mayHaveHappened(answer.status, refusal) ? unclear(operation, failure) : failure
    }, signal)
  }
}

const inputOf = (operation: Operation, args: Arguments): Input =>
  pick(args, (name) => Object.hasOwn(operation.input, name))
