import type { Effect, EffectOperation, Input } from '../../../operations/operation.ts'
import { counted, texts } from '../../../shared/format.ts'
import { isObject } from '../../../shared/json.ts'
import { escapeInvisible, oneLine } from '../../../shared/safe-text.ts'

const maxValueLength = 80
const maxValuesOnLine = 10
const maxPieces = 8
const maxValues = 100
const maxTextLength = 4_000

/** Objects of one kind, one row each. All of them are approved; a short view shows the first. */
export interface PreviewRows {
  /** What they are, such as `hosts`. */
  readonly label: string
  /** Each on one line, with every value quoted. */
  readonly rows: readonly string[]
}

/** A line of a preview, or rows of it. */
export type PreviewBlock = string | PreviewRows

/** The part of a preview that one product contributes. */
export interface PreviewParts {
  /** Such as `25 hosts`, for the first line. */
  readonly counts: readonly string[]
  readonly lines: readonly PreviewBlock[]
  /** The new content of a script: below all that is shorter. */
  readonly content?: readonly string[]
  /** Arguments that these lines show. */
  readonly coveredArguments: ReadonlySet<string | undefined>
  /** What a person must not overlook, one sentence each. */
  readonly warnings: readonly string[]
}

/** What a person approves. Whatever is in it is sealed: if it changes, the question is asked again. */
export interface PreviewFacts {
  /** What is done, its effect, and how many objects it concerns. */
  readonly headline: string
  /** What a person must not overlook, one sentence each: directly below the headline. */
  readonly warnings: readonly string[]
  readonly blocks: readonly PreviewBlock[]
}

/** What a person reads before approving (design 13). */
export interface Preview {
  readonly facts: PreviewFacts
  /** What changes by the minute, such as the rest of a budget, one sentence each: shown, and not part of the approval. */
  readonly notes: readonly string[]
}

/** The input of the facts of a preview. */
export interface PreviewInput {
  readonly operation: EffectOperation
  readonly effect: Effect
  /** As they are sent. */
  readonly args: Input
  /** What is not as it was passed, as one clause. */
  readonly note?: string | undefined
  /** What was found in the arguments, one sentence each. */
  readonly warnings?: readonly string[]
  readonly parts: PreviewParts
  readonly account: string
}

/** A value on one line, in quotes that it cannot close. No text of the server follows it on the line. */
function quoteValue(value: unknown): string {
  return `"${oneLine(escapeInvisible(typeof value === 'string' ? value : JSON.stringify(value)), maxValueLength).replaceAll('"', "'")}"`
}

/** A number of objects, and the noun for one; the number is undefined if it is unknown. */
export type Count = readonly [number: number | undefined, noun: string]

/** The counts in words, without those of zero and unknown ones. */
export const countTexts = (counts: readonly Count[]): string[] =>
  counts.flatMap(([number, noun]) => (number ? counted(number, noun) : []))

/** Values on one line, each in quotes. */
export const quotedValues = (...values: readonly unknown[]): string => values.map(quoteValue).join(', ')

export const line = (label: string, ...values: readonly unknown[]): string =>
  `${label}: ${quotedValues(...values)}`

/**
 * A long value in several quoted pieces, so that its end is visible; the number of omitted characters
 * follows.
 */
function splitValue(text: string): string[] {
  const cleaned = oneLine(escapeInvisible(text), maxTextLength).replaceAll('"', "'")
  const pieces = cleaned.match(new RegExp(`.{1,${maxValueLength}}`, 'gu')) ?? ['']
  const rest = text.length - maxPieces * maxValueLength
  return texts(
    pieces.slice(0, maxPieces).map((part) => `  "${part}"`),
    pieces.length > maxPieces && `  (about ${counted(rest, 'more character')} on this line)`,
  )
}

/**
 * `path=C:\` for a parameter, `19218` and `19218 path=C:\` for a script with parameters, JSON for other
 * objects.
 */
function argumentTexts(part: unknown): string[] {
  if (!isObject(part)) return [typeof part === 'string' ? part : JSON.stringify(part)]
  const { id, title, params, key, value, secret, ...rest } = part
  if (Object.keys(rest).length > 0) return [JSON.stringify(part)]
  if (typeof key === 'string')
    return [secret === undefined ? `${key}=${String(value)}` : `${key}=(secret ${String(secret)})`]
  const parameterTexts = Array.isArray(params) ? params.flatMap(argumentTexts) : []
  return texts(
    String(id),
    title !== undefined && `${String(id)} title ${String(title)}`,
    parameterTexts.map((parameter) => `${String(id)} ${parameter}`),
  )
}

/** An argument in full: on one line if it is short, on lines of its own if not. */
function argumentLines(name: string, value: unknown): string[] {
  return fullLines(name, (Array.isArray(value) ? value : [value]).flatMap(argumentTexts))
}

/** Lines for values that the preview shows nowhere else: long values are split, surplus ones are counted. */
export function fullLines(name: string, parts: readonly string[]): string[] {
  const isShort =
    parts.length <= maxValuesOnLine && parts.every((part) => escapeInvisible(part).length <= maxValueLength)
  if (isShort) return [line(name, ...parts)]
  const shown = parts.slice(0, maxValues)
  return texts(
    `${name} (${counted(parts.length, 'value')}):`,
    shown.flatMap(splitValue),
    parts.length > maxValues && `  (${counted(parts.length - maxValues, 'more value')})`,
  )
}

/** A clause as a sentence. */
export const sentenceOf = (clause: string): string => `${clause.charAt(0).toUpperCase()}${clause.slice(1)}.`

/** What a person approves: first the counts, then the action, its targets, and what cannot be undone. */
export function factsOf(input: PreviewInput): PreviewFacts {
  const { operation, effect, args, note, parts, account } = input
  const { counts, lines, content = [], coveredArguments } = parts
  const others = Object.entries(args).filter(
    ([name, value]) => value !== undefined && !coveredArguments.has(name),
  )
  return {
    headline: `${operation.title} (${effect})${counts.length > 0 ? `: ${counts.join(', ')}` : ''}`,
    warnings: texts(
      note !== undefined && sentenceOf(note),
      input.warnings ?? [],
      parts.warnings,
      operation.change.warnings?.(args),
    ),
    blocks: [
      ...lines,
      ...others.flatMap(([name, value]) => argumentLines(name, value)),
      ...content,
      line('account', account),
    ],
  }
}

const blockLines = (block: PreviewBlock): string[] =>
  typeof block === 'string' ? [block] : [`${block.label}:`, ...block.rows.map((row) => `  ${row}`)]

/** The line that parts the facts from the notes. */
const notesHeading = 'not part of what you approve:'

/** All of a preview as text. */
export function wholeText({ facts, notes }: Preview): string {
  return [
    facts.headline,
    ...facts.warnings.map((sentence) => `! ${sentence}`),
    ...facts.blocks.flatMap(blockLines),
    ...(notes.length > 0 ? [notesHeading, ...notes.map((note) => `  ${note}`)] : []),
  ].join('\n')
}
