import { isObject, jsonLine } from '../../../../shared/json.ts'
import { escapeInvisible } from '../../../../shared/safe-text.ts'
import type { Depth, PreviewTable } from '../../preview/preview.ts'
import { linesOf, tableLines } from '../../preview/text.ts'

// A part of a preview that is in the log, as lines. Everything in the file may be hostile, and earlier versions wrote
// other forms.

const maxTextLength = 2_000

/** A text of the file on one line, its blanks as they are. What cannot be seen is spelled out. */
export function rawLine(text: string): string {
  const line = escapeInvisible(text.slice(0, maxTextLength)).replaceAll('\n', '\\n').replaceAll('\t', '\\t')
  return text.length > maxTextLength ? `${line}… (cut)` : line
}

/** A value of the file on one line: a text, or what is none as JSON. */
export const textOf = (value: unknown): string => rawLine(typeof value === 'string' ? value : jsonLine(value))

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((entry) => typeof entry === 'string')

const isRows = (value: unknown): value is PreviewTable['rows'] => Array.isArray(value) && value.every(isTexts)

const depthIn = (depth: unknown): Depth | undefined => (depth === 1 || depth === 2 ? depth : undefined)

/** Earlier versions wrote values as text: a long one goes on in quotes, indented, on further lines. */
const hasMoreLines = (text: string): boolean => /^[^\n]*(?:\n {2,}"[^\n]*)+$/.test(text)

/** The lines of a block as this version writes it; undefined for another one. */
function linesOfOwn(block: Readonly<Record<string, unknown>>): Iterable<string> | undefined {
  const { label, text, values, columns, rows } = block
  const depth = depthIn(block['depth'])
  if (typeof text === 'string' && depth !== undefined) return linesOf({ text, depth })
  if (typeof label !== 'string') return undefined
  if (isTexts(values)) return linesOf({ label, values, depth })
  return isTexts(columns) && isRows(rows) ? tableLines({ label, columns, rows }) : undefined
}

/** Lines, values or rows under their label, or the excerpt of a long text and its hash. */
export function blockLines(block: unknown): string[] {
  if (typeof block === 'string') return (hasMoreLines(block) ? block.split('\n') : [block]).map(textOf)
  if (!isObject(block)) return [textOf(block)]
  const { label, rows, excerpt, sha256 } = block
  if (Array.isArray(excerpt))
    return [...excerpt.map(textOf), `  (the whole text is sealed with the hash ${textOf(sha256)})`]
  const own = linesOfOwn(block)
  if (own) return [...own].map(textOf)
  if (!Array.isArray(rows)) return [textOf(block)]
  return [`${textOf(label)}:`, ...rows.map((row) => `  ${textOf(row)}`)]
}
