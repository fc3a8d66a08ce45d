import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose'

/** A key with which an issuer signs. */
export interface SigningKey {
  readonly kid: string
  readonly alg: string
  readonly privateKey: CryptoKey
  readonly publicKey: CryptoKey
  /** As the issuer publishes it. */
  readonly jwk: JWK
}

/** A new key. */
export async function signingKey(kid: string, alg = 'ES256'): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  return { kid, alg, privateKey, publicKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } }
}

/** The audience of the tokens of tests. */
export const audience = 'https://mcp.example.com/mcp'

/** The claims of a good token, for ten minutes. `now` is in ms. */
export const goodClaims = (issuer: string, now: number): JWTPayload => ({
  iss: issuer,
  sub: 'ada',
  aud: audience,
  scope: 'openid qualys.read',
  iat: Math.floor(now / 1_000),
  exp: Math.floor(now / 1_000) + 600,
})

/** A signed token. Members of `header` that are undefined are left out. */
export const signedToken = (key: SigningKey, claims: object, header: object = {}): Promise<string> =>
  new SignJWT({ ...claims })
    .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: 'at+jwt', ...header })
    .sign(key.privateKey)

const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url')

/** A token that nobody signed. */
export const unsignedToken = (claims: object): string =>
  `${encoded({ alg: 'none', typ: 'at+jwt' })}.${encoded(claims)}.`
