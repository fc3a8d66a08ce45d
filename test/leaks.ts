import { randomBytes } from 'node:crypto'

const encode = (claims: object): string => Buffer.from(JSON.stringify(claims)).toString('base64url')
/** A token that ends in a signature of its own; the sandbox knows nothing of it. */
export const jwt = `${encode({ alg: 'HS256' })}.${encode({ sub: 'someone', iat: 1, exp: 99_999 })}.${randomBytes(24).toString('base64url')}`

/** How a secret may look on its way. */
export const spelled: Readonly<Record<string, (text: string) => string>> = {
  plain: (text) => text,
  'URL encoding': encodeURIComponent,
  'form encoding': (text) => new URLSearchParams({ v: text }).toString().slice(2),
  'JSON escaping': (text) => JSON.stringify(text).slice(1, -1),
  base64: (text) => Buffer.from(text).toString('base64'),
  base64url: (text) => Buffer.from(text).toString('base64url'),
}

/** The text, and what any base64 in it says, wherever it starts. */
function views(text: string): string[] {
  const packed = text.match(/[\w+/-]{16,}/g) ?? []
  const unpacked = packed.flatMap((run) =>
    [0, 1, 2, 3].map((skip) => Buffer.from(run.slice(skip), 'base64').toString('latin1')),
  )
  return [text, ...unpacked]
}

/** What is secret in a text; knows nothing of the redactor. Part of a canary is enough. */
export function leaks(what: unknown): string[] {
  const text = typeof what === 'string' ? what : JSON.stringify(what)
  return views(text).flatMap((view) => view.match(/canary.{0,20}|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]+/s) ?? [])
}
