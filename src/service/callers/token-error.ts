/** Why a token of the issuer is refused. */
export type TokenFault =
  | 'expired'
  | 'not yet valid'
  | 'audience'
  | 'issuer'
  | 'signature'
  | 'algorithm'
  | 'malformed'
  | 'no role'
  | 'issuer away'

/** A refused token. The message holds nothing of it. */
export class TokenError extends Error {
  readonly reason: TokenFault

  constructor(reason: TokenFault) {
    super(`The token is refused: ${reason}.`)
    this.reason = reason
  }
}

/** Faults by the code of an error of `jose`; any other of its codes stands for a fault of form. */
const faultsByCode: Readonly<Record<string, TokenFault>> = {
  ERR_JWT_EXPIRED: 'expired',
  ERR_JOSE_ALG_NOT_ALLOWED: 'algorithm',
  ERR_JOSE_NOT_SUPPORTED: 'algorithm',
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: 'signature',
  ERR_JWKS_NO_MATCHING_KEY: 'signature',
  ERR_JWKS_INVALID: 'signature',
}

/** Faults by the claim that a check of `jose` refused. */
const faultsByClaim: Readonly<Record<string, TokenFault>> = {
  nbf: 'not yet valid',
  aud: 'audience',
  iss: 'issuer',
}

/** The refusal that an error of `jose` stands for. */
export function tokenErrorOf(error: unknown): TokenError {
  if (error instanceof TokenError) return error
  const { code, claim, reason } = Object(error) as { code?: unknown; claim?: unknown; reason?: unknown }
  // Other errors are about the key, such as one that is too short.
  if (!String(code).startsWith('ERR_J')) return new TokenError('signature')
  const byClaim = reason === 'check_failed' ? faultsByClaim[String(claim)] : undefined
  return new TokenError(byClaim ?? faultsByCode[String(code)] ?? 'malformed')
}
