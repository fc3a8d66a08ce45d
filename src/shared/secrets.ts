import { inspect } from 'node:util'
import type { Range } from './redaction/rewritten-text.ts'
import { replaceRanges, secretSearch } from './redaction/secret-search.ts'

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
const credentialPattern = /ZXlK[\w+/-]{40,}={0,2}|\b(?:[Bb]earer|BEARER|Basic) (?=\S*[\d=+/])[\w.~+/=-]{12,}/g

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

/** True for a value that is too short to redact. A run of blanks and backslashes counts as one character. */
export const isShort = (value: string): boolean =>
  value.trim().replace(/[\s\b\\]+/g, ' ').length < minSecretLength

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

/** The parts of a text that look like a credential. */
const credentialsIn = (text: string): Range[] =>
  Array.from(text.matchAll(credentialPattern), ({ 0: credential, index }) => ({
    from: index,
    to: index + credential.length,
  }))

/** What every credential has in it that is found by its form. */
const credentialHint = /ZXlK|eyJ|[Bb]earer |BEARER |[Bb][Aa][Ss][Ii][Cc] |:\\*\/\\*\//

/** Makes a redactor for these secrets in every encoding and for everything that looks like a credential. */
export function redactor(secrets: readonly Secret[]): Redactor {
  const known = secrets.flatMap((secret) => secretParts(secret.reveal())).filter((value) => !isShort(value))
  const search = secretSearch([...new Set(known)])
  const maskAll = (text: string, maskOf: MaskOf): string => {
    // Hardly any text needs a second look.
    if (!search.mayHoldOne(text) && !credentialHint.test(text)) return text
    const plain = replaceRanges(text, [...search.find(text), ...credentialsIn(text)], maskOf)
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

/** V8 copies a shorter part of a text. XML is read in slices of this size, so a longer text is no part of one. */
const [minPart, maxPart] = [13, 64 * 1024]

/**
 * The text apart from the answer that it comes from: V8 keeps all of a text in memory as long as a part of it is used,
 * and rows are kept longer than answers.
 */
const ownText = (text: string): string =>
  text.length < minPart || text.length > maxPart ? text : JSON.parse(JSON.stringify(text))

/** What JSON writes for a value; undefined if it leaves the value out. */
function redactPart(part: unknown, redact: Redact): unknown {
  if (typeof part === 'string') return ownText(redact(part))
  // The secret may consist of digits.
  if (typeof part === 'number')
    return redact(String(part)) !== String(part) ? mask : Number.isFinite(part) ? part : null
  if (typeof part === 'bigint') throw new TypeError('JSON has no bigint.')
  if (typeof part !== 'object' || part === null)
    return typeof part === 'boolean' || part === null ? part : undefined
  if ('toJSON' in part && typeof part.toJSON === 'function') return redactPart(part.toJSON(), redact)
  if (Array.isArray(part)) return part.map((inner) => redactPart(inner, redact) ?? null)
  const redacted: [string, unknown][] = []
  for (const [name, inner] of Object.entries(part)) {
    const value = redactPart(inner, redact)
    if (value !== undefined) redacted.push([redact(name), value])
  }
  return Object.fromEntries(redacted)
}

/**
 * A copy of a value as JSON has it, with every string redacted, names of members included. It is not written as JSON on
 * the way: a value may have many megabytes.
 */
export function redactJson<T>(value: T, redact: Redact): T {
  return redactPart(value, redact) as T
}

/** All secrets among the settings, including those in maps. */
export function secretsIn(settings: object): Secret[] {
  return Object.values(settings)
    .flatMap((value: unknown) => (value instanceof Map ? [...value.values()] : [value]))
    .filter((value) => value instanceof Secret)
}
