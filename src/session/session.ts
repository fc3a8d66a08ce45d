import type { Settings } from '../config/settings.ts'
import type { StoredReferences } from '../operations/effects/effect-targets.ts'
import type { Input, Operation, Resolved } from '../operations/operation.ts'
import { DriftError } from '../shared/errors.ts'
import { canonicalJson } from '../shared/json.ts'
import type { Log } from '../shared/log.ts'
import type { Redact } from '../shared/secrets.ts'
import type { Answer, Binding, Cursor, Page, Row } from './answer.ts'
import type { Account } from './auth/account.ts'
import { abortable } from './auth/authenticator.ts'
import { identityOf } from './auth/identity.ts'
import { inputOf, queryOf } from './call-arguments.ts'
import type { Arguments, CallOptions, ListWalkOptions, ProbeOptions } from './call-options.ts'
import { type AccountLimits, Connection, type ConnectionState, type OpenConnection } from './connection.ts'
import { asUnclear } from './failures/unclear-outcome.ts'
import { RetryBudget } from './http/retry-budget.ts'
import { collectRows } from './paging/collect.ts'
import { decodeCursor } from './paging/continuation.ts'
import { fetchFrom, placeIn } from './paging/derived.ts'
import { DerivedCache } from './paging/derived-cache.ts'
import { type FetchPage, pageRequestFor, pagingOf, readPage } from './paging/paging.ts'
import { ReadAheadCache } from './paging/read-ahead.ts'
import { type WalkBatch, walk } from './paging/walk.ts'
import type { Product } from './products/product.ts'
import { productOf } from './products/product-of.ts'
import { Drift } from './records/drift.ts'
import { readRecord } from './records/record.ts'
import { downloadOf } from './requests/download.ts'
import { ListCache } from './requests/list-cache.ts'
import { LookupCache } from './requests/lookup-cache.ts'
import { refuseReversedPeriod } from './requests/period.ts'
import { type ProbeResult, probe } from './requests/probe.ts'
import { resolveReferences } from './requests/references.ts'
import { type ParsedResponse, sendOperation } from './requests/send.ts'
import { SecretsInUse } from './secrets-in-use.ts'
import type { SessionWatch } from './session-watch.ts'

const defaultPageSize = 20

/** What all calls of an account share. */
interface SharedState {
  readonly connection: Connection
  readonly lookupCache: LookupCache
  readonly listCache: ListCache
  readonly readAhead: ReadAheadCache
  readonly derived: DerivedCache
}

/** What all requests of one call have in common. */
interface OpenCall {
  readonly connection: OpenConnection
  readonly operation: Operation
  readonly product: Product
  readonly input: Input
}

/** The conversation with Qualys for one account. */
export class Session {
  readonly #shared: SharedState
  readonly #caller: string | undefined
  readonly #budget: RetryBudget | undefined

  /** `budget`: shared by all requests of this session; without it each call has its own. */
  constructor(shared: SharedState, caller?: string, budget?: RetryBudget) {
    this.#shared = shared
    this.#caller = caller
    this.#budget = budget
  }

  /**
   * The same session for one tool call; `notify` is called with what the call waits for. `caller`: one of several, who
   * take turns and have rows of their own read ahead.
   */
  forCall(notify: (message: string) => void, caller?: string): Session {
    return new Session(this.#shared, caller, new RetryBudget(this.#settings.maxWaitSeconds, notify, caller))
  }

  /** Removes the secrets of the settings and the current token from a text. */
  readonly redact: Redact = (text) => this.#shared.connection.secrets.redact(text)

  /** Covers each character of those secrets: every other character keeps its place. */
  readonly cover: Redact = (text) => this.#shared.connection.secrets.cover(text)

  get #settings(): Settings {
    return this.#shared.connection.settings
  }

