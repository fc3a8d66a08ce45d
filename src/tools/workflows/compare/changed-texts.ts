import type { Form } from '../../digest/forms/form.ts'
import { fieldsOf } from '../../digest/lines/records.ts'
import { headedText, readableLine } from '../../digest/places/place-text.ts'

/** Characters of a line that is shown whole. */
const maxLine = 160
/** Characters before what changed, where a longer line is cut. */
const before = 60

/** Where two texts begin to differ. */
function firstDifference(a: string, b: string): number {
  let at = 0
  while (at < a.length && at < b.length && a[at] === b[at]) at++
  return at
}

/** The fields of one record that the other one does not have in the same way, behind the first one that it has. */
function changedFields(line: string, other: string): string {
  const others = new Map(fieldsOf(other))
  const fields = fieldsOf(line)
  const isSame = ([path, value]: readonly [string, string]): boolean => others.get(path) === value
  const first = fields.find((field) => isSame(field) && /\p{L}/u.test(field[1]))
  return [...(first ? [first] : []), ...fields.filter((field) => !isSame(field))]
    .map(([path, value]) => `${path}: ${value}`)
    .join(', ')
}

/** A text, or of a long one the part from shortly before where it differs from another one. */
export function cutToChange(text: string, other: string): string {
  const start = firstDifference(text, other) - before
  return start <= 0 || Math.max(text.length, other.length) <= maxLine ? text : `…${text.slice(start)}`
}

/** Two lines of records, as far as they differ. */
export function changedRecords(form: Form, from: string, to: string): readonly [from: string, to: string] {
  const whole = [headedText(form, from), headedText(form, to)] as const
  if (whole.every(({ length }) => length <= maxLine)) return whole
  return [readableLine(changedFields(from, to)), readableLine(changedFields(to, from))]
}
