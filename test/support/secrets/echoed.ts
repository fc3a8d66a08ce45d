import type { Fault, FaultKind } from '../../../src/sandbox/faults/faults.ts'
import { commonSpellings, someJwt } from '../leak-search.ts'
import type { Control } from '../sandbox.ts'
import { clientSecret, password } from './fixtures.ts'

/** A text as a header can carry it. */
const headerValue = (text: string): string => (/^[\w.+/=%-]+$/.test(text) ? text : encodeURIComponent(text))

/** Where an answer contains a text. */
export const answerPlaces: Readonly<Record<string, (text: string) => Partial<Fault>>> = {
  message: (text) => ({ body: { message: `bad ${text} here` } }),
  'nested error': (text) => ({ body: { _error: { message: text, errorCode: 'E1' } } }),
  'login error': (text) => ({ body: { authentication_exceptions: [[`Failure: ${text}`]] } }),
  'HTML page': (text) => ({ body: `<html><h1>${text}</h1></html>`, contentType: 'text/html' }),
  'text page': (text) => ({ body: `denied: ${text}`, contentType: 'text/plain' }),
  'row values': (text) => ({
    body: { body: { list: [1, 2].map((id) => ({ id, title: text, name: text, nested: { text } })) } },
  }),
  'a record': (text) => ({ body: { body: { id: text, content: text, title: text } } }),
  'names of fields': (text) => ({ body: { body: { list: [{ id: 1, [text]: 1 }], id: 1, [text]: 1 } } }),
  headers: (text) => ({
    body: 'a,b',
    contentType: 'text/csv',
    headers: {
      'content-disposition': `attachment; filename="${headerValue(text)}"`,
      'retry-after': headerValue(text),
      'x-ratelimit-remaining': headerValue(text),
      location: headerValue(text),
    },
  }),
}

export const statuses = [200, 400, 401, 403, 404, 409, 429, 500, 503] as const

/** The secrets in each spelling, and tokens; `turn` says which comes first. */
export function secretTexts(token: string, status: number, turn: number): string[] {
  // JSON bodies are escaped, and a file is shown unchanged.
  const spells = Object.values(commonSpellings).filter(
    (spell) => spell !== commonSpellings['JSON escaping'] || status !== 200,
  )
  const all = [
    someJwt,
    token,
    ...[password, clientSecret].flatMap((secret) => spells.map((spell) => spell(secret))),
  ]
  const first = turn % all.length
  return [...all.slice(first), ...all.slice(0, first)]
}

/** Makes the sandbox answer with these texts, one after the other, several times over. */
export async function answerWithTexts(
  { faults }: Control,
  texts: readonly string[],
  status: number,
  how: (text: string) => Partial<Fault>,
): Promise<void> {
  const answers = Array.from({ length: 80 }, (_, place) => how(texts[place % texts.length] ?? ''))
  await faults(answers.map((answer) => ({ route: '*', kind: 'reply', times: 1, status, ...answer })))
}

/** What some faults need besides their kind. */
export const faultDetails: Partial<Record<FaultKind, Partial<Fault>>> = {
  delay: { ms: 1 },
  redirect: { location: 'https://elsewhere.example.com/' },
}

/** Faults with bodies of more than 64 MiB. */
export const heavyFaults: readonly FaultKind[] = ['huge', 'bomb']
