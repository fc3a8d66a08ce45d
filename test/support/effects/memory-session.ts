import type { StoredReferences } from '../../../src/operations/effects/effect-targets.ts'
import type { Input, Operation } from '../../../src/operations/operation.ts'
import type { Answer, Cursor, Row } from '../../../src/session/answer.ts'
import type { WalkBatch } from '../../../src/session/paging/walk.ts'
import { LookupCache } from '../../../src/session/requests/lookup-cache.ts'
import { resolveReferences } from '../../../src/session/requests/references.ts'
import type { Session } from '../../../src/session/session.ts'
import type { Redact } from '../../../src/shared/secrets.ts'

/** A list as Qualys answers with it; `total` is the number of its rows unless it is given. */
export interface Listing {
  readonly rows: readonly Row[]
  readonly total?: number | undefined
  readonly resultLimit?: string
  /** Rows of one batch of a walk; all of them unless it is given. */
  readonly batch?: number
}

/** The rows of a list, or a record; a function gets the arguments, and may throw. */
export type Reply = readonly Row[] | Listing | Row
export type Replies = Readonly<Record<string, Reply | ((args: Input) => Reply)>>

/** Read beside many effects: what a test does not speak of blocks nothing. */
const unasked: Replies = {
  car_search_blocked_commands: [],
  car_list_script_languages: [],
  car_list_script_types: [],
}

const isRows = (reply: Reply): reply is readonly Row[] => Array.isArray(reply)

function listingIn(reply: Reply): Listing {
  return isRows(reply) ? { rows: reply, total: reply.length } : (reply as Listing)
}

/**
 * A session that answers from memory, by the name of the operation: for rules above the session, without a server.
 * Look-ups by id and references are those of the real session. An effect without an answer succeeds.
 */
export class MemorySession {
  readonly #replies: Replies
  readonly #directory = new LookupCache()
  readonly redact: Redact
  /** Every operation that was requested, in order. */
  readonly calls: { readonly name: string; readonly args: Input }[] = []

  constructor(replies: Replies, redact: Redact = (text) => text) {
    this.#replies = replies
    this.redact = redact
  }

  readonly cover: Redact = (text) => text

  /** The session for the code under test. */
  get asSession(): Session {
    return this as unknown as Session
  }

  /** How often an operation was requested. */
  times(name: string): number {
    return this.calls.filter((call) => call.name === name).length
  }

  #reply({ name, effect }: Operation, args: Input): Reply {
    this.calls.push({ name, args })
    const reply = this.#replies[name] ?? unasked[name] ?? (effect === 'read' ? undefined : {})
    if (reply === undefined) throw new Error(`this session has no answer to ${name}`)
    return typeof reply === 'function' ? (reply as (args: Input) => Reply)(args) : reply
  }

  async call(
    operation: Operation,
    args: Input,
    { onBeforeSend }: { readonly onBeforeSend?: () => void } = {},
  ): Promise<Answer> {
    onBeforeSend?.()
    const reply = this.#reply(operation, args)
    if (operation.returns !== 'rows') return { kind: 'record', record: reply as Row, drift: [] }
    const { rows, ...rest } = listingIn(reply)
    const shown = rows.slice(0, Number(args['pageSize'] ?? 20))
    return {
      kind: 'page',
      rows: shown,
      cursors: [[0], ...shown.map((_, index): Cursor => [index + 1])],
      end: [shown.length],
      hasMore: false,
      binding: { tool: operation.name, account: 'memory somebody', query: args },
      drift: [],
      ...(rest.total !== undefined && { total: rest.total }),
    }
  }

  async *walk(operation: Operation, args: Input): AsyncGenerator<WalkBatch, void, void> {
    const { rows, total, resultLimit, batch = rows.length } = listingIn(this.#reply(operation, args))
    for (let from = 0; from === 0 || from < rows.length; from += Math.max(1, batch))
      yield {
        rows: rows.slice(from, from + batch),
        drift: [],
        ...(from + batch >= rows.length && { last: true as const }),
        ...(total !== undefined && { total }),
        ...(resultLimit !== undefined && { resultLimit: resultLimit }),
      }
  }

  find(list: Operation, ids: readonly string[], _options?: object, fresh = false) {
    return this.#directory.find(list, ids, (operation, args) => this.walk(operation, args), fresh)
  }

  async readWhole(list: Operation): Promise<readonly Row[]> {
    return listingIn(this.#reply(list, {})).rows
  }

  recentRows(list: Operation) {
    return this.#directory.recent(list)
  }

  resolveReferences(
    operation: Operation,
    args: Input,
    { stored }: { readonly stored?: StoredReferences } = {},
  ) {
    const find = (list: Operation, ids: readonly string[], fresh: boolean) => this.find(list, ids, {}, fresh)
    return resolveReferences(operation, args, new Map(), find, stored)
  }

  async identity(): Promise<string> {
    return 'memory somebody'
  }
}
