import type { Login } from './account.ts'
import type { Caller } from './caller.ts'
import {
  BusyError,
  InputError,
  LoginError,
  type QualysError,
  SlowError,
  UnsentError,
  VendorError,
} from './errors.ts'
import { pauseAfterRefusal, type TokenKeeper } from './token.ts'

/** What a request is opened with. */
export interface Opening {
  readonly header: string
  /** Called when its turn to go out has come; throws where another request was refused meanwhile. */
  readonly check: () => void
  /** What to try after this header was refused; undefined where there is nothing else. */
  readonly another: () => Promise<string | undefined>
}

/** What opens a host: gives every request its authorization. */
export interface Access {
  readonly through: <T>(
    work: (opening: Opening) => Promise<T>,
    signal: AbortSignal | undefined,
    caller?: Caller,
  ) => Promise<T>
}

/** A JWT, shared by all callers and renewed in time; one that is refused is replaced once. */
export function tokenAccess(tokens: TokenKeeper): Access {
  return {
    through: async (work, signal, caller) => {
      const token = await orAborted(tokens.get(caller), signal)
      const another = async (): Promise<string> => {
        tokens.refused(token)
        return `Bearer ${await orAborted(tokens.get(caller), signal)}`
      }
      return work({ header: `Bearer ${token}`, check: () => undefined, another })
    },
  }
}

/** The header value of HTTP Basic. */
export function basicOf({ username, password }: Login): string {
  return Buffer.from(`${username}:${password.reveal()}`).toString('base64')
}

/** The host itself is away, whoever asks for what. */
function isOutage(error: unknown): error is QualysError {
  if (error instanceof SlowError || error instanceof UnsentError) return true
  const { status = 0 } = error instanceof VendorError || error instanceof BusyError ? error.details : {}
  return [502, 503, 504].includes(status)
}

/**
 * User name and password with every request, each a login of its own. Accounts lock: until one has let us in, they go
 * one at a time, and a refusal stops the next ones for a while.
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
      const header = `Basic ${basicOf(login)}`
      const result = await work({ header, check, another: async () => undefined })
      letIn = true
      return result
    } catch (error) {
      if (error instanceof LoginError && error !== refusal?.error) {
        letIn = false
        refusal = { error, until: clock() + pauseAfterRefusal }
      }
      // Refused for another reason, behind the door.
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
        // It has waited for what this one would wait for.
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

/** What others wait for as well goes on when one caller gives up. */
export function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(signal.reason)
    if (signal.aborted) leave()
    signal.addEventListener('abort', leave, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave))
  })
}
