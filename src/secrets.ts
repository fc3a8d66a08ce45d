import { inspect } from 'node:util'

/** A value that shows itself only where it is asked to: printing, JSON and inspection all say `[secret]`. */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  /** The value itself; for building a request, never for text that a person or a model reads. */
  reveal(): string {
    return this.#value
  }

  toString(): string {
    return '[secret]'
  }

  toJSON(): string {
    return '[secret]'
  }

  [inspect.custom](): string {
    return '[secret]'
  }
}

/** Shorter values occur in ordinary text by chance; replacing them would garble it. */
export const shortest = 8

/** JWTs in base64, and what follows an authorization scheme; "Basic hardening" is no credential. */
const shapes = ['ZXlK[\\w+/-]{40,}={0,2}', '\\b(?:[Bb]earer|BEARER|Basic) (?=\\S*[\\d=+/])[\\w.~+/=-]{12,}']

/** What may be a name and a password in base64, and what it is then. */
const basic = /\b(basic) ([\w+/-]{4,}={0,2})/gi
const pair = /^[^\p{Cc}\ufffd:]*:/u

/** User and password in an address, or a long token alone; the host behind them stays. */
const inAddress = /(:\\*\/\\*\/)(?:[^\s/?#"'<>@\\:]*:[^\s/?#"'<>\\]*|[^\s/?#"'<>@\\:]{20,})@/g

/** What may be a JWT: five parts when encrypted, fewer when cut. */
const parted = /eyJ([\w-]*)((?:\.[\w-]*){1,4})?/g

/** Every run of letters is taken once, JWT or not: a search begun anew at each `eyJ` takes minutes for a megabyte of them. */
function withoutJwts(text: string): string {
  return text.replace(parted, (run, head: string, rest: string | undefined) => {
    if (rest === undefined) return run
    return head.length >= 8 ? '[secret]' : `eyJ${head}${withoutJwts(rest)}`
  })
}

function withoutBasic(text: string): string {
  return text.replace(basic, (all, scheme: string, packed: string) =>
    pair.test(Buffer.from(packed, 'base64').toString()) ? `${scheme} [secret]` : all,
  )
}

/** What is secret in a value: the whole, and the credentials inside it where it is an address. */
function secretParts(value: string): string[] {
  if (!URL.canParse(value)) return [value]
  const { username, password } = new URL(value)
  const [name = '', word = ''] = [username, password].map(decoded)
  // A user name that stands alone is a token, unless it is too short for one.
  if (word === '') return isShort(name) ? [value] : [value, name]
  return [value, word, `${name}:${word}`]
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
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

/** Blanks beyond those of ASCII, which few know to be blanks. */
const strange =
  '\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff'

const inPercent = (character: string): string =>
  [...Buffer.from(character)].map((byte) => `%${hex(byte, 2)}`).join('')

/** A pattern for blanks, many and in any spelling: where a line breaks is nobody's secret. */
const blank = `(?:\\s|\\+|%[02][09aAdD]|\\\\+[tnrfv]|\\\\+u(?:00(?:0[9a-dA-D]|20|[aA]0)|1680|20(?:0\\d|0[aA]|2[89fF]|5[fF])|3000|[fF][eE][fF][fF])|&nbsp;|&#(?:0*(?:9|1[0-3]|32|160)|[xX]0*(?:9|[a-dA-D]|20|[aA]0));|${[...strange].map(inPercent).join('|')}){1,64}`

/** A pattern for a run of backslashes, which every escaping makes longer: read in one way only, and not without an end. */
const backslashes = '(?:\\\\|%5[cC]|(?<=\\\\)u005[cC]|&#(?:0*92|[xX]0*5[cC]);){1,64}'

/** A pattern for one character as it is, or as URLs, forms, JSON, HTML and shells escape it. */
function escaped(character: string, place: number, all: readonly string[]): string {
  if (/\s/.test(character)) return blank
  if (/[A-Za-z0-9]/.test(character)) return character
  if (character === '\\') return backslashes
  // At the start of a value, a run of backslashes is looked at once, not from each of them on.
  const start = place === 0 ? '(?<!\\\\)' : ''
  const code = character.codePointAt(0) ?? 0
  // A run before it has taken them all.
  const isBehindRun = all[place - 1] === '\\'
  const units = character.split('').map((unit) => `u${hex(unit.charCodeAt(0), 4)}`)
  const ways = [
    `${start}${isBehindRun ? '' : '\\\\*'}${literal(character)}`,
    inPercent(character),
    `${start}${isBehindRun ? '' : '\\\\+'}${units.join('\\\\+')}`,
    `&#(?:0*${code}|[xX]0*${hex(code, 1)});`,
    ...(entities.has(character) ? [`&${entities.get(character)};`] : []),
    ...(character === '\b' ? ['\\\\+b'] : []),
  ]
  return `(?:${ways.join('|')})`
}

/** A pattern for the value inside a base64 text: the letters that are the same wherever in a group it begins. */
function packed(value: string, offset: number): string {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(value)])
  const letters = bytes
    .toString('base64')
    .slice(Math.ceil((offset * 8) / 6), Math.floor((bytes.length * 8) / 6))
    .replace(/[+/]/g, (x) => (x === '+' ? '[+-]' : '[/_]'))
  return `[\\w+/-]{0,2}${letters}[\\w+/-]{0,2}={0,2}`
}

/** A value as it is looked for. Blanks around it are no secret, and a search would begin anew at each of a run of them. */
const core = (value: string): string => value.trim().replace(/\s+/g, ' ').replace(/\\+/g, '\\')

/** True of a value that could not be told from ordinary text. */
export const isShort = (value: string): boolean => core(value).length < shortest

/** Patterns for a secret once something has encoded it. */
function spellings(value: string): string[] {
  return [
    [...core(value)].map(escaped).join(''),
    ...[0, 1, 2].map((offset) => packed(value, offset)),
    anyCase(Buffer.from(value).toString('hex')),
  ]
}

/** True of a secret that only its surroundings give away: it is not looked for by its value, or not in each of its parts. */
export function isWeak(secret: Secret): boolean {
  return secretParts(secret.reveal()).some(isShort)
}

/** Takes secrets out of a text. */
export type Redact = (text: string) => string

/** A function that takes these secrets, in every spelling, and whatever looks like a credential out of a text. */
export function redactor(secrets: readonly Secret[]): Redact {
  const known = secrets.flatMap((secret) => secretParts(secret.reveal())).filter((value) => !isShort(value))
  const longestFirst = [...new Set(known)].sort((a, b) => b.length - a.length).flatMap(spellings)
  const pattern = new RegExp([...longestFirst, ...shapes].join('|'), 'g')
  return (text) =>
    withoutJwts(withoutBasic(text.replace(pattern, '[secret]').replace(inAddress, '$1[secret]@')))
}

/** A JSON value with every string in it, names of fields included, redacted. */
export function redacted<T>(value: T, redact: Redact): T {
  return JSON.parse(JSON.stringify(value), (_key, part: unknown) => {
    if (typeof part === 'string') return redact(part)
    // A secret of digits alone.
    if (typeof part === 'number') return redact(String(part)) === String(part) ? part : '[secret]'
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part
    return Object.fromEntries(Object.entries(part).map(([name, inner]) => [redact(name), inner]))
  })
}

/** The secrets among some settings, those in a map included. */
export function secretsIn(settings: object): Secret[] {
  return Object.values(settings)
    .flatMap((value: unknown) => (value instanceof Map ? [...value.values()] : [value]))
    .filter((value) => value instanceof Secret)
}
