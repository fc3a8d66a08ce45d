/** A hash of a text, below 2^52, so that a number holds it exactly. */
export function hashOf(text: string): number {
  let high = 0x811c9dc5
  let low = 0x01000193
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    high = Math.imul(high ^ code, 0x01000193)
    low = Math.imul(low ^ code, 0x85ebca6b)
    low ^= low >>> 13
  }
  return combineHashes(high >>> 0, low >>> 0)
}

const combineHashes = (high: number, low: number): number =>
  (high & 0x3ffffff) * 0x4000000 + (low & 0x3ffffff)

const modulus = 2 ** 52

/** The sum of hashes: the same for every order. */
export const addHashes = (a: number, b: number): number => (a + b) % modulus
