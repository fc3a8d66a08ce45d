import {
  BusyError,
  ConnectError,
  InputError,
  LoginError,
  type QualysError,
  TimeoutError,
  VendorError,
} from '../../shared/errors.ts'
import type { RetryBudget } from '../http/retry-budget.ts'
import type { Login } from './account.ts'
import { refusalPauseMs, type TokenKeeper } from './token.ts'

/** Sends one request. Calls `header` for its authorization each time the request is about to be sent. */
export type Sender<T> = (header: () => string) => Promise<T>

/** How one call authorizes its requests. */
export interface Authorization {
  /** Sends with the current header. The header throws if another request has been refused in the meantime. */
  readonly send: <T>(sender: Sender<T>) => Promise<T>
  /** Called after a refusal: true if there is another header to try. */
  readonly refresh: () => boolean
}

/** Authorizes the requests to one host. */
export interface Authenticator {
  readonly run: <T>(
    work: (authorization: Authorization) => Promise<T>,
    signal: AbortSignal | undefined,
    budget?: RetryBudget,
  ) => Promise<T>
}

/** The token expired while the request waited for its turn. */
class ExpiredTokenError extends Error {}

/**
 * Maximum number of turns that a request gives up for a new token. After that even a token with a very short
 * lifetime is sent.
 */
const maxWaits = 3

/**
 * A JWT, shared by all callers and renewed early. Each request takes the current token when it is sent, and
 * again when it is sent after a wait. A refused token is replaced, until a new one is refused too.
 */
export function tokenAuthenticator(tokens: TokenKeeper): Authenticator {
  return {
    run: async (work, signal, budget) => {
      let sentToken = ''
      const send = async <T>(sender: Sender<T>): Promise<T> => {
        for (let turn = 1; ; turn++) {
          // A login needs a turn of its own, so this request must not hold one while it waits.
          sentToken = await abortable(tokens.get(budget), signal)
          try {
            return await sender(() => {
              if (tokens.current === undefined && turn <= maxWaits) throw new ExpiredTokenError()
              sentToken = tokens.current ?? sentToken
              return `Bearer ${sentToken}`
            })
          } catch (error) {
            if (!(error instanceof ExpiredTokenError)) throw error
          }
        }
      }
      // A token from before the refusal may have ended for the same reason; the next one cannot have.
      let refreshesLeft = 2
      const refresh = (): boolean => {
        if (refreshesLeft === 0) return false
        refreshesLeft = tokens.invalidate(sentToken) ? 0 : refreshesLeft - 1
        return true
      }
      return work({ send, refresh })
    },
  }
}

/** User name and password, encoded for HTTP Basic. */
export function basicOf({ username, password }: Login): string {
  return Buffer.from(`${username}:${password.reveal()}`).toString('base64')
}

/** True for an outage of the host, which affects all requests. */
function isOutage(error: unknown): error is QualysError {
  if (error instanceof TimeoutError || error instanceof ConnectError) return true
  const { status = 0 } = error instanceof VendorError || error instanceof BusyError ? error.details : {}
  return [502, 503, 504].includes(status)
}

/**
 * User name and password with every request; each request is a login. Since accounts lock, requests go one at
 * a time until one has succeeded, and a refusal stops further ones for a while.
 */
export function passwordAuthenticator(
  login: Login,
  now: () => number = () => performance.now(),
): Authenticator {
  let loginVerified = false
  let pendingTrial: Promise<QualysError | undefined> | undefined
  let refusal: { readonly error: LoginError; readonly until: number } | undefined

  const refuseDuringPause = (): void => {
    if (refusal && now() < refusal.until) throw refusal.error
  }

  const attempt = async <T>(work: (authorization: Authorization) => Promise<T>): Promise<T> => {
    try {
      const header = (): string => {
        refuseDuringPause()
        return `Basic ${basicOf(login)}`
      }
      const result = await work({ send: (sender) => sender(header), refresh: () => false })
      loginVerified = true
      return result
    } catch (error) {
      if (error instanceof LoginError && error !== refusal?.error) {
        loginVerified = false
        refusal = { error, until: now() + refusalPauseMs }
      }
      // Refused for another reason, so the login has succeeded.
      if (error instanceof InputError) loginVerified = true
      throw error
    }
  }

  return {
    run: async (work, signal, budget) => {
      for (;;) {
        refuseDuringPause()
        if (loginVerified) return attempt(work)
        if (!pendingTrial) break
        budget?.notify('Another call goes first, since accounts lock: this one waits for its login.')
        const failure = await abortable(pendingTrial, signal)
        // That call has already waited; this one would only wait again.
        if (failure) throw failure
      }
      const trial = attempt(work)
      pendingTrial = trial.then(
        () => undefined,
        (error: unknown) => (isOutage(error) ? error : undefined),
      )
      try {
        return await trial
      } finally {
        pendingTrial = undefined
      }
    },
  }
}

/** Stops waiting when the signal aborts. The promise goes on for other callers. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
