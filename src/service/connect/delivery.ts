import type { JSONRPCNotification } from '@modelcontextprotocol/server'
import { secondsInHeaders } from '../../session/http/wait-hint.ts'
import type { Clock } from '../../shared/clock.ts'
import type { Log } from '../../shared/log.ts'
import type { Web } from '../outbound/web.ts'
import { type Outcome, post } from './post.ts'
import type { Json } from './reply.ts'
import { TokenFault, type TokenSource } from './tokens/token-source.ts'

// Sends a message to the service, and again where that is safe: what was not sent, what was not taken, and what only
// reads. A call is never sent twice.

/** What sending needs. */
export interface DeliveryOptions {
  readonly url: URL
  readonly web: Web
  readonly tokens: TokenSource
  readonly clock: Clock
  readonly log: Log
  /** Longest time of one call, in ms. */
  readonly callTimeoutMs: number
}

/** One message and who hears of it. */
export interface Message {
  readonly message: Json & { readonly method: string }
  readonly headers: Readonly<Record<string, string>>
  readonly signal: AbortSignal
  readonly onNotification: (notification: JSONRPCNotification) => Promise<void>
}

/** Sends a message until something definite became of it. Rejects with the reason of the signal alone. */
export type Deliver = (message: Message) => Promise<Outcome>

/** How long a request waits for a service that is away. */
const maxWaitMs = 30_000

/** The same for a call: the service may take 45 s more before it begins an effect, and clients give up at 60 s. */
const maxCallWaitMs = 12_000

const tooLate = 'The login came too late for this call: make it again.'

const firstPauseMs = 250
const maxPauseMs = 5_000

/** How often a request that only reads is sent if its connection breaks. */
const maxBroken = 3

/** Milliseconds to wait before the next attempt, with some chance in it: other clients wait for the same moment. */
const backoff = (attempt: number): number =>
  Math.min(maxPauseMs, firstPauseMs * 2 ** attempt) * (0.75 + Math.random() / 2)

/** A subscription lasts as long as its client, and says what is new since it began. */
const isSubscription = (method: string): boolean => method === 'subscriptions/listen'

const isTransient = (status: number): boolean => status === 502 || status === 503 || status === 504

const plainHeaders = (headers: (Outcome & { kind: 'refused' })['headers']) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value ?? '')]))

/** Milliseconds before the next attempt; undefined if there must be none. `isOnce`: what began is not begun again. */
function pauseAfter(outcome: Outcome, attempt: number, isOnce: boolean): number | undefined {
  if (outcome.kind === 'unsent') return outcome.isAway ? backoff(attempt) : undefined
  if (outcome.kind === 'broken') return isOnce || attempt + 1 >= maxBroken ? undefined : backoff(attempt)
  if (outcome.kind !== 'refused' || !isTransient(outcome.status)) return undefined
  const seconds = outcome.status === 503 ? secondsInHeaders(plainHeaders(outcome.headers)) : undefined
  // With this header the service says that it took nothing.
  if (seconds !== undefined) return seconds * 1000 + backoff(0)
  return isOnce ? undefined : backoff(attempt)
}

const challengeIn = ({ headers }: Outcome & { kind: 'refused' }): string =>
  [headers['www-authenticate'] ?? []].flat().join(', ')

/** The way to send messages to one service. */
export function deliverBy({ url, web, tokens, clock, log, callTimeoutMs }: DeliveryOptions): Deliver {
  /** One attempt with the current token. A token that is refused is renewed, and the request sent once more. */
  async function attemptWithToken(message: Message, end: number, mayRenew: boolean): Promise<Outcome> {
    const { signal } = message
    try {
      const token = await tokens.current(signal)
      // A login takes a person's time; its client may have given the call up.
      if (message.message.method === 'tools/call' && clock.now() > end) throw new TokenFault(tooLate)
      const outcome = await post(web, {
        ...message,
        url,
        headers: {
          ...message.headers,
          ...(token !== undefined && { authorization: `Bearer ${token.reveal()}` }),
        },
        timeoutMs: isSubscription(message.message.method) ? 0 : callTimeoutMs,
      })
      if (outcome.kind !== 'refused' || outcome.status !== 401 || !mayRenew) return outcome
      const isRenewed = await tokens.renew({ challenge: challengeIn(outcome), token }, signal)
      return isRenewed ? attemptWithToken(message, end, false) : outcome
    } catch (error) {
      if (!(error instanceof TokenFault)) throw error
      return { kind: 'unsent', why: error.message, isAway: false }
    }
  }

  return async (message) => {
    const { signal } = message
    const { method } = message.message
    const isCall = method === 'tools/call'
    const isOnce = isCall || isSubscription(method)
    const end = clock.now() + (isCall ? maxCallWaitMs : maxWaitMs)
    for (let attempt = 0; ; attempt++) {
      const outcome = await attemptWithToken(message, end, true)
      const pause = pauseAfter(outcome, attempt, isOnce)
      if (pause === undefined || clock.now() + pause > end) return outcome
      log.info({ method, ms: Math.round(pause), kind: outcome.kind }, 'the request is sent again')
      await clock.sleep(pause, signal)
    }
  }
}
