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

/** JWTs, and what follows an authorization scheme, wherever they came from; "Basic hardening" is no credential. */
const shapes = /\beyJ[\w-]+\.[\w-]+\.[\w-]*|\b(?:Bearer|Basic) (?=\S*[\d=+/])[\w.~+/=-]{12,}/g

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

/** A function that takes these secrets, in every spelling, out of a text; the last gate before text leaves. */
export function redactor(secrets: readonly Secret[]): (text: string) => string {
  const known = secrets
    .map((secret) => secret.reveal())
    .filter((value) => value.length >= shortest)
    .flatMap(spellings)
  const longestFirst = [...new Set(known)].sort((a, b) => b.length - a.length)
  return (text) =>
    longestFirst
      .reduce((safe, spelling) => safe.replaceAll(spelling, '[secret]'), text)
      .replace(shapes, '[secret]')
}
