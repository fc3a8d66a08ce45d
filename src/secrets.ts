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
const shortest = 8

/** JWTs in base64, and what follows an authorization scheme; "Basic hardening" is no credential. */
const shapes = ['ZXlK[\\w+/-]{40,}={0,2}', '\\b(?:Bearer|Basic) (?=\\S*[\\d=+/])[\\w.~+/=-]{12,}']

/** What may be a JWT: five parts when encrypted, fewer when cut. */
const parted = /eyJ([\w-]*)((?:\.[\w-]*){1,4})?/g

/** Every run of letters is taken once, JWT or not: a search begun anew at each `eyJ` takes minutes for a megabyte of them. */
function withoutJwts(text: string): string {
  return text.replace(parted, (run, head: string, rest: string | undefined) => {
    if (rest === undefined) return run
    return head.length >= 8 ? '[secret]' : `eyJ${head}${withoutJwts(rest)}`
  })
}

/** What is secret in a value: the whole, and the credentials inside it where it is an address. */
function secretParts(value: string): string[] {
  if (!URL.canParse(value)) return [value]
  const { username, password } = new URL(value)
  if (password === '') return [value]
  const [name = '', word = ''] = [username, password].map(decoded)
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
const entities = new Map([
  ['&', 'amp'],
  ['<', 'lt'],
  ['>', 'gt'],
  ['"', 'quot'],
  ["'", 'apos'],
])

/** A pattern for one character as it is, or as URLs, forms, JSON, HTML and shells escape it. */
function escaped(character: string, place: number): string {
  if (/\s/.test(character)) return '(?:\\s|\\+|%[02][09aAdD]|\\\\+[tnr])+'
  if (/[A-Za-z0-9]/.test(character)) return character
  const code = character.codePointAt(0) ?? 0
  const hex = (value: number, width: number): string => anyCase(value.toString(16).padStart(width, '0'))
  // At the start of a value, a run of backslashes is looked at once, not from each of them on.
  const start = place === 0 ? '(?<!\\\\)' : ''
  const ways = [
    `${start}\\\\*${literal(character)}`,
    [...Buffer.from(character)].map((byte) => `%${hex(byte, 2)}`).join(''),
    `${start}${[...character.split('')].map((unit) => `\\\\+u${hex(unit.charCodeAt(0), 4)}`).join('')}`,
    `&#(?:0*${code}|[xX]0*${hex(code, 1)});`,
    ...(entities.has(character) ? [`&${entities.get(character)};`] : []),
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

/** Patterns for a secret once something has encoded it. */
function spellings(value: string): string[] {
  return [
    [...value.replace(/\s+/g, ' ')].map(escaped).join(''),
    ...[0, 1, 2].map((offset) => packed(value, offset)),
  ]
}

/** Takes secrets out of a text. */
export type Redact = (text: string) => string

/** A function that takes these secrets, in every spelling, and whatever looks like a credential out of a text. */
export function redactor(secrets: readonly Secret[]): Redact {
  const known = secrets
    .flatMap((secret) => secretParts(secret.reveal()))
    .filter((value) => value.length >= shortest)
  const longestFirst = [...new Set(known)].sort((a, b) => b.length - a.length).flatMap(spellings)
  const pattern = new RegExp([...longestFirst, ...shapes].join('|'), 'g')
  return (text) => withoutJwts(text.replace(pattern, '[secret]'))
}

/** A JSON value with every string in it, names of fields included, redacted. */
export function redacted<T>(value: T, redact: Redact): T {
  return JSON.parse(JSON.stringify(value), (_key, part: unknown) => {
    if (typeof part === 'string') return redact(part)
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
