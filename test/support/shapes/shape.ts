import { expect } from 'vitest'
import type { ToolReply } from '../assistant.ts'

// The calls that an answer can belong to, and the expected outcome of each.

/** A kind of call, and one call of that kind. */
export interface SampleCall {
  readonly tool: string
  readonly args: Readonly<Record<string, unknown>>
  readonly route: string
}

export type CallKind = 'list' | 'record' | 'file' | 'effect'

/** An answer, as bytes or as a value. */
export interface Answer {
  readonly status?: number
  readonly body?: unknown
  readonly base64?: string
  readonly contentType?: string
}

/** The kind of an error, or `done`; and words that its text must contain. */
export type Outcome = readonly [kind: string, says?: RegExp, next?: RegExp]

/** For an effect that may have happened: the first words, and where to look. */
export const unclear = (says: RegExp = /./): Outcome => ['unclear', says, /^Do not repeat it; /]

/** One shape of an answer, and its outcome for every kind of call. */
export interface Shape extends Answer {
  readonly name: string
  /** For every kind of call without its own entry. */
  readonly all?: Outcome
  readonly list?: Outcome
  readonly record?: Outcome
  readonly file?: Outcome
  readonly effect?: Outcome
  /** The code for programs, if there is one. */
  readonly code?: string
}

/** The expected outcome of a shape for a kind of call. */
export function outcomeOf(shape: Shape, at: CallKind): Outcome {
  const outcome = shape[at] ?? shape.all
  if (!outcome) throw new Error(`nothing is expected of ${shape.name} at ${at}`)
  return outcome
}

/** True for one sentence: except for quotes and `e.g.`, the only full stop is the last character. */
function expectOneSentence(text: string): void {
  const plain = text.replaceAll(/"[^"]*"|'[{][^']*'|`[^`]*`/g, 'x').replaceAll('e.g. ', '')
  expect(plain).toMatch(/[\w)}]\.$/)
  expect(plain).not.toMatch(/[.!?] [A-Z]/)
  expect(text.length).toBeLessThan(420)
}

/** Expects the outcome, in words that a person can act on. */
export function expectOutcome(
  answer: Pick<ToolReply, 'text' | 'isError' | 'error'>,
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
  // For an effect, a second sentence says that the outcome is unknown.
  expectOneSentence(what.replace(/ Whether \w+ took effect is not known\.$/, ''))
  expect(/ took effect is not known\./.test(what)).toBe(kind === 'unclear')
  if (shape.status !== undefined && !/drift|unclear/.test(kind))
    expect(error).toMatchObject({ status: shape.status })
  if (shape.code !== undefined) expect(error).toMatchObject({ code: shape.code })
}
