import { SetupError } from './errors.ts'
import { isObject, parseJson } from './json.ts'

/** What a JWT says about itself; unverified, since only Qualys can verify it. */
interface Claims {
  readonly iat?: number
  readonly exp?: number
  readonly sub?: string
}

/** The payload of a JWT, or nothing where it cannot be read (Qualys can issue encrypted ones). */
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

/** No token is documented to live longer, and nothing is lost by asking for another one after a day. */
const longestLifetime = 24 * 3600_000

/** Seconds since 1970 (RFC 7519, 2); some issuers count milliseconds. */
const inMs = (time: number): number => (time < 1e11 ? time * 1000 : time)

/** Lifetime as `exp - iat`: counted from receipt, it holds however wrong this machine's clock is. */
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

/** Who waits for a login, and hears of what it waits for. */
interface Waiting {
  readonly tell: Tell
}

/** A login that failed, and for how long none is tried again. */
interface Failure {
  readonly error: unknown
  readonly until: number
}

/** Milliseconds from a clock that only moves forward. */
export type Clock = () => number

/** The JWT of one account: one login at a time, shared by all callers; renewed early; forgotten when refused. */
export class TokenKeeper {
  readonly #login: (tell: Tell) => Promise<string>
  readonly #clock: Clock
  #held: Held | undefined
  #pending: Promise<string> | undefined
  /** Who hears of what the pending login waits for. */
  readonly #hearing = new Set<Waiting>()
  /** What one call asks for in many requests need not fail in as many logins. */
  readonly #failures = new WeakMap<Waiting, Failure>()
  #refusal: Failure | undefined

  constructor(login: (tell: Tell) => Promise<string>, clock: Clock = () => performance.now()) {
    this.#login = login
    this.#clock = clock
  }

  /** The token in force; logs in when there is none or its end is near. */
  async get(caller?: Waiting): Promise<string> {
    const now = this.#clock()
    if (this.#held && now < this.#held.renewAt) return this.#held.token
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

  /** Qualys refused this token: forgets it, unless a newer one has taken its place. */
  refused(token: string): void {
    if (this.#held?.token === token) this.#held = undefined
  }

  /** Whole minutes until the token is renewed; undefined when there is none. */
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
      // The one before still opens the door: renewing it early was to be on the safe side.
      else if (this.#held && this.#clock() < this.#held.endsAt) {
        this.#held = { ...this.#held, renewAt: Math.min(until, this.#held.endsAt) }
        return this.#held.token
      }
      throw error
    }
  }
}
