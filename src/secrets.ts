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

/** JWTs, plain or in base64, and what follows an authorization scheme; "Basic hardening" is no credential. */
const shapes = [
  'eyJ[\\w-]+\\.[\\w-]+\\.[\\w-]*',
  '\\bZXlK[\\w+/-]{40,}={0,2}',
  '\\b(?:Bearer|Basic) (?=\\S*[\\d=+/])[\\w.~+/=-]{12,}',
]

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

/** How a secret looks once something has encoded it. */
function spellings(value: string): string[] {
  const bytes = Buffer.from(value)
  return [
    value,
    encodeURIComponent(value),
    new URLSearchParams({ v: value }).toString().slice(2),
    JSON.stringify(value).slice(1, -1),
    bytes.toString('base64'),
    bytes.toString('base64url'),
  ]
}

const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')

/** Takes secrets out of a text. */
export type Redact = (text: string) => string

/** A function that takes these secrets, in every spelling, and whatever looks like a credential out of a text. */
export function redactor(secrets: readonly Secret[]): Redact {
  const known = secrets
    .flatMap((secret) => secretParts(secret.reveal()))
    .filter((value) => value.length >= shortest)
    .flatMap(spellings)
  const longestFirst = [...new Set(known)].sort((a, b) => b.length - a.length).map(literal)
  const pattern = new RegExp([...longestFirst, ...shapes].join('|'), 'g')
  return (text) => text.replace(pattern, '[secret]')
}

/** A JSON value with every string in it, names of fields included, redacted. */
export function redacted<T>(value: T, redact: Redact): T {
  return JSON.parse(JSON.stringify(value), (_key, part: unknown) => {
    if (typeof part === 'string') return redact(part)
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part
    return Object.fromEntries(Object.entries(part).map(([name, inner]) => [redact(name), inner]))
  })
}

/** The secrets among some settings. */
export function secretsIn(settings: object): Secret[] {
  return Object.values(settings).filter((value) => value instanceof Secret)
}
