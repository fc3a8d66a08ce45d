import { counted, formatNumber } from '../../../shared/format.ts'
import { type LongText, longTextLines } from './content/long-text.ts'
import { packedLines, unbroken, valueLines } from './quoted.ts'

/** Objects of one kind, one row each. All of them are approved; a short view shows the first. */
export interface PreviewRows {
  /** What they are, such as `hosts`. */
  readonly label: string
  /** Each on one line, with every value quoted. */
  readonly rows: readonly string[]
}

/** A line of a preview, or several that line breaks part; rows of it; or what takes many lines. */
export type PreviewBlock = string | PreviewRows | LongText

/** The part of a preview that one product contributes. */
export interface PreviewParts {
  /** Such as `25 hosts`, for the first line. */
  readonly counts: readonly string[]
  readonly lines: readonly PreviewBlock[]
  /** The new content of a script: below all that is shorter. */
  readonly content?: readonly PreviewBlock[]
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

/** A number of objects, and the noun for one; the number is undefined if it is unknown. */
export type Count = readonly [number: number | undefined, noun: string]

/** The counts in words, without those of zero and unknown ones. */
export const countTexts = (counts: readonly Count[]): string[] =>
  counts.flatMap(([number, noun]) => (number ? counted(number, noun) : []))

/** Values behind their label, on one line unless one of them is long. */
export const line = (label: string, ...values: readonly unknown[]): string =>
  valueLines(label, values).join('\n')

/** The same as lines. */
export const fullLines = (label: string, values: readonly unknown[]): string[] => valueLines(label, values)

/** How many rows of one kind a short view shows, and how many lines of one argument. */
const maxShort = 10

/** A row that is one quoted value, such as the name of a host. */
const isOneValue = (row: string): boolean => /^"(?:[^"\\]|\\.)*"$/.test(row)

/** The first rows; names share lines. */
function rowLines({ label, rows }: PreviewRows, max = rows.length): string[] {
  if (rows.length === 0) return [`${label}: none`]
  const shown = rows.slice(0, max)
  const left = rows.length - shown.length
  // The names of the columns belong to the label alone.
  const noun = label.trim().replace(/ \([^)]*\)$/, '')
  const indent = `${/^ */.exec(label)?.[0] ?? ''}  `
  return [
    ...(rows.every(isOneValue)
      ? packedLines(label, shown)
      : [`${label}:`, ...shown.flatMap((row) => row.split('\n').map((text) => `${indent}${text}`))]),
    ...(left > 0 ? [`${indent}… and ${left === 1 ? '1 more' : `${formatNumber(left)} more ${noun}`}`] : []),
  ]
}

/** The line that parts the facts from the notes. */
const notesHeading = 'not part of what you approve:'

const headLines = ({ facts }: Preview): string[] => [
  unbroken(facts.headline),
  ...facts.warnings.map((sentence) => `! ${unbroken(sentence)}`),
]

const noteLines = ({ notes }: Preview): string[] =>
  notes.length > 0 ? [notesHeading, ...notes.map((note) => `  ${unbroken(note)}`)] : []

function* wholeBlockLines(block: PreviewBlock): Generator<string, void, void> {
  if (typeof block === 'string') yield* block.split('\n')
  else if ('rows' in block) yield* rowLines(block)
  else yield* longTextLines(block)
}

/** The first lines of a value. */
function shortValueLines(lines: readonly string[]): readonly string[] {
  const left = lines.length - maxShort
  return left > 0 ? [...lines.slice(0, maxShort), `  … and ${counted(left, 'more line')}`] : lines
}

const shortBlockLines = (block: PreviewBlock): readonly string[] => {
  if (typeof block === 'string') return shortValueLines(block.split('\n'))
  return 'rows' in block ? rowLines(block, maxShort) : block.excerpt
}

/** All of a preview, line by line. */
export function* wholeLines(preview: Preview): Generator<string, void, void> {
  yield* headLines(preview)
  for (const block of preview.facts.blocks) yield* wholeBlockLines(block)
  yield* noteLines(preview)
}

/** The beginning of each group. `way`: where the rest stands, directly below what a person must not overlook. */
export const shortLines = (preview: Preview, way: string): string[] => [
  ...headLines(preview),
  `all of it: ${way}`,
  ...preview.facts.blocks.flatMap(shortBlockLines),
  ...noteLines(preview),
]

/** All of a preview as text. */
export const wholeText = (preview: Preview): string => [...wholeLines(preview)].join('\n')

/** True if the whole preview takes at most so many lines. */
export function fitsInto(max: number, preview: Preview): boolean {
  let count = 0
  for (const _ of wholeLines(preview)) if (++count > max) return false
  return true
}

/** The lines of the facts that are neither rows nor a long text, for which there is a place of their own. */
export const linesToRead = (facts: PreviewFacts): number =>
  headLines({ facts, notes: [] }).length +
  facts.blocks.reduce((sum, block) => sum + (typeof block === 'string' ? block.split('\n').length : 0), 0)
