import { createHmac, randomUUID } from 'node:crypto'
import type { Account } from '../data/accounts.ts'
import { customerUuid } from '../data/accounts.ts'
import type { Knobs } from './knobs.ts'

interface IssuedToken {
  account: Account
  expiresAt: number
}

/** The address of a client, and the seconds by which the clock is wrong for its request. */
interface Caller {
  from: string
  skew: number
}

/** The result of checking a bearer token. */
export type TokenCheck = { account: Account } | 'Not authenticated' | 'JWT expired'

/** The tokens of one sandbox. A token is valid only if it equals, byte for byte, one that was issued here. */
export class AccessTokens {
  readonly #issued = new Map<string, IssuedToken>()
  readonly #key = randomUUID()

  /** Issues a token. A wrong clock shows in its claims, and the server uses that clock to check it. */
  issue(account: Account, credentialType: string, knobs: Knobs, { from, skew }: Caller): string {
    const issuedAt = Math.floor(Date.now() / 1000)
    const expiresAt = issuedAt + knobs.tokenLifetimeSeconds
    const claims = {
      sub: account.username,
      loginResponse: 'SUCCESSFUL',
      successfulAuthenticationHandlers: ['QualysAuthenticationHandler'],
      iss: 'qas',
      aud: 'qas',
      ipAddress: from,
      portalUserId: account.userId,
      qwebUserId: account.userId + 1000,
      usertype: 'fo',
      credentialType,
      modulesAllowed: [
        ...['ADMIN', 'ASSET INVENTORY', 'CA'],
        ...(account.isCarDenied ? [] : ['SM']),
        ...(account.saqRights === 'none' ? [] : ['SAQ']),
      ],
      iat: issuedAt + skew,
      exp: expiresAt + skew,
      customerUuid,
      jti: randomUUID(),
    }
    const token = knobs.tokenKind === 'jwt' ? this.#sign(claims) : `${randomUUID()}${randomUUID()}`
    this.#issued.set(token, { account, expiresAt: expiresAt * 1000 })
    return token
  }

  verify(authorization: string | undefined): TokenCheck {
    const token = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1]
    const issued = token === undefined ? undefined : this.#issued.get(token)
    if (!issued) return 'Not authenticated'
    return issued.expiresAt > Date.now() ? { account: issued.account } : 'JWT expired'
  }

  /** Expires every token issued so far, as if the user were deactivated. */
  revokeAll(): void {
    for (const issued of this.#issued.values()) issued.expiresAt = 0
  }

  #sign(claims: object): string {
    const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
    // The sample header of fetch_authentication_token.htm contains only alg.
    const signed = `${encode({ alg: 'HS512' })}.${encode(claims)}`
    return `${signed}.${createHmac('sha512', this.#key).update(signed).digest('base64url')}`
  }
}
