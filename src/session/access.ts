import type { Login } from './account.ts'
import { pauseAfterRefusal, type TokenKeeper } from './token.ts'

/** What opens a host: the authorization of every request. */
export interface Access {
  /** The value of the header; rejects while a refusal is too fresh to try again. */
  readonly header: () => Promise<string>
  /** This header was refused: true when another one may be had at once. */
  readonly refused: (header: string) => boolean
  /** What the refusal meant, for the calls that follow at once. */
  readonly remember: (error: Error) => void
}

/** A JWT, shared by all callers and renewed in time. */
export function tokenAccess(tokens: TokenKeeper): Access {
  return {
    header: async () => `Bearer ${await tokens.get()}`,
    refused: (header) => {
      tokens.refused(header.slice('Bearer '.length))
      return true
    },
    remember: () => undefined,
  }
}

/** The header value of HTTP Basic. */
export function basicOf({ username, password }: Login): string {
  return Buffer.from(`${username}:${password.reveal()}`).toString('base64')
}

/** User name and password with every request: each is a login of its own, so that one refusal stops the next ones for a while. */
export function passwordAccess(login: Login, clock: () => number = () => performance.now()): Access {
  let refusal: { readonly error: Error; readonly until: number } | undefined
  return {
    header: async () => {
      if (refusal && clock() < refusal.until) throw refusal.error
      return `Basic ${basicOf(login)}`
    },
    refused: () => false,
    remember: (error) => {
      refusal = { error, until: clock() + pauseAfterRefusal }
    },
  }
}
