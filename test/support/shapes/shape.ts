import { expect } from 'vitest'
import type { Heard } from '../assistant.ts'

// Where an answer can come in, and what is expected of it there.

/** A kind of call, and one call of that kind. */
export interface Place {
  readonly tool: string
  readonly args: Readonly<Record<string, unknown>>
  readonly route: string
}

export type PlaceName = 'list' | 'record' | 'file' | 'effect'

/** An answer, as bytes or as what they say. */
export interface Answer {
  readonly status?: number
  readonly body?: unknown
  readonly base64?: string
  readonly contentType?: string
}

/** The kind of a failure, or `done`; and the words that matter of what happened and of what to do. */
export type Outcome = readonly [kind: string, says?: RegExp, next?: RegExp]

/** Of an effect that may have happened: what is said first, and where to look. */
export const unclear = (says: RegExp = /./): Outcome => ['unclear', says, /^Do not repeat it; /]

/** One shape of an answer, and what it comes to in every place. */
export interface Shape extends Answer {
  readonly name: string
  /** Wherever nothing else is said. */
  readonly all?: Outcome
  readonly list?: Outcome
  readonly record?: Outcome
  readonly file?: Outcome
  readonly effect?: Outcome
  /** The code that programs get, where there is one. */
  readonly code?: string
}

/** What is expected of a shape at a place. */
export function outcomeOf(shape: Shape, at: PlaceName): Outcome {
  const outcome = shape[at] ?? shape.all
  if (!outcome) throw new Error(`nothing is expected of ${shape.name} at ${at}`)
  return outcome
}

/** One sentence: what is quoted, and `e.g.`, aside, no full stop but the last. */
function expectOneSentence(text: string): void {
  const plain = text.replaceAll(/"[^"]*"|'[{][^']*'|`[^`]*`/g, 'x').replaceAll('e.g. ', '')
  expect(plain).toMatch(/[\w)}]\.$/)
  expect(plain).not.toMatch(/[.!?] [A-Z]/)
  expect(text.length).toBeLessThan(420)
}

/** The outcome is the expected one, in words that a person can act on. */
export function expectOutcome(
  answer: Pick<Heard, 'text' | 'isError' | 'error'>,
  [kind, says = /./, next]: Outcome,
  shape: Shape,
): void {
  const { text, isError, error } = answer
  if (kind === 'done') {
    expect(isError, text).toBe(false)
    expect(text).toMatch(says)
    return
  }
  expect(error, text).toMatchObject({ kind })
  const advice = String(error?.['next'])
  const what = text.slice(0, -advice.length).trim()
  expect(text.endsWith(advice)).toBe(true)
  expect(what).toMatch(says)
  if (next) expect(advice).toMatch(next)
  expect(text).not.toMatch(/[<>\n]|NaN|undefined|null\b|\[object/)
  expectOneSentence(advice)
  // Of an effect, a second sentence says that nobody knows.
  expectOneSentence(what.replace(/ Whether \w+ took effect is not known\.$/, ''))
  expect(/ took effect is not known\./.test(what)).toBe(kind === 'unclear')
  if (shape.status !== undefined && !/drift|unclear/.test(kind))
    expect(error).toMatchObject({ status: shape.status })
  if (shape.code !== undefined) expect(error).toMatchObject({ code: shape.code })
}
