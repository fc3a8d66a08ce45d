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
const documentedLifetime = 4 * 3600_000
const earlyBy = 5 * 60_000
/** Accounts lock after repeated failures, so a refused login is not tried again at once. */
export const pauseAfterRefusal = 30_000

/** No token is documented to live longer, and a new login after a day costs nothing. */
const longestLifetime = 24 * 3600_000

/** Seconds since 1970 (RFC 7519, 2); some issuers use milliseconds. */
const inMs = (time: number): number => (time < 1e11 ? time * 1000 : time)

/** The lifetime as `exp - iat`, counted from receipt: it does not depend on this machine's clock. */
function lifetimeOf(jwt: string): number {
  const { iat, exp } = claimsOf(jwt)
  if (iat === undefined || exp === undefined) return documentedLifetime
  const lifetime = inMs(exp) - inMs(iat)
  return lifetime > 0 ? Math.min(lifetime, longestLifetime) : documentedLifetime
}

interface Held {
  readonly token: string
  readonly renewAt: number
  readonly endsAt: number
}

type Tell = (news: string) => void

/** A caller that waits for a login and is notified of its waits. */
interface Waiting {
  readonly tell: Tell
}

/** A failed login, and until when none is tried again. */
interface Failure {
  readonly error: unknown
  readonly until: number
}

/** A monotonic clock in milliseconds. */
export type Clock = () => number

/**
 * The JWT of one account: one login at a time, shared by all callers; renewed early; dropped when refused.
 */
export class TokenKeeper {
  readonly #login: (tell: Tell) => Promise<string>
  readonly #clock: Clock
  #held: Held | undefined
  #pending: Promise<string> | undefined
  /** The callers to notify about the pending login. */
  readonly #hearing = new Set<Waiting>()
  /** Per call: its many requests must not cause as many failed logins. */
  readonly #failures = new WeakMap<Waiting, Failure>()
  #refusal: Failure | undefined

  constructor(login: (tell: Tell) => Promise<string>, clock: Clock = () => performance.now()) {
    this.#login = login
    this.#clock = clock
  }

  /** The current token. Logs in if there is none or if it is about to expire. */
  async get(caller?: Waiting): Promise<string> {
    const { current } = this
    if (current !== undefined) return current
    const now = this.#clock()
    const failure = [this.#refusal, caller && this.#failures.get(caller)].find(
      (one) => one && now < one.until,
    )
    if (failure) throw failure.error
    if (caller) this.#hearing.add(caller)
    this.#pending ??= this.#renew().finally(() => {
      this.#pending = undefined
      this.#hearing.clear()
    })
    try {
      return await this.#pending
    } catch (error) {
      if (caller) this.#failures.set(caller, { error, until: this.#clock() + pauseAfterRefusal })
      throw error
    }
  }

  /** The current token, without a login; undefined if there is none or if it is about to expire. */
  get current(): string | undefined {
    return this.#held && this.#clock() < this.#held.renewAt ? this.#held.token : undefined
  }

  /**
   * Called when Qualys refuses this token: drops it, unless a newer one has replaced it. True if the next
   * token comes from a login that has not started yet, so that nothing in the past can have invalidated it.
   */
  refused(token: string): boolean {
    if (this.#held?.token === token) this.#held = undefined
    return this.#held === undefined && this.#pending === undefined
  }

  /** Whole minutes until the token is renewed; undefined if there is none. */
  minutesLeft(): number | undefined {
    return this.#held && Math.max(0, Math.round((this.#held.renewAt - this.#clock()) / 60_000))
  }

  async #renew(): Promise<string> {
    try {
      const token = await this.#login((news) => {
        for (const caller of this.#hearing) caller.tell(news)
      })
      const endsAt = this.#clock() + lifetimeOf(token)
      const early = Math.min(earlyBy, lifetimeOf(token) / 2)
      this.#held = { token, renewAt: endsAt - early, endsAt }
      this.#refusal = undefined
      return token
    } catch (error) {
      const until = this.#clock() + pauseAfterRefusal
      if (error instanceof SetupError && error.details.status !== undefined) this.#refusal = { error, until }
      // Early renewal failed; the current token is still valid, keep using it.
      else if (this.#held && this.#clock() < this.#held.endsAt) {
        this.#held = { ...this.#held, renewAt: Math.min(until, this.#held.endsAt) }
        return this.#held.token
      }
      throw error
    }
  }
}
