import { createHash } from 'node:crypto'
import type { Effect, Operation } from '../../../operations/operation.ts'
import { isObject } from '../../../shared/json.ts'
import { oneLine, spelledOut } from '../../../shared/safe-text.ts'

const longestValue = 80
const mostNames = 10
const mostLines = 40
const mostPieces = 8
const mostParts = 100
const longestText = 4_000

type Args = Readonly<Record<string, unknown>>

/** The part of a preview that one product contributes. */
export interface Parts {
  /** Such as `25 hosts`, for the first line. */
  readonly counts: readonly string[]
  readonly lines: readonly string[]
  /** Arguments that the lines already show by name. */
  readonly named: ReadonlySet<string | undefined>
  /** What a person must not overlook, one sentence each. */
  readonly warnings: readonly string[]
}

/** The input of a preview. */
export interface Shown {
  readonly operation: Operation
  readonly effect: Effect
  readonly args: Args
  readonly parts: readonly Parts[]
  readonly account: string
}

/** A value on one line, in quotes that it cannot close. No text of the server follows it on the line. */
function value(text: unknown): string {
  return `"${oneLine(spelledOut(typeof text === 'string' ? text : JSON.stringify(text)), longestValue).replaceAll('"', "'")}"`
}

export const line = (label: string, ...values: readonly unknown[]): string =>
  `${label}: ${values.map(value).join(', ')}`

export const count = (number: number, noun: string): string =>
  `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`

export const linesOf = (content: string): string[] => content.replace(/\r?\n$/, '').split(/\r\n|[\n\r]/)

export function contentFacts(content: string): string {
  const hash = createHash('sha256').update(content).digest('hex')
  return `content: ${count(linesOf(content).length, 'line')}, ${count(content.length, 'character')}, sha256 ${hash}`
}

/**
 * A long value in several quoted pieces, so that its end is visible; the number of omitted characters
 * follows.
 */
function pieces(text: string, most: number): string[] {
  const whole = oneLine(spelledOut(text), longestText).replaceAll('"', "'")
  const parts = whole.match(new RegExp(`.{1,${longestValue}}`, 'gu')) ?? ['']
  const rest = text.length - most * longestValue
  return [
    ...parts.slice(0, most).map((part) => `  "${part}"`),
    ...(parts.length > most ? [`  (about ${count(rest, 'more character')} on this line)`] : []),
  ]
}

/** The first and the last lines of a text. */
export function excerpt(lines: readonly string[], most: number): string[] {
  const shown = (part: readonly string[]): string[] => part.flatMap((text) => pieces(text, mostPieces))
  if (lines.length <= most) return shown(lines)
  const last = Math.floor(most / 4)
  return [
    ...shown(lines.slice(0, most - last)),
    `  (${count(lines.length - most, 'more line')})`,
    ...shown(lines.slice(-last)),
  ]
}

function contentLines(content: string): string[] {
  return [contentFacts(content), ...excerpt(linesOf(content), mostLines)]
}

/**
 * `path=C:\` for a parameter, `19218` and `19218 path=C:\` for a script with parameters, JSON for other
 * objects.
 */
function plain(part: unknown): string[] {
  if (!isObject(part)) return [typeof part === 'string' ? part : JSON.stringify(part)]
  const { id, title, params, key, value: given, secret, ...rest } = part
  if (Object.keys(rest).length > 0) return [JSON.stringify(part)]
  if (typeof key === 'string')
    return [secret === undefined ? `${key}=${String(given)}` : `${key}=(secret ${String(secret)})`]
  const passed = Array.isArray(params) ? params.flatMap(plain) : []
  return [
    String(id),
    ...(title === undefined ? [] : [`${String(id)} title ${String(title)}`]),
    ...passed.map((parameter) => `${String(id)} ${parameter}`),
  ]
}

/** An argument in full: on one line if it is short, on lines of its own if not. */
function argumentLines(name: string, given: unknown): string[] {
  if (name === 'content' && typeof given === 'string') return contentLines(given)
  return wholeLines(name, (Array.isArray(given) ? given : [given]).flatMap(plain))
}

/** The lines for values that appear nowhere else: none is clipped, and surplus values are counted. */
export function wholeLines(name: string, parts: readonly string[]): string[] {
  const short = parts.length <= mostNames && parts.every((part) => spelledOut(part).length <= longestValue)
  if (short) return [line(name, ...parts)]
  const shown = parts.slice(0, mostParts)
  return [
    `${name} (${count(parts.length, 'value')}):`,
    ...shown.flatMap((part) => pieces(part, mostPieces)),
    ...(parts.length > mostParts ? [`  (${count(parts.length - mostParts, 'more value')})`] : []),
  ]
}

/**
 * What a person reads before approving: first the counts, then the action, its targets, and what cannot be
 * undone.
 */
export function previewOf({ operation, effect, args, parts, account }: Shown): string {
  const counts = parts.flatMap(({ counts }) => counts)
  const isNamed = (name: string): boolean => parts.some(({ named }) => named.has(name))
  const others = Object.entries(args).filter(([name, given]) => given !== undefined && !isNamed(name))
  const warnings = [
    ...parts.flatMap(({ warnings }) => warnings),
    ...(operation.change?.warnings?.(args) ?? []),
  ]
  return [
    `${operation.title} (${effect})${counts.length > 0 ? `: ${counts.join(', ')}` : ''}`,
    ...parts.flatMap(({ lines }) => lines),
    ...others.flatMap(([name, given]) => argumentLines(name, given)),
    ...warnings.map((sentence) => `! ${sentence}`),
    line('account', account),
  ].join('\n')
}
