import type { StoredText } from '../../../operations/stored-text.ts'
import { safeText } from '../../../shared/safe-text.ts'
import { countMasks, isCovered, mask, type Redactor } from '../../../shared/secrets.ts'
import { lineBreakOf, notShown } from './not-shown.ts'

/** A line in which something is masked. */
export interface MaskedLine {
  /** From 1. */
  readonly line: number
  /** How many values are masked. */
  readonly values: number
}

/** A stored text by line, without secrets. */
export interface TextLines {
  /** Each with its line break. Only what is secret differs from the stored text. */
  readonly lines: readonly string[]
  readonly masked: readonly MaskedLine[]
  /** What the text form does not show, one clause each. */
  readonly notShown: readonly string[]
}

interface ShownLine {
  readonly text: string
  /** How many values are masked in it. */
  readonly values: number
}

/** Replaces each run of covered characters by the mask. Line breaks stay, so that lines keep their numbers. */
function maskLine(raw: string, covered: string): ShownLine {
  if (raw === covered) return { text: raw, values: 0 }
  const end = raw.length - lineBreakOf(raw).length
  const isSecret = (at: number): boolean => at < end && isCovered(covered[at]) && covered[at] !== raw[at]
  let [text, values] = ['', 0]
  for (let at = 0; at < raw.length; at++) {
    if (!isSecret(at)) text += raw[at]
    else if (at === 0 || !isSecret(at - 1)) {
      text += mask
      values++
    }
  }
  return { text, values }
}

/** Masks a secret that invisible characters split. A line that holds one is shown without these characters. */
function maskSplitSecret({ text, values }: ShownLine, { redact }: Redactor): ShownLine {
  const visible = safeText(text)
  const redacted = redact(visible)
  if (redacted === visible) return { text, values }
  const added = countMasks(redacted) - countMasks(visible)
  return { text: redacted.replace(/\n$/, lineBreakOf(text)), values: values + added }
}

/** Reads a stored text by line. */
export function textLines(stored: StoredText, redactor: Redactor): TextLines {
  const covered = redactor.cover(stored.text)
  const raw: readonly string[] = stored.text.match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g) ?? []
  let at = 0
  const inPlace = raw.map((line) => {
    const start = at
    at += line.length
    return maskLine(line, covered.slice(start, at))
  })
  const visible = inPlace.map(({ text }) => safeText(text)).join('')
  const shown =
    redactor.redact(visible) === visible ? inPlace : inPlace.map((line) => maskSplitSecret(line, redactor))
  return {
    lines: shown.map(({ text }) => text),
    masked: shown.flatMap(({ values }, index) => (values > 0 ? { line: index + 1, values } : [])),
    notShown: notShown(stored, raw),
  }
}
