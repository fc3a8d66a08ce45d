import { randomBytes } from 'node:crypto'

/** Shorter parts would occur everywhere. */
const shortest = 6

/** The header of a JWT alone is no secret; with some of its claims it is. */
const jwt = /eyJ[\w-]{8,}\.[\w-]{8,}/

/** What remains recognisable of a secret in any encoding: a canary's name and its random core. */
function partsOf(secret: string): string[] {
  const core = /[0-9a-f]{12}/.exec(secret)?.[0]
  const parts = core !== undefined && secret.includes('canary') ? ['canary', core] : [secret]
  const short = parts.find((part) => part.length < shortest)
  if (short !== undefined) throw new Error(`"${short}" is too short to be searched for`)
  return parts
}

/** The characters that a part becomes in base64, for each of its three possible positions in a group. */
function inBase64(part: string): string[] {
  return [0, 1, 2].map((offset) => {
    const text = Buffer.from('?'.repeat(offset) + part).toString('base64')
    return text.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + Buffer.byteLength(part)) * 8) / 6))
  })
}

/** The text, and the decoded form of any base64 in it, for every start position. */
function views(text: string): string[] {
  const runs = text.match(/[\w+/-]{16,}/g) ?? []
  return [
    text,
    ...runs.flatMap((run) =>
      [0, 1, 2, 3].map((skip) => Buffer.from(run.slice(skip), 'base64').toString('latin1')),
    ),
  ]
}

/**
 * Builds a search for these secrets, whole or truncated, in any letter case, between any escapes, at any position
 * of a base64 text, and for anything that looks like a JWT, whole or truncated. The search returns the parts it
 * found.
 */
export function leakSearch(secrets: readonly string[]): (text: string) => string[] {
  const parts = [...new Set(secrets.flatMap(partsOf))]
  const packed = parts.map((part) => [part, inBase64(part)] as const)
  return (text) => {
    const lower = text.toLowerCase()
    const standard = text.replaceAll('-', '+').replaceAll('_', '/')
    return [
      ...parts.filter((part) => lower.includes(part.toLowerCase())),
      ...packed.flatMap(([part, spellings]) =>
        spellings.some((spelling) => standard.includes(spelling)) ? [`base64 of ${part}`] : [],
      ),
      ...(views(text).some((view) => jwt.test(view)) ? ['a JWT'] : []),
    ]
  }
}

const html = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll('=', '&#61;')
    .replaceAll('/', '&#x2F;')
    .replaceAll('ü', '&#252;')

/** How a secret looks in logs, bodies and headers of other programs. */
export const spellings: readonly (readonly [name: string, spell: (secret: string) => string])[] = [
  ['as it is', (secret) => secret],
  ['URL-encoded', encodeURIComponent],
  [
    'URL-encoded in small letters',
    (secret) => encodeURIComponent(secret).replace(/%../g, (x) => x.toLowerCase()),
  ],
  ['form-encoded', (secret) => new URLSearchParams({ p: secret }).toString().slice(2)],
  ['in JSON', (secret) => JSON.stringify(secret)],
  [
    'in JSON of ASCII alone',
    (secret) =>
      JSON.stringify(secret).replace(
        /[\u007f-\uffff]/g,
        (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
      ),
  ],
  ['in JSON with its slashes escaped', (secret) => JSON.stringify(secret).replaceAll('/', '\\/')],
  ['in HTML', html],
  ['in base64', (secret) => Buffer.from(secret).toString('base64')],
  ['in base64url', (secret) => Buffer.from(secret).toString('base64url')],
  ['in a Basic header', (secret) => `Basic ${Buffer.from(`operator:${secret}`).toString('base64')}`],
  ['in base64 with other text before it', (secret) => Buffer.from(`operator:${secret}`).toString('base64')],
  ['in base64 with other text around it', (secret) => Buffer.from(`a=${secret};`).toString('base64')],
]

/** The most frequent spellings. */
export const commonSpellings: Readonly<Record<string, (text: string) => string>> = {
  plain: (text) => text,
  'URL encoding': encodeURIComponent,
  'form encoding': (text) => new URLSearchParams({ v: text }).toString().slice(2),
  'JSON escaping': (text) => JSON.stringify(text).slice(1, -1),
  base64: (text) => Buffer.from(text).toString('base64'),
  base64url: (text) => Buffer.from(text).toString('base64url'),
}

const encode = (claims: object): string => Buffer.from(JSON.stringify(claims)).toString('base64url')

/** A token that ends with a signature of its own; the sandbox does not know it. */
export const someJwt = `${encode({ alg: 'HS256' })}.${encode({ sub: 'someone', iat: 1, exp: 99_999 })}.${randomBytes(24).toString('base64url')}`

const anyCanary = leakSearch(['canary'])

/** The secret parts of a value: parts of any canary, or of any JWT. */
export function leaks(what: unknown): string[] {
  return anyCanary(typeof what === 'string' ? what : JSON.stringify(what))
}
