import { createHmac, randomBytes, timingSafeEqual } from '../../../../../shared/crypto.ts'

/** What a token is bound to, such as a call and a session. */
export type TokenParts = readonly string[]

/** The tokens of the forms of one page: no other page can make one. */
export interface FormTokens {
  /** A token that is good until then: epoch, in ms. */
  readonly issue: (parts: TokenParts, until: number) => string
  /** False for a token of other parts or another process, and for one whose time is over. */
  readonly isValid: (token: unknown, parts: TokenParts) => boolean
}

export function formTokens(now: () => number): FormTokens {
  const key = randomBytes(32)
  const macOf = (parts: TokenParts, until: string): Buffer =>
    createHmac(key)
      .update(JSON.stringify([...parts, until]))
      .digest()
  return {
    issue: (parts, until) => `${until}.${macOf(parts, String(until)).toString('base64url')}`,
    isValid: (token, parts) => {
      const [, until, mac] = /^(\d{1,15})\.([\w-]{43})$/.exec(typeof token === 'string' ? token : '') ?? []
      if (until === undefined || mac === undefined) return false
      const given = Buffer.from(mac, 'base64url')
      const right = macOf(parts, until)
      return given.length === right.length && timingSafeEqual(given, right) && now() < Number(until)
    },
  }
}