  /** Runs one operation: resolves references, sends, reads the answer. */
  async call(operation: Operation, args: Arguments, options: CallOptions = {}): Promise<Answer> {
    const call = await this.#open(operation, args)
    if (operation.returns === 'rows') return this.#readPage(call, args, options)
    const resolved = options.resolved ?? (await this.resolveReferences(operation, args, options))
    const response = await this.#send(call, resolved, {}, options).finally(() => {
      // Pages show changes of this account at once.
      if (operation.effect !== 'read') {
        this.#shared.readAhead.invalidate()
        this.#shared.derived.invalidate()
      }
      if (operation.change?.changedList) this.#shared.listCache.forget(operation.change.changedList)
    })
    if (operation.returns === 'file') return downloadOf(response, call, this.redact)
    const drift = new Drift()
    const { record } = await asUnclear(operation, () => call.product.unwrap(response, operation))
    return { kind: 'record', record: readRecord(operation, record, drift), ...drift.deviations() }
  }

  /**
   * Resolves the references of an operation and the secrets that it names. Throws an InputError for an
   * unknown one.
   */
  async resolveReferences(
    operation: Operation,
    args: Arguments,
    options: CallOptions & { readonly stored?: StoredReferences } = {},
  ): Promise<Resolved> {
    const { secrets } = this.#settings
    const find = (list: Operation, ids: readonly string[], fresh: boolean) =>
      this.find(list, ids, options, fresh)
    return resolveReferences(operation, inputOf(operation, args), secrets, find, options.stored)
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
    return this.#shared.lookupCache.find(list, ids, (part, args) => this.walk(part, args, options), fresh)
  }

  /** Rows that pages of a list showed in the last five minutes, without a request. */
  recentRows(list: Operation): readonly Row[] {
    return this.#shared.lookupCache.recent(list)
  }

  /** All rows of a short list that rarely changes, as they were in the last five minutes. */
  readWhole(list: Operation, options: CallOptions = {}, args: Arguments = {}): Promise<readonly Row[]> {
    return this.#shared.listCache.read(list, () => this.walk(list, args, options), args)
  }

  /**
   * Yields every row of a list, in batches. A batch that is too large or too slow is asked for again in
   * halves.
   */
  async *walk(
    operation: Operation,
    args: Arguments,
    options: ListWalkOptions = {},
  ): AsyncGenerator<WalkBatch, void, void> {
    const call = await this.#open(operation, args)
    const resolved = await this.resolveReferences(operation, args, options)
    // When the walk ends, nobody reads a batch that was fetched in advance.
    const ended = new AbortController()
    const signal = options.signal ? AbortSignal.any([options.signal, ended.signal]) : ended.signal
    const fetchPage = options.derived
      ? fetchFrom(options.derived)
      : this.#pageFetcher(call, resolved, { ...options, signal, readsEarly: !options.fields })
    try {
      yield* walk(operation, call.input, fetchPage, options)
    } finally {
      ended.abort()
    }
  }

  /**
   * Sends a read once, at the operation's route, and reports the answer, refused or not: a probe of how Qualys
   * really answers.
   */
  async probe(operation: Operation, args: Arguments, options: ProbeOptions = {}): Promise<ProbeResult> {
    const { params = {}, signal } = options
    // The route of the operation counts, not the one in QUALYS_ROUTES.
    const routes = { [operation.name]: operation.route }
    const budget = new RetryBudget(0)
    const { redact } = this
    return probe(operation, productOf(operation), redact, async (onResponse) => {
      const { connection, ...call } = await this.#open(operation, args)
      const resolved = await this.resolveReferences(operation, args, options)
      const request = { ...call, resolved, params, routes, budget, redact }
      await sendOperation(connection, { ...request, signal, onResponse })
    })
  }

  /** The state of the connection. Logs in if needed. */
  async state(signal?: AbortSignal): Promise<ConnectionState> {
    const { account, tokens } = await this.#shared.connection.open()
    await abortable(tokens.get(this.#budget), signal)
    return { account, minutesLeft: tokens.minutesLeft() }
  }

  /** The last reported limits; none before the first call. Sends nothing. */
  limits(): Promise<AccountLimits> {
    return this.#shared.connection.limits()
  }

  /** Who acts, and on which host. Part of everything that only this account may continue. */
  async identity(operation: Operation): Promise<string> {
    const { connection, product } = await this.#open(operation)
    return identityOf(connection.account, product, connection.tokens)
  }

  /** Closes every connection. */
  close(): Promise<void> {
    return this.#shared.connection.close()
  }

  async #open(operation: Operation, args: Arguments = {}): Promise<OpenCall> {
    const input = inputOf(operation, args)
    refuseReversedPeriod(input)
    const connection = await this.#shared.connection.open()
    return { connection, operation, product: productOf(operation), input }
  }

  async #readPage(call: OpenCall, args: Arguments, options: CallOptions): Promise<Page> {
    const { operation } = call
    const input = options.selection?.narrowed?.(call.input) ?? call.input
    const binding: Binding = {
      tool: operation.name,
      account: await this.identity(operation),
      query: queryOf(args),
    }
    const token = args['continuationToken']
    const start: Cursor = token === undefined ? [0] : decodeCursor(String(token), binding)
    const wanted = { ...options, start, count: Number(args['pageSize'] ?? defaultPageSize) }
    // Rows that were read ahead belong to one caller.
    const list = canonicalJson({ ...binding, caller: this.#caller })
    if (options.derive) {
      const source = canonicalJson({ ...binding, query: call.input, caller: this.#caller })
      const derived = await this.#shared.derived.read(source, start, options.derive)
      const { start: from, origin } = placeIn(derived, start, operation.countBy)
      const placed = { ...wanted, start: from }
      const { records: _, ...collected } = await collectRows(operation, input, placed, fetchFrom(derived))
      return { kind: 'page', ...collected, binding, origin }
    }
    const resolved = await this.resolveReferences(operation, args, options)
    const fetchPage = this.#pageFetcher({ ...call, input }, resolved, options)
    const fetchAhead = options.selection
      ? fetchPage
      : this.#shared.readAhead.wrap(fetchPage, list, operation, input)
    const { records, ...collected } = await collectRows(operation, input, wanted, fetchAhead).catch(
      (error: unknown) => {
        // Rows that cannot be read would fail the next try too.
        if (error instanceof DriftError) this.#shared.readAhead.invalidate(list)
        throw error
      },
    )
    this.#shared.lookupCache.remember(operation, records)
    return { kind: 'page', ...collected, binding }
  }

  /** Makes the function that fetches rows from a cursor on, each with the cursor after it. */
  #pageFetcher(call: OpenCall, resolved: Resolved, options: CallOptions): FetchPage {
    const { operation, product, input } = call
    const paging = pagingOf(operation, this.#settings.pageBy)
    const sort = input['sort'] as readonly string[] | undefined
    return async (cursor, count) => {
      const request = pageRequestFor(paging, cursor, count, sort)
      const response = await this.#send(call, resolved, request.params, options)
      return readPage(paging, request, product.unwrap(response, operation), cursor)
    }
  }

  #send(
    { connection, ...call }: OpenCall,
    resolved: Resolved,
    params: Arguments,
    { signal, onBeforeSend, onBeforeWrite, readsEarly }: CallOptions,
  ): Promise<ParsedResponse> {
    const { routes, maxWaitSeconds } = this.#settings
    const budget = this.#budget ?? new RetryBudget(maxWaitSeconds)
    const { redact } = this
    const request = { ...call, resolved, params, routes, budget, redact }
    return sendOperation(connection, { ...request, signal, onBeforeSend, onBeforeWrite, readsEarly })
  }
}

/** Opens a session. The account is looked up at the first call. */
export function openSession(
  settings: Settings,
  findAccount: () => Promise<Account>,
  log?: Log,
  secrets = new SecretsInUse(settings),
  watch: SessionWatch = {},
): Session {
  const connection = new Connection(settings, findAccount, secrets, log, watch)
  return new Session({
    connection,
    lookupCache: new LookupCache(),
    listCache: new ListCache(),
    readAhead: new ReadAheadCache(),
    derived: new DerivedCache(),
  })
}
