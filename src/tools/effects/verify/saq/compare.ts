import type { Input } from '../../../../operations/operation.ts'
import type { Row } from '../../../../session/answer.ts'
import type { Redact } from '../../../../shared/secrets.ts'
import type { Target } from '../../targets/lookup.ts'
import { inQuotes } from './rows-now.ts'

/** A field that a call sets, and how it is read from the arguments and from the stored object. */
export interface ComparedField {
  readonly name: string
  readonly asked: (args: Input) => string | undefined
  /** Undefined if the record does not show it. */
  readonly shown: (row: Row, args: Input) => string | undefined
  /** The text under which two spellings are the same. */
  readonly key?: (text: string) => string
}

/** How an object shows what was asked for. Each field is in one of the lists. */
export interface Comparison {
  readonly alike: readonly ComparedField[]
  /** One phrase each: `title "CFO" where "CEO" was asked for`. */
  readonly differences: readonly string[]
  /** The names of fields that the record does not show. */
  readonly hidden: readonly string[]
}

const textAt =
  (name: string) =>
  (row: Row): string | undefined => {
    const value = row[name]
    return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
  }

/** Fields that hold the text that was sent. */
export const plainFields = (...names: readonly string[]): ComparedField[] =>
  names.map((name) => ({ name, asked: textAt(name), shown: textAt(name) }))

/** No page says what Qualys makes of blanks, line ends and composed letters. */
const plainKey = (text: string): string => text.normalize('NFC').replace(/\s+/g, ' ').trim()

/** Compares the fields that the arguments set. What differs is shown redacted. */
export function compareFields(
  args: Input,
  { row = {}, raw = row }: Target,
  fields: readonly ComparedField[],
  redact: Redact,
): Comparison {
  const alike: ComparedField[] = []
  const differences: string[] = []
  const hidden: string[] = []
  for (const field of fields) {
    const { name, key = (text: string) => text } = field
    const asked = field.asked(args)
    if (asked === undefined) continue
    const shown = field.shown(raw, args)
    if (shown === undefined) hidden.push(name)
    // A record that is redacted hides the same part of what was sent.
    else if ([asked, redact(asked)].some((text) => key(plainKey(shown)) === key(plainKey(text))))
      alike.push(field)
    else differences.push(`${name} ${inQuotes(redact(shown))} where ${inQuotes(redact(asked))} was asked for`)
  }
  return { alike, differences, hidden }
}
