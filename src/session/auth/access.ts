import {
  BusyError,
  InputError,
  LoginError,
  type QualysError,
  SlowError,
  UnsentError,
  VendorError,
} from '../../shared/errors.ts'
import type { Caller } from '../http/retry-budget.ts'
import type { Login } from './account.ts'
import { pauseAfterRefusal, type TokenKeeper } from './token.ts'

/** Sends one request. Calls `header` for its authorization each time the request is about to be sent. */
export type Sender<T> = (header: () => string) => Promise<T>

/** How one call authorizes its requests. */
export interface Opening {
  /** Sends with the current header. The header throws if another request has been refused in the meantime. */
  readonly send: <T>(sender: Sender<T>) => Promise<T>
  /** Called after a refusal: true if there is another header to try. */
  readonly another: () => boolean
}

/** Authorizes the requests to one host. */
export interface Access {
  readonly through: <T>(
    work: (opening: Opening) => Promise<T>,
    signal: AbortSignal | undefined,
    caller?: Caller,
  ) => Promise<T>
}

/** The token expired while the request waited for its turn. */
class EndedToken extends Error {}

/**
 * Maximum number of turns that a request gives up for a new token. After that even a token with a very short
 * lifetime is sent.
 */
const mostWaits = 3

/**
 * A JWT, shared by all callers and renewed early. Each request takes the current token when it is sent, and
 * again when it is sent after a wait. A refused token is replaced, until a new one is refused too.
 */
export function tokenAccess(tokens: TokenKeeper): Access {
  return {
    through: async (work, signal, caller) => {
      let sent = ''
      const send = async <T>(sender: Sender<T>): Promise<T> => {
        for (let waits = 1; ; waits++) {
          // A login needs a turn of its own, so this request must not hold one while it waits.
          sent = await orAborted(tokens.get(caller), signal)
          try {
            return await sender(() => {
              if (tokens.current === undefined && waits <= mostWaits) throw new EndedToken()
              sent = tokens.current ?? sent
              return `Bearer ${sent}`
            })
          } catch (error) {
            if (!(error instanceof EndedToken)) throw error
          }
        }
      }
      // A token from before the refusal may have ended for the same reason; the next one cannot have.
      let left = 2
      const another = (): boolean => {
        if (left === 0) return false
        left = tokens.refused(sent) ? 0 : left - 1
        return true
      }
      return work({ send, another })
    },
  }
}

/** User name and password, encoded for HTTP Basic. */
export function basicOf({ username, password }: Login): string {
  return Buffer.from(`${username}:${password.reveal()}`).toString('base64')
}

/** True for an outage of the host, which affects all requests. */
function isOutage(error: unknown): error is QualysError {
  if (error instanceof SlowError || error instanceof UnsentError) return true
  const { status = 0 } = error instanceof VendorError || error instanceof BusyError ? error.details : {}
  return [502, 503, 504].includes(status)
}

/**
 * User name and password with every request; each request is a login. Since accounts lock, requests go one at
 * a time until one has succeeded, and a refusal stops further ones for a while.
 */
export function passwordAccess(login: Login, clock: () => number = () => performance.now()): Access {
  let letIn = false
  let first: Promise<QualysError | undefined> | undefined
  let refusal: { readonly error: LoginError; readonly until: number } | undefined

  const check = (): void => {
    if (refusal && clock() < refusal.until) throw refusal.error
  }

  const attempt = async <T>(work: (opening: Opening) => Promise<T>): Promise<T> => {
    try {
      const header = (): string => {
        check()
        return `Basic ${basicOf(login)}`
      }
      const result = await work({ send: (sender) => sender(header), another: () => false })
      letIn = true
      return result
    } catch (error) {
      if (error instanceof LoginError && error !== refusal?.error) {
        letIn = false
        refusal = { error, until: clock() + pauseAfterRefusal }
      }
      // Refused for another reason, so the login has succeeded.
      if (error instanceof InputError) letIn = true
      throw error
    }
  }

  return {
    through: async (work, signal, caller) => {
      for (;;) {
        check()
        if (letIn) return attempt(work)
        if (!first) break
        caller?.tell('Another call goes first, since accounts lock: this one waits for its login.')
        const failure = await orAborted(first, signal)
        // That call has already waited; this one would only wait again.
        if (failure) throw failure
      }
      const trial = attempt(work)
      first = trial.then(
        () => undefined,
        (error: unknown) => (isOutage(error) ? error : undefined),
      )
      try {
        return await trial
      } finally {
        first = undefined
      }
    },
  }
}

/** Stops waiting when the signal aborts. The promise goes on for other callers. */
export function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(signal.reason)
    if (signal.aborted) leave()
    signal.addEventListener('abort', leave, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave))
  })
}
