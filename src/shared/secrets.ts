import { inspect } from 'node:util'

/** Stands in place of a secret. No ordinary text holds it, so a text that comes back with it was read here. */
export const mask = '[masked-by-qualys-mcp]'

/** How many masks a text holds, in whatever case and brackets a model wrote them. */
export const countMasks = (text: string): number => text.match(/masked-by-qualys-mcp/gi)?.length ?? 0

/** A secret value. Printing, JSON and inspection show the mask. */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  /** The value itself. Only for building requests, never for text that a person or a model reads. */
  reveal(): string {
    return this.#value
  }

  toString(): string {
    return mask
  }

  toJSON(): string {
    return mask
  }

  [inspect.custom](): string {
    return mask
  }
}

/** Minimum length for redaction by value: shorter values occur in ordinary text by chance. */
export const minSecretLength = 8

/**
 * Base64-encoded JWTs, and credentials after an authorization scheme; "Basic hardening" is not a credential.
 */
const credentialPatterns = [
  'ZXlK[\\w+/-]{40,}={0,2}',
  '\\b(?:[Bb]earer|BEARER|Basic) (?=\\S*[\\d=+/])[\\w.~+/=-]{12,}',
]

/** Candidates for Basic credentials, and the check of the decoded text. */
const basicCandidates = /\b(basic) ([\w+/-]{4,}={0,2})/gi
const userAndPassword = /^[^\p{Cc}\ufffd:]*:/u

