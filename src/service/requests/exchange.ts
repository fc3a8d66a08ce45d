import { AsyncLocalStorage } from 'node:async_hooks'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ServiceCaller } from '../callers/caller.ts'
import type { RefusalReason, Route } from '../operation/metric-labels.ts'
import type { OpenSpan } from '../operation/spans.ts'
import type { Trace } from '../operation/trace.ts'
import type { MessageFacts } from './message-facts.ts'

/** One HTTP request and its answer. What becomes known of it is noted here, for its end. */
export interface Exchange {
  readonly req: IncomingMessage
  readonly res: ServerResponse
  readonly route: Route
  /** Where the client is. */
  readonly address: string
  /** By `performance.now()`. */
  readonly arrivedAt: number
  /** Bytes that its connection had sent before. */
  readonly writtenBefore: number
  /** Aborted when the client is gone, when its request is cancelled, and at the end of the service. */
  readonly controller: AbortController
  trace: Trace
  caller?: ServiceCaller
  /** Who is logged in to the page. */
  person?: string
  message?: MessageFacts
  /** The span of its message. */
  span?: OpenSpan
  /** The check that refused it. */
  refused?: RefusalReason
  /** How its tool call ended. */
  outcome?: string
  /** The seconds after which a caller over their rate may call again. */
  busySeconds?: number
}

const current = new AsyncLocalStorage<Exchange>()

/** Runs `work` for an exchange: code that handles its message finds it by `currentExchange`. */
export const withExchange = <T>(exchange: Exchange, work: () => T): T => current.run(exchange, work)

/** The exchange that is handled; undefined outside of one. */
export const currentExchange = (): Exchange | undefined => current.getStore()
