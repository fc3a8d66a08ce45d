import { counted } from '../../../shared/format.ts'
import { valueText } from './quoted.ts'

// A preview as data. Texts of Qualys, of arguments and of scripts are as they are, without secrets: whoever draws a
// preview quotes them and spells out what is not seen in them.

/** How far a block belongs below the one before it; without it, it stands by itself. */
export type Depth = 1 | 2

/** A sentence of ours that belongs below another block. */
export interface PreviewSentence {
  readonly text: string
  readonly depth: Depth
}

/** Values behind a label. */
export interface PreviewField {
  readonly label: string
  readonly values: readonly string[]
  readonly depth?: Depth | undefined
}

/** Objects of one kind, one row each. All of them are approved; a short view shows the first. */
export interface PreviewTable {
  /** What they are, such as `hosts`. */
  readonly label: string
  /** The names of the cells; none if each row is one cell that the label describes. */
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** A part of a line of a script: its text, or what is said in place of characters that are not shown. */
export type ScriptPart = string | { readonly mark: string }

/** Where a line of a script is: in both contents, in the stored one alone, or in the new one alone. */
export type Sign = ' ' | '-' | '+'

/** Lines of a script, one below the other. A line that CR alone ends holds the CR. */
export interface ScriptLines {
  readonly sign: Sign
  /** Of the first line: in the stored content if it was removed, otherwise in the new one. */
  readonly number: number
  readonly lines: readonly string[]
}

/** A line of a script in parts, or one mark for several lines. */
export interface ScriptParts {
  readonly sign: Sign
  readonly number: number
  readonly parts: readonly ScriptPart[]
}

/** Lines of a script, or what is said of lines that are not shown, such as `(5 lines alike)`. */
export type DifferenceRow = string | ScriptLines | ScriptParts

/** The difference of new content to what is stored: every line that was removed or added. */
export interface Difference {
  /** Such as `difference to the stored content: 1 line removed, 2 lines added`. */
  readonly summary: string
  /** Of the longer content: its digits are the width of a number. */
  readonly lineCount: number
  readonly rows: readonly DifferenceRow[]
}

/** What takes one line, or the lines of its values. */
export type PreviewLine = string | PreviewSentence | PreviewField

/** What takes many lines: a script, or the questions of a template. Its secrets are masked already. */
export interface LongText {
  /** The lines of a short view, as text. */
  readonly excerpt: readonly string[]
  /** What the whole view says of a script, or all questions of a template. */
  readonly lines: readonly PreviewLine[]
  /** Between `lines` and `script`. */
  readonly difference?: Difference | undefined
  /** A script: the whole view shows each of its lines, with its number, below the others. */
  readonly script?: string | undefined
}

/** A sentence of ours, values behind their label, objects of one kind, or what takes many lines. */
export type PreviewBlock = PreviewLine | PreviewTable | LongText

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

/** Values behind their label; what is no text as JSON. */
export const labelled = (label: string, ...values: readonly unknown[]): PreviewField => ({
  label,
  values: values.map(valueText),
})

/** The field, as a part of what stands before it. */
export const fieldBelow = (label: string, values: readonly unknown[], depth: Depth = 1): PreviewField => ({
  ...labelled(label, ...values),
  depth,
})

/** A sentence about what stands before it. */
export const sentenceBelow = (text: string): PreviewSentence => ({ text, depth: 1 })

/** The blocks in their order, without those whose condition does not hold. */
export const blocksOf = <Block extends PreviewBlock>(
  ...parts: readonly (Block | readonly Block[] | false | undefined)[]
): Block[] => parts.flatMap((part) => (part === undefined || part === false ? [] : part))
