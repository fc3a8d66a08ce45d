import { sha256 } from '../../../shared/crypto.ts'
import { newId } from './random-id.ts'

/** How long a person may take to log in, in seconds. */
export const loginSeconds = 600
/** Logins that begin and are not over; the oldest go. Whoever begins many is slowed before these are used up. */
const maxLogins = 10_000

/** A login that has begun: what it leads back to never travels. */
export interface PendingLogin {
  /** The path to go on with. */
  readonly back: string
  /** What an issuer puts into the ID token of this login alone. */
  readonly nonce: string
  /** The secret behind the PKCE challenge (RFC 7636). */
  readonly verifier: string
}

interface Stored extends PendingLogin {
  /** SHA-256 of the cookie of the browser that began it: nobody can finish their own login in the browser of another. */
  readonly browser: string
  /** Epoch, in ms. */
  readonly at: number
}

/** Logins that have begun, by their state. */
export class PendingLogins {
  readonly #byKey = new Map<string, Stored>()
  readonly #now: () => number

  /** `now`: epoch, in ms. */
  constructor(now: () => number = Date.now) {
    this.#now = now
  }

  /** Begins a login of a browser with this cookie; returns its state. */
  begin(back: string, browser: string): string {
    const state = newId()
    const [oldest] = this.#byKey.size >= maxLogins ? this.#byKey.keys() : []
    if (oldest !== undefined) this.#byKey.delete(oldest)
    const login = { back, browser: sha256(browser), at: this.#now(), nonce: newId(), verifier: newId() }
    this.#byKey.set(sha256(state), login)
    return state
  }

  /** The login with this state, if this browser began it; undefined if there is none any more. */
  find(state: string | null, browser: string | undefined): PendingLogin | undefined {
    if (state === null || browser === undefined) return undefined
    const login = this.#byKey.get(sha256(state))
    const isCurrent = login !== undefined && Math.abs(this.#now() - login.at) < loginSeconds * 1_000
    return isCurrent && login.browser === sha256(browser) ? login : undefined
  }

  /** The same, and the state is good no more. */
  take(state: string | null, browser: string | undefined): PendingLogin | undefined {
    const login = this.find(state, browser)
    if (login && state !== null) this.#byKey.delete(sha256(state))
    return login
  }
}
