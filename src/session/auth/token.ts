import { SetupError } from '../../shared/errors.ts'
import { isObject, parseJson } from '../../shared/json.ts'

/** What a JWT says about itself; unverified, since only Qualys can verify it. */
interface Claims {
  readonly iat?: number
  readonly exp?: number
  readonly sub?: string
}

/** The payload of a JWT; empty if it cannot be read (Qualys can issue encrypted ones). */
export function claimsOf(jwt: string): Claims {
  const claims = parseJson(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString())
  if (!isObject(claims)) return {}
  const { iat, exp, sub } = claims
  return {
    ...(typeof iat === 'number' && { iat }),
    ...(typeof exp === 'number' && { exp }),
    ...(typeof sub === 'string' && { sub }),
  }
}

/** "The token expires in 4 hours" (getting_started.htm). */
const documentedLifetimeMs = 4 * 3600_000
const renewEarlyMs = 5 * 60_000
/** Accounts lock after repeated failures, so a refused login is not tried again at once. */
export const refusalPauseMs = 30_000

/** No token is documented to live longer, and a new login after a day costs nothing. */
const maxLifetimeMs = 24 * 3600_000

/** Seconds since 1970 (RFC 7519, 2); some issuers use milliseconds. */
const inMs = (time: number): number => (time < 1e11 ? time * 1000 : time)

/** The lifetime as `exp - iat`, counted from receipt: it does not depend on this machine's clock. */
function lifetimeOf(jwt: string): number {
  const { iat, exp } = claimsOf(jwt)
  if (iat === undefined || exp === undefined) return documentedLifetimeMs
  const lifetime = inMs(exp) - inMs(iat)
  return lifetime > 0 ? Math.min(lifetime, maxLifetimeMs) : documentedLifetimeMs
}

interface StoredToken {
  readonly token: string
  readonly renewAt: number
  readonly endsAt: number
}

type Notify = (message: string) => void

/** A caller that waits for a login and is notified of its waits. */
interface Waiter {
  readonly notify: Notify
}

/** A failed login, and until when none is tried again. */
interface Failure {
  readonly error: unknown
  readonly until: number
}

/**
 * The JWT of one account: one login at a time, shared by all callers; renewed early; dropped when refused.
 */
export class TokenKeeper {
  readonly #login: (notify: Notify) => Promise<string>
  readonly #now: () => number
  #stored: StoredToken | undefined
  #pending: Promise<string> | undefined
  /** The callers to notify about the pending login. */
  readonly #waiters = new Set<Waiter>()
  /** Per call: its many requests must not cause as many failed logins. */
  readonly #failures = new WeakMap<Waiter, Failure>()
  #refusal: Failure | undefined

  constructor(login: (notify: Notify) => Promise<string>, now: () => number = () => performance.now()) {
    this.#login = login
    this.#now = now
  }

  /** The current token. Logs in if there is none or if it is about to expire. */
  async get(waiter?: Waiter): Promise<string> {
    const { current } = this
    if (current !== undefined) return current
    const now = this.#now()
    const failure = [this.#refusal, waiter && this.#failures.get(waiter)].find(
      (one) => one && now < one.until,
    )
    if (failure) throw failure.error
    if (waiter) this.#waiters.add(waiter)
    this.#pending ??= this.#renew().finally(() => {
      this.#pending = undefined
      this.#waiters.clear()
    })
    try {
      return await this.#pending
    } catch (error) {
      if (waiter) this.#failures.set(waiter, { error, until: this.#now() + refusalPauseMs })
      throw error
    }
  }

  /** The current token, without a login; undefined if there is none or if it is about to expire. */
  get current(): string | undefined {
    return this.#stored && this.#now() < this.#stored.renewAt ? this.#stored.token : undefined
  }

  /**
   * Called when Qualys refuses this token: drops it, unless a newer one has replaced it. True if the next
   * token comes from a login that has not started yet, so that nothing in the past can have invalidated it.
   */
  invalidate(token: string): boolean {
    if (this.#stored?.token === token) this.#stored = undefined
    return this.#stored === undefined && this.#pending === undefined
  }

  /** Whole minutes until the token is renewed; undefined if there is none. */
  minutesLeft(): number | undefined {
    return this.#stored && Math.max(0, Math.round((this.#stored.renewAt - this.#now()) / 60_000))
  }

  async #renew(): Promise<string> {
    try {
      const token = await this.#login((message) => {
        for (const waiter of this.#waiters) waiter.notify(message)
      })
      const endsAt = this.#now() + lifetimeOf(token)
      const early = Math.min(renewEarlyMs, lifetimeOf(token) / 2)
      this.#stored = { token, renewAt: endsAt - early, endsAt }
      this.#refusal = undefined
      return token
    } catch (error) {
      const until = this.#now() + refusalPauseMs
      if (error instanceof SetupError && error.details.status !== undefined) this.#refusal = { error, until }
      // Early renewal failed; the current token is still valid, keep using it.
      else if (this.#stored && this.#now() < this.#stored.endsAt) {
        this.#stored = { ...this.#stored, renewAt: Math.min(until, this.#stored.endsAt) }
        return this.#stored.token
      }
      throw error
    }
  }
}
