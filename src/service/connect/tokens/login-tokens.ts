import type { Clock } from '../../../shared/clock.ts'
import { messageOf } from '../../../shared/errors.ts'
import type { Log } from '../../../shared/log.ts'
import type { Secret } from '../../../shared/secrets.ts'
import { logIn } from './device-login.ts'
import { type FetchJson, loginPlaceOf } from './login-place.ts'
import type { Login, LoginStore } from './login-store.ts'
import { type PostForm, type Tokens, tokensIn } from './token-request.ts'
import {
  isSameToken,
  type OnTokens,
  TokenFault,
  type TokenRefusal,
  type TokenSource,
} from './token-source.ts'

/** What logins need. */
export interface LoginOptions {
  readonly url: URL
  readonly clientId: string
  readonly store: LoginStore
  readonly fetchJson: FetchJson
  readonly postForm: PostForm
  readonly clock: Clock
  /** Epoch, in ms. */
  readonly now: () => number
  readonly announce: (sentence: string) => void
  readonly onTokens: OnTokens
  readonly log: Log
  /** Aborted when the program ends. */
  readonly signal: AbortSignal
}

/** An access token is renewed so long before its end: the request still has to travel. */
const earlyMs = 60_000

/** A token that is refused sooner is not replaced: the next one would be refused as well. */
const freshMs = 60_000

/** How long a request waits for a person. Most clients give up after a minute; the login goes on. */
const maxWaitMs = 50_000

/** The tokens of one person who logs in at the issuer of the service, kept from one start to the next. */
export class LoginTokens implements TokenSource {
  readonly #options: LoginOptions
  #login: Login | undefined
  #obtainedAt = Number.NEGATIVE_INFINITY
  /** The renewal or the login that runs: all requests share it. */
  #pending: Promise<void> | undefined

  constructor(options: LoginOptions) {
    this.#options = options
    this.#take(options.store.read())
  }

  /** True if nobody is logged in yet. */
  get isEmpty(): boolean {
    return this.#login === undefined
  }

  readonly current = async (signal: AbortSignal): Promise<Secret | undefined> => {
    if (this.#pending) await this.#wait(this.#pending, signal)
    if (this.#login?.refreshToken !== undefined && this.#hasEnded(this.#login))
      await this.#share(() => this.#refresh(), signal)
    return this.#login?.accessToken
  }

  readonly renew = async ({ challenge, token }: TokenRefusal, signal: AbortSignal): Promise<boolean> => {
    if (isSameToken(this.#login?.accessToken, token)) {
      const isFresh = token !== undefined && this.#options.now() - this.#obtainedAt < freshMs
      if (isFresh) return false
      await this.#share(() => this.#replace(challenge), signal)
    }
    return this.#login !== undefined && !isSameToken(this.#login.accessToken, token)
  }

  #hasEnded({ expiresAt = Number.POSITIVE_INFINITY }: Login): boolean {
    return expiresAt - earlyMs <= this.#options.now()
  }

  /** Begins this work, or joins the one that runs. */
  #share(work: () => Promise<void>, signal: AbortSignal): Promise<void> {
    this.#pending ??= work()
      .catch((error: unknown) => {
        this.#options.log.warn({ error: messageOf(error) }, 'there is no new token')
        throw error
      })
      .finally(() => {
        this.#pending = undefined
      })
    return this.#wait(this.#pending, signal)
  }

  /** Waits for a person, but not longer than a client does. */
  async #wait(work: Promise<void>, signal: AbortSignal): Promise<void> {
    const over = new AbortController()
    const late = this.#options.clock.sleep(maxWaitMs, AbortSignal.any([signal, over.signal])).then(() => {
      throw new TokenFault(
        'Log in first: the address and the code are in the log of this server (stderr); then make the request again.',
      )
    })
    try {
      await Promise.race([work, late])
    } finally {
      over.abort()
      // Whichever is slower has nobody who waits for it any more.
      for (const one of [work, late]) one.catch(() => undefined)
    }
  }

  /** A new token instead of one that is refused. */
  async #replace(challenge: string): Promise<void> {
    const refused = this.#login?.accessToken
    if (this.#login?.refreshToken !== undefined) await this.#refresh()
    if (this.#login && !isSameToken(this.#login.accessToken, refused)) return
    const { url, clientId, fetchJson, postForm, clock, now, announce, signal, log } = this.#options
    const place = await loginPlaceOf(url, challenge, fetchJson)
    const tokens = await logIn({ place, clientId, postForm, clock, now, announce, signal })
    this.#keep(place, tokens)
    log.info({ issuer: place.issuer }, 'logged in')
  }

  /** True if another process has renewed the login meanwhile: most issuers take a refresh token once. */
  #adopt(): boolean {
    const stored = this.#options.store.read()
    if (!stored || isSameToken(stored.accessToken, this.#login?.accessToken)) return false
    this.#take(stored)
    return !this.#hasEnded(stored)
  }

  /** Renews the access token. A refresh token that is refused ends the login; an issuer that is away does not. */
  async #refresh(): Promise<void> {
    if (this.#adopt() || this.#login?.refreshToken === undefined) return
    const { clientId, store, postForm, now, signal, log } = this.#options
    const { resource, tokenEndpoint, refreshToken } = this.#login
    const form = {
      grant_type: 'refresh_token',
      refresh_token: refreshToken.reveal(),
      client_id: clientId,
      resource,
    }
    const answer = await postForm(tokenEndpoint, form, signal)
    if (answer.error === undefined) {
      const tokens = tokensIn(answer.body, now())
      this.#keep(this.#login, { ...tokens, refreshToken: tokens.refreshToken ?? refreshToken })
    } else if (answer.error === 'invalid_grant') {
      if (this.#adopt()) return
      log.info({}, 'the login has ended')
      store.remove()
      this.#take(undefined)
    } else
      throw new TokenFault(
        `The issuer does not renew the login (${answer.error}): try again later, or ask its operator.`,
      )
  }

  #keep({ resource, tokenEndpoint }: Pick<Login, 'resource' | 'tokenEndpoint'>, tokens: Tokens): void {
    const { accessToken, refreshToken, expiresAt } = tokens
    const login: Login = {
      resource,
      tokenEndpoint,
      accessToken,
      ...(refreshToken !== undefined && { refreshToken }),
      ...(expiresAt !== undefined && { expiresAt }),
    }
    this.#obtainedAt = this.#options.now()
    this.#take(login)
    this.#options.store.write(login)
  }

  #take(login: Login | undefined): void {
    this.#login = login
    const tokens = [login?.accessToken, login?.refreshToken]
    this.#options.onTokens(tokens.filter((token) => token !== undefined))
  }
}
