import type { TokenFault } from './token-error.ts'

/** Why a request is refused before it is read. */
export type RefusalReason =
  | TokenFault
  | 'no token'
  | 'header'
  | 'unknown token'
  | 'expired caller'
  | 'callers file'

/** The answer to a request without a caller. It holds no token, no part of one and no hash. */
export interface Refusal {
  /** 503 while the issuer cannot be asked about the token's key: the token may be good. */
  readonly status: 401 | 403 | 503
  /** The value of the header WWW-Authenticate (RFC 6750, 3). */
  readonly challenge: string
  readonly sentence: string
  /** For the log and the metrics. */
  readonly reason: RefusalReason
}

interface Kind {
  readonly status: Refusal['status']
  /** The error of the challenge; none for a request that brought no token (RFC 6750, 3.1). */
  readonly error?: 'invalid_request' | 'invalid_token' | 'insufficient_scope'
  /** Plain ASCII without quotes and backslashes, since the challenge quotes it. */
  readonly sentence: string
}

const invalidToken = (sentence: string): Kind => ({ status: 401, error: 'invalid_token', sentence })

const unknown = invalidToken('The token belongs to no caller: ask the operator for one.')

const kinds: Readonly<Record<RefusalReason, Kind>> = {
  'no token': {
    status: 401,
    sentence: 'Send the token of a caller in the header Authorization, as Bearer and the token.',
  },
  header: {
    status: 401,
    error: 'invalid_request',
    sentence: 'Send exactly one header Authorization: Bearer, one blank and the token.',
  },
  'unknown token': unknown,
  // The operator sees the fault; to a caller it says nothing.
  'callers file': unknown,
  'expired caller': invalidToken('The token has ended: ask the operator for a new one.'),
  expired: invalidToken('The token has expired: get a new one from the issuer.'),
  'not yet valid': invalidToken(
    'The token is not valid yet: check the clocks of the issuer and of the service.',
  ),
  audience: invalidToken(
    'The token is for another service: ask the issuer for one with the audience of this one.',
  ),
  issuer: invalidToken('The token is from an issuer that this service does not trust.'),
  signature: invalidToken('The signature of the token is not from a key of the issuer.'),
  algorithm: invalidToken('The token is signed with an algorithm that this service does not take.'),
  malformed: invalidToken('The token is no access token of the issuer.'),
  'no role': {
    status: 403,
    error: 'insufficient_scope',
    sentence: 'The token gives no role here: ask the operator which scope or group gives one.',
  },
  'issuer away': {
    status: 503,
    sentence: 'The issuer of the token cannot be reached to verify it: try again in a minute.',
  },
}

const challengeOf = (parameters: Readonly<Record<string, string | undefined>>): string => {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== '')
  return ['Bearer', given.map(([name, value]) => `${name}="${value}"`).join(', ')].join(' ').trim()
}

/**
 * The refusal for a reason. `metadataUrl`: where clients find the issuer; without it they start no OAuth. `scopes`: what
 * a token needs that gives no role.
 */
export function refusalOf(
  reason: RefusalReason,
  metadataUrl: string | undefined,
  scopes: readonly string[],
): Refusal {
  const { status, error, sentence } = kinds[reason]
  const challenge = challengeOf({
    resource_metadata: metadataUrl,
    error,
    error_description: error && sentence,
    scope: reason === 'no role' ? scopes.join(' ') : undefined,
  })
  return { status, challenge, sentence, reason }
}