/** User name and password, or a long token alone, in a URL. The host is kept. */
const urlCredentials = /(:\\*\/\\*\/)([^\s/?#"'<>@\\:]*:[^\s/?#"'<>\\]*|[^\s/?#"'<>@\\:]{20,})@/g

/** Candidates for JWTs: five parts if encrypted, fewer if cut. */
const jwtCandidates = /eyJ([\w-]*)((?:\.[\w-]*){1,4})?/g

/** What is written in place of a secret. */
type MaskOf = (secret: string) => string

/**
 * Masks JWTs. The pattern consumes each run of letters once: restarting at every `eyJ` takes minutes for a
 * megabyte of them.
 */
function maskJwts(text: string, maskOf: MaskOf): string {
  return text.replace(jwtCandidates, (run, head: string, rest: string | undefined) => {
    if (rest === undefined) return run
    return head.length >= 8 ? maskOf(run) : `eyJ${head}${maskJwts(rest, maskOf)}`
  })
}

function maskBasic(text: string, maskOf: MaskOf): string {
  return text.replace(basicCandidates, (all, scheme: string, encoded: string) =>
    userAndPassword.test(Buffer.from(encoded, 'base64').toString()) ? `${scheme} ${maskOf(encoded)}` : all,
  )
}

/** The secret parts of a value: all of it and, in a URL, its credentials. */
function secretParts(value: string): string[] {
  if (!URL.canParse(value)) return [value]
  const { username, password } = new URL(value)
  const [name = '', word = ''] = [username, password].map(decodeComponent)
  // A user name without a password is a token, if it is long enough.
  if (word === '') return isShort(name) ? [value] : [value, name]
  return [value, word, `${name}:${word}`]
}

function decodeComponent(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const escapeRegExp = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
const anyCase = (hex: string): string =>
  hex.replace(/[a-f]/gi, (x) => `[${x.toLowerCase()}${x.toUpperCase()}]`)
const hex = (value: number, width: number): string => anyCase(value.toString(16).padStart(width, '0'))
const entities = new Map([
  ['&', 'amp'],
  ['<', 'lt'],
  ['>', 'gt'],
  ['"', 'quot'],
  ["'", 'apos'],
])

/** White space outside ASCII. */
const unicodeSpaces =
  '\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff'

const percentEncode = (character: string): string =>
  [...Buffer.from(character)].map((byte) => `%${hex(byte, 2)}`).join('')

/** Matches white space of any length in any encoding: a secret may be wrapped. */
const whitespacePattern = `(?:\\s|\\+|%[02][09aAdD]|\\\\+[tnrfv]|\\\\+u(?:00(?:0[9a-dA-D]|20|[aA]0)|1680|20(?:0\\d|0[aA]|2[89fF]|5[fF])|3000|[fF][eE][fF][fF])|&nbsp;|&#(?:0*(?:9|1[0-3]|32|160)|[xX]0*(?:9|[a-dA-D]|20|[aA]0));|${[...unicodeSpaces].map(percentEncode).join('|')}){1,64}`

/**
 * Matches a run of backslashes, which each escaping makes longer. There is only one way to match it, and its
 * length is limited, so that matching stays fast.
 */
const backslashPattern = '(?:\\\\|%5[cC]|(?<=\\\\)u005[cC]|&#(?:0*92|[xX]0*5[cC]);){1,64}'

/** Matches one character, plain or escaped for URLs, forms, JSON, HTML and shells. */
function characterPattern(character: string, index: number, characters: readonly string[]): string {
  if (/\s/.test(character)) return whitespacePattern
  if (/[A-Za-z0-9]/.test(character)) return character
  if (character === '\\') return backslashPattern
  // A run of backslashes before the value is tried once, not from each backslash.
  const start = index === 0 ? '(?<!\\\\)' : ''
  const code = character.codePointAt(0) ?? 0
  // The pattern before it has consumed the backslashes.
  const followsBackslashes = characters[index - 1] === '\\'
  const units = character.split('').map((unit) => `u${hex(unit.charCodeAt(0), 4)}`)
  const alternatives = [
    `${start}${followsBackslashes ? '' : '\\\\*'}${escapeRegExp(character)}`,
    percentEncode(character),
    `${start}${followsBackslashes ? '' : '\\\\+'}${units.join('\\\\+')}`,
    `&#(?:0*${code}|[xX]0*${hex(code, 1)});`,
    ...(entities.has(character) ? [`&${entities.get(character)};`] : []),
    ...(character === '\b' ? ['\\\\+b'] : []),
  ]
  return `(?:${alternatives.join('|')})`
}

/** Matches the value inside a base64 text: the characters that do not depend on what surrounds it. */
function base64Pattern(value: string, offset: number): string {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(value)])
  const letters = bytes
    .toString('base64')
    .slice(Math.ceil((offset * 8) / 6), Math.floor((bytes.length * 8) / 6))
    .replace(/[+/]/g, (x) => (x === '+' ? '[+-]' : '[/_]'))
  return `[\\w+/-]{0,2}${letters}[\\w+/-]{0,2}={0,2}`
}

/**
 * Normalizes a value for the search: without surrounding white space, which is not secret and would slow down
 * the search.
 */
const normalize = (value: string): string => value.trim().replace(/\s+/g, ' ').replace(/\\+/g, '\\')

/** True for a value that is too short to redact. */
export const isShort = (value: string): boolean => normalize(value).length < minSecretLength

/** Patterns for the plain and the encoded forms of a secret. */
function patternsFor(value: string): string[] {
  return [
    [...normalize(value)].map(characterPattern).join(''),
    ...[0, 1, 2].map((offset) => base64Pattern(value, offset)),
    anyCase(Buffer.from(value).toString('hex')),
  ]
}

/** True if the secret, or a part of it, is too short to be redacted by value. */
export function isWeak(secret: Secret): boolean {
  return secretParts(secret.reveal()).some(isShort)
}

/** Replaces the secrets in a text. */
export type Redact = (text: string) => string

/** No character: the last code point of the Basic Multilingual Plane. */
const cover = '\uffff'

/** Stands where a text holds the cover itself, which must not pass for a secret: the code point before, no character. */
const notCover = '\ufffe'

/** True for a character that covers one of a secret. */
export const isCovered = (character: string | undefined): boolean => character === cover

/** Two ways to take secrets out of a text. */
export interface Redactor {
  /** Writes the mask for each secret. */
  readonly redact: Redact
  /** Covers each character of a secret, so that every other one keeps its place. */
  readonly cover: Redact
}

/** Makes a redactor for these secrets in every encoding and for everything that looks like a credential. */
export function redactor(secrets: readonly Secret[]): Redactor {
  const known = secrets.flatMap((secret) => secretParts(secret.reveal())).filter((value) => !isShort(value))
  const longestFirst = [...new Set(known)].sort((a, b) => b.length - a.length).flatMap(patternsFor)
  const pattern = new RegExp([...longestFirst, ...credentialPatterns].join('|'), 'g')
  const maskAll = (text: string, maskOf: MaskOf): string => {
    const plain = text.replace(pattern, maskOf)
    const urls = plain.replace(
      urlCredentials,
      (_, scheme: string, login: string) => `${scheme}${maskOf(login)}@`,
    )
    return maskJwts(maskBasic(urls, maskOf), maskOf)
  }
  return {
    redact: (text) => maskAll(text, () => mask),
    cover: (text) => maskAll(text.replaceAll(cover, notCover), (secret) => cover.repeat(secret.length)),
  }
}

/** Redacts every string in a JSON value, names of members included. */
export function redactJson<T>(value: T, redact: Redact): T {
  return JSON.parse(JSON.stringify(value), (_key, part: unknown) => {
    if (typeof part === 'string') return redact(part)
    // The secret may consist of digits.
    if (typeof part === 'number') return redact(String(part)) === String(part) ? part : mask
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part
    return Object.fromEntries(Object.entries(part).map(([name, inner]) => [redact(name), inner]))
  })
}

/** All secrets among the settings, including those in maps. */
export function secretsIn(settings: object): Secret[] {
  return Object.values(settings)
    .flatMap((value: unknown) => (value instanceof Map ? [...value.values()] : [value]))
    .filter((value) => value instanceof Secret)
}
