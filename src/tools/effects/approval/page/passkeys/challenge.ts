/** True for a SHA-256 in hexadecimal. */
export const isDigest = (text: string): boolean => /^[0-9a-f]{64}$/.test(text)

/** The challenge of a passkey for a digest in hexadecimal: its 32 bytes, in base64url. */
export function challengeOf(digest: string): string {
  if (!isDigest(digest)) throw new Error('A digest is a SHA-256 in hexadecimal.')
  return Buffer.from(digest, 'hex').toString('base64url')
}
