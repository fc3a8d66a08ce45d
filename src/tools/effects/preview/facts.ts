import type { Effect, EffectOperation, Input } from '../../../operations/operation.ts'
import { texts } from '../../../shared/format.ts'
import { isObject } from '../../../shared/json.ts'
import { type Redact, redactJson } from '../../../shared/secrets.ts'
import {
  labelled,
  type PreviewBlock,
  type PreviewFacts,
  type PreviewField,
  type PreviewParts,
} from './preview.ts'
import { valueText } from './quoted.ts'

/** The input of the facts of a preview. */
export interface PreviewInput {
  readonly operation: EffectOperation
  readonly effect: Effect
  /** As they are sent. */
  readonly args: Input
  /** As they were passed, if what is sent holds more. */
  readonly passed?: Input
  /** What is not as it was passed, as one clause. */
  readonly note?: string | undefined
  /** What was found in the arguments, one sentence each. */
  readonly warnings?: readonly string[]
  readonly parts: PreviewParts
  readonly account: string
}

/** A key that leaves no doubt where it ends. */
const isPlainKey = (key: unknown): key is string => typeof key === 'string' && /^[^\s=]+$/.test(key)

/** `path=C:\` for a parameter; undefined for what is none, or would read as another one. */
function parameterText(part: unknown): string | undefined {
  if (!isObject(part)) return undefined
  const { key, value, secret, ...rest } = part
  if (!isPlainKey(key) || Object.keys(rest).length > 0) return undefined
  if (secret !== undefined) return value === undefined ? `${key}=(secret ${String(secret)})` : undefined
  const text = String(value)
  return text.startsWith('(secret ') ? undefined : `${key}=${text}`
}

/** `19218`, `19218 title Restart` and `19218 path=C:\` for a script of a schedule; undefined for what is none. */
function scriptTexts(part: unknown): string[] | undefined {
  if (!isObject(part)) return undefined
  const { id, title, params = [], ...rest } = part
  if (id === undefined || !Array.isArray(params) || Object.keys(rest).length > 0) return undefined
  const parameters = params.flatMap((param) => parameterText(param) ?? [])
  if (parameters.length < params.length) return undefined
  return texts(
    String(id),
    title !== undefined && `${String(id)} title ${String(title)}`,
    parameters.map((parameter) => `${String(id)} ${parameter}`),
  )
}

/** The texts of one value: those of a parameter or of a script, JSON for other objects. */
const argumentTexts = (part: unknown): readonly string[] => {
  const parameter = parameterText(part)
  return parameter === undefined ? (scriptTexts(part) ?? [valueText(part)]) : [parameter]
}

/** An argument in full. */
const argumentBlock = (name: string, value: unknown): PreviewField =>
  labelled(name, ...(Array.isArray(value) ? value : [value]).flatMap(argumentTexts))

/** A clause as a sentence. */
export const sentenceOf = (clause: string): string => `${clause.charAt(0).toUpperCase()}${clause.slice(1)}.`

/** What a person approves: first the counts, then the action, its targets, and what cannot be undone. */
export function factsOf(input: PreviewInput): PreviewFacts {
  const { operation, effect, args, passed = args, note, parts, account } = input
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
      operation.change.warnings?.(args, passed),
    ),
    blocks: [
      ...lines,
      ...others.map(([name, value]) => argumentBlock(name, value)),
      ...content,
      labelled('account', account),
    ],
  }
}

/** The facts without secrets. A long text is made of masked text: in a part of a secret none would be recognized. */
export function redactFacts({ headline, warnings, blocks }: PreviewFacts, redact: Redact): PreviewFacts {
  const redactBlock = (block: PreviewBlock): PreviewBlock =>
    typeof block === 'object' && 'excerpt' in block ? block : redactJson(block, redact)
  return { ...redactJson({ headline, warnings }, redact), blocks: blocks.map(redactBlock) }
}
