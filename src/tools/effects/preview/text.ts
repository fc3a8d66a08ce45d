import { counted, formatNumber } from '../../../shared/format.ts'
import { differenceLines, scriptLines } from './content/rows.ts'
import type {
  LongText,
  Preview,
  PreviewBlock,
  PreviewFacts,
  PreviewField,
  PreviewLine,
  PreviewTable,
} from './preview.ts'
import { packedLines, quotedPieces, rowLines, spelledOut, unbroken, valueLines } from './quoted.ts'

// A preview as text: of the client's form, of a terminal, and of the resource.

/** How many rows of one kind a short view shows, and how many lines of one value. */
const maxShort = 10

const indentOf = ({ depth = 0 }: { readonly depth?: number | undefined }): string => '  '.repeat(depth)

const fieldLines = (field: PreviewField): string[] =>
  valueLines(spelledOut(field.label), field.values, indentOf(field))

/** A sentence, or values behind their label. */
export function linesOf(line: PreviewLine): string[] {
  if (typeof line === 'string') return [unbroken(line)]
  return 'text' in line ? [`${indentOf(line)}${unbroken(line.text)}`] : fieldLines(line)
}

/** The pieces of rows that are one short value each, such as names; undefined if they are more. */
function namesIn(rows: PreviewTable['rows']): string[] | undefined {
  const names: string[] = []
  for (const [cell, ...others] of rows) {
    const [name, ...rest] = cell === undefined ? [] : quotedPieces(cell)
    if (name === undefined || rest.length > 0 || others.length > 0) return undefined
    names.push(name)
  }
  return names
}

/** The first rows; names share lines. */
export function* tableLines(
  { label, columns, rows }: PreviewTable,
  max = rows.length,
): Generator<string, void, void> {
  const noun = spelledOut(label)
  const title = columns.length === 0 ? noun : `${noun} (${columns.map(spelledOut).join(', ')})`
  if (rows.length === 0) {
    yield `${title}: none`
    return
  }
  const names = namesIn(rows)
  if (names) yield* packedLines(title, names.slice(0, max))
  else {
    yield `${title}:`
    for (const row of rows.slice(0, max)) for (const line of rowLines(row)) yield `  ${line}`
  }
  const left = rows.length - max
  if (left > 0) yield `  … and ${left === 1 ? '1 more' : `${formatNumber(left)} more ${noun}`}`
}

/** All lines of a long text, one by one: a script of half a megabyte is drawn only as far as it is read. */
export function* longTextLines({ lines, difference, script }: LongText): Generator<string, void, void> {
  for (const line of lines) yield* linesOf(line)
  if (difference) {
    yield difference.summary
    yield* differenceLines(difference)
    yield 'all of the new content:'
  }
  if (script !== undefined) yield* scriptLines(script)
}

function* wholeBlockLines(block: PreviewBlock): Generator<string, void, void> {
  if (typeof block === 'string') yield* linesOf(block)
  else if ('rows' in block) yield* tableLines(block)
  else if ('excerpt' in block) yield* longTextLines(block)
  else yield* linesOf(block)
}

/** The first lines of a value. */
function shortValueLines(lines: readonly string[]): readonly string[] {
  const left = lines.length - maxShort
  return left > 0 ? [...lines.slice(0, maxShort), `  … and ${counted(left, 'more line')}`] : lines
}

function shortBlockLines(block: PreviewBlock): readonly string[] {
  if (typeof block === 'string') return linesOf(block)
  if ('rows' in block) return [...tableLines(block, maxShort)]
  return 'excerpt' in block ? block.excerpt : shortValueLines(linesOf(block))
}

/** The line that parts the facts from the notes. */
const notesHeading = 'not part of what you approve:'

const headLines = ({ headline, warnings }: PreviewFacts): string[] => [
  unbroken(headline),
  ...warnings.map((sentence) => `! ${unbroken(sentence)}`),
]

const noteLines = ({ notes }: Preview): string[] =>
  notes.length > 0 ? [notesHeading, ...notes.map((note) => `  ${unbroken(note)}`)] : []

/** All of a preview, line by line. */
export function* wholeLines(preview: Preview): Generator<string, void, void> {
  yield* headLines(preview.facts)
  for (const block of preview.facts.blocks) yield* wholeBlockLines(block)
  yield* noteLines(preview)
}

/** The beginning of each group. `way`: where the rest stands, directly below what a person must not overlook. */
export const shortLines = (preview: Preview, way: string): string[] => [
  ...headLines(preview.facts),
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
  headLines(facts).length +
  facts.blocks.reduce((sum, block) => {
    const isElsewhere = typeof block === 'object' && ('rows' in block || 'excerpt' in block)
    return isElsewhere ? sum : sum + linesOf(block).length
  }, 0)
