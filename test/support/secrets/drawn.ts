import { createHash } from 'node:crypto'

const base62 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/**
 * Characters as a generator of keys draws them, the same at every run. Values are made here, so that no scanner of
 * secrets finds one in the files of the tests.
 */
export function drawn(count: number, alphabet: string = base62, seed = 'qualys'): string {
  let text = ''
  for (let block = 0; text.length < count; block++)
    for (const byte of createHash('sha256').update(`${seed} ${block}`).digest())
      text += alphabet[byte % alphabet.length]
  return text.slice(0, count)
}

export const hexDigits = '0123456789abcdef'
export const base64Letters = `${base62}+/`
export const upperAndDigits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url')

/** A JSON Web Token of these parts; the signature is made up. */
export const jwtOf = (
  header: object = { alg: 'RS256', typ: 'JWT' },
  payload: object = { sub: 'svc-scan', exp: 1_924_905_600 },
  signature: string = drawn(86, `${base62}-_`),
): string => `${encode(header)}.${encode(payload)}.${signature}`

/** A private key: its header, its body in lines of 64 characters, and its end. */
export function privateKey(kind: string, { headers = '', block = '', lines = 12 } = {}): string {
  const body = Array.from({ length: lines }, (_, index) => drawn(64, base64Letters, `${kind}${index}`))
  const [begin, end] = ['BEGIN', 'END'].map((word) => `-----${word} ${kind}PRIVATE KEY${block}-----`)
  return [begin, headers, ...body, end].filter((line) => line !== '').join('\n')
}
