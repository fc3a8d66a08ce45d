import { readSecretFile, UnusableFileError } from '../../../config/secret-file.ts'
import { SettingsError } from '../../../shared/errors.ts'
import { Secret } from '../../../shared/secrets.ts'

/** Why there is no token at present. The message is one sentence for the operator, without a part of any token. */
export class TokenFault extends Error {}

/** A refusal for want of a good token. */
export interface TokenRefusal {
  /** The value of the header WWW-Authenticate. */
  readonly challenge: string
  /** The token that was refused. */
  readonly token: Secret | undefined
}

/** Where the tokens of requests come from. */
export interface TokenSource {
  /** The token for the next request; undefined if there is none. Rejects with a TokenFault. */
  readonly current: (signal: AbortSignal) => Promise<Secret | undefined>
  /** Looks for another token after a refusal. True if there is one now. Rejects with a TokenFault. */
  readonly renew: (refusal: TokenRefusal, signal: AbortSignal) => Promise<boolean>
  /** What to do about a service that asks for a token; undefined if its own words say so. */
  readonly advice?: string
}

/** Hears of each token in use, so that none of them gets into a log. */
export type OnTokens = (secrets: readonly Secret[]) => void

/** True for the same token, or none twice. */
export const isSameToken = (one: Secret | undefined, other: Secret | undefined): boolean =>
  one?.reveal() === other?.reveal()

/** The source of a service that needs no token. */
export const noTokens: TokenSource = {
  current: async () => undefined,
  renew: async () => false,
  advice:
    'set QUALYS_CONNECT_TOKEN_FILE (--token-file) to a file with the token of a caller, or QUALYS_CONNECT_CLIENT_ID (--client-id) to log in',
}

const fileSetting = 'QUALYS_CONNECT_TOKEN_FILE (--token-file)'

/** The token in a file, which is read for each request: whoever renews it only has to write it there. */
export function fileTokens(path: string, onTokens: OnTokens): TokenSource {
  const fault = (what: string, next: string): TokenFault =>
    new TokenFault(`The file that ${fileSetting} names ${what}: ${next}.`)
  let known: Secret | undefined

  function read(): Secret {
    let token: string
    try {
      token = readSecretFile(path).trim()
    } catch (error) {
      if (!(error instanceof UnusableFileError)) throw error
      throw fault(error.message, error.next)
    }
    if (!/^[\x21-\x7e]+$/.test(token))
      throw fault('holds something else than a token', 'write the token into it, and nothing else')
    if (token === known?.reveal()) return known
    known = new Secret(token)
    onTokens([known])
    return known
  }

  try {
    read()
  } catch (error) {
    if (!(error instanceof TokenFault)) throw error
    throw new SettingsError(error.message)
  }
  return {
    current: async () => read(),
    renew: async ({ token }) => !isSameToken(read(), token),
  }
}
