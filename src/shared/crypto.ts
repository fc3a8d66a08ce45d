import { createRequire } from 'node:module'

// Random values and hashes. The module behind them is loaded with its first use: it takes a fiftieth of a start, and a
// start needs neither.

type Crypto = typeof import('node:crypto')

let loaded: Crypto | undefined

function load(): Crypto {
  loaded ??= createRequire(import.meta.url)('node:crypto') as Crypto
  return loaded
}

export const randomUUID: Crypto['randomUUID'] = (options) => load().randomUUID(options)

/** So many random bytes. */
export const randomBytes = (size: number): Buffer => load().randomBytes(size)

/** A random whole number from 0 on, below this one. */
export const randomInt = (end: number): number => load().randomInt(end)

export const createHash = (algorithm: 'sha256') => load().createHash(algorithm)

export const createHmac = (key: Buffer) => load().createHmac('sha256', key)

/**
 * A key of 32 bytes from a secret that people may choose (scrypt, RFC 7914): trying many secrets takes long, and so does
 * one, about 50 ms. Other salts give other keys.
 */
export const deriveKey = (secret: string, salt: string): Buffer => load().scryptSync(secret, salt, 32)

/** True if both have the same bytes, in a time that does not show where they differ. Their lengths must be equal. */
export const timingSafeEqual = (a: Uint8Array, b: Uint8Array): boolean => load().timingSafeEqual(a, b)

/** The SHA-256 of some bytes or of a text in UTF-8, in hexadecimal. */
export const sha256 = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex')
