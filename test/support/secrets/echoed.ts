import type { Fault, FaultKind } from '../../../src/sandbox/faults/faults.ts'
import { someJwt, spelled } from '../leak-search.ts'
import type { Control } from '../sandbox.ts'
import { clientSecret, password } from './holder.ts'

/** A text as a header can carry it. */
const carried = (text: string): string => (/^[\w.+/=%-]+$/.test(text) ? text : encodeURIComponent(text))

/** Where an answer holds a text. */
export const places: Readonly<Record<string, (text: string) => Partial<Fault>>> = {
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
      'content-disposition': `attachment; filename="${carried(text)}"`,
      'retry-after': carried(text),
      'x-ratelimit-remaining': carried(text),
      location: carried(text),
    },
  }),
}

export const statuses = [200, 400, 401, 403, 404, 409, 429, 500, 503] as const

/** The secrets in each spelling, and tokens; `turn` says which comes first. */
export function secretTexts(token: string, status: number, turn: number): string[] {
  // JSON bodies escape by themselves, and a file is shown as it came.
  const spells = Object.values(spelled).filter(
    (spell) => spell !== spelled['JSON escaping'] || status !== 200,
  )
  const all = [
    someJwt,
    token,
    ...[password, clientSecret].flatMap((secret) => spells.map((spell) => spell(secret))),
  ]
  const first = turn % all.length
  return [...all.slice(first), ...all.slice(0, first)]
}

/** Has the sandbox answer with these texts, one after the other, several times over. */
export async function echo(
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
