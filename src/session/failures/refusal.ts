import type { Redact } from '../../shared/secrets.ts'

/**
 * Who can fix a refusal, if the product says more than the HTTP status. `client`: the token is valid, but
 * this product does not accept a client's token.
 */
export type RefusalCategory =
  | 'login'
  | 'client'
  | 'permission'
  | 'input'
  | 'notFound'
  | 'conflict'
  | 'busy'
  | 'unknown'

/** The parts of a refusal, as far as its format is known. */
export interface Refusal {
  readonly message?: string
  readonly code?: string
  readonly category?: RefusalCategory
  /** True if the product itself answered, not a proxy or a gateway in front of it. */
  readonly fromProduct: boolean
}

/** The refusal without secrets. The body of a success has not been redacted before. */
export function redactedRefusal({ message, code, ...rest }: Refusal, redact: Redact): Refusal {
  return {
    ...rest,
    ...(message !== undefined && { message: redact(message) }),
    ...(code !== undefined && { code: redact(code) }),
  }
}
