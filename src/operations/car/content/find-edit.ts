import type { StoredText } from '../../stored-text.ts'
import type { Edit } from './edit.ts'
import { isAscii, type Layout, mayBeWithinLetter } from './layout.ts'
import { maxPlaces, type Search, type Stretch } from './search.ts'

/** A script that is edited. */
export interface EditedScript {
  readonly id: string
  readonly stored: StoredText
  /** Its text, each character of a secret covered. */
  readonly covered: string
  readonly search: Search
  readonly layout: Layout
}

const maxLines = 10

/** `line 12`, `lines 12 and 40`. */
export function linesText(lines: readonly number[]): string {
  const different = [...new Set(lines)]
  const shown = different.slice(0, maxLines).map(String)
  const rest = different.length - shown.length
  const last = rest > 0 ? `${rest} more` : shown.pop()
  return shown.length === 0 ? `line ${last}` : `lines ${shown.join(', ')} and ${last}`
}

function notFound({ search, id }: EditedScript, { find }: Edit, name: string): string {
  const similar = search.lineOfSimilar(find)
  const hint =
    similar === undefined ? '' : ` (line ${similar} has it in other case, blanks or invisible characters)`
  return `${name} is not found in script ${id}${hint}: read the lines with car_get_script, and pass them as they are there, without what is masked`
}

/** The one place of an edit, or why it has none: `what is wrong: what to do`. */
export function findEdit(script: EditedScript, edit: Edit, name: string): Stretch | string {
  const { stored, covered, search, layout, id } = script
  const marks = /^\ufeff+/.exec(covered)
  if (edit.find === '\ufeff' && edit.replace === '' && marks) return { from: 0, to: marks[0].length }
  if (!layout.isCertain && !isAscii(edit.find + edit.replace))
    return `${name} holds characters beyond ASCII, and the encoding of script ${id} is not certain: edit its ASCII text alone, or pass the whole content, which is sent in UTF-8`
  const [found, ...more] = search.find(edit.find)
  if (found === undefined) return notFound(script, edit, name)
  if (more.length > 0) {
    const lines = [found, ...more].map(({ from }) => search.lineAt(from))
    const times = lines.length > maxPlaces ? `more than ${maxPlaces}` : lines.length
    return `${name} is found ${times} times in script ${id}, at ${linesText(lines)}: add neighbouring text to its find, so that it occurs once`
  }
  const isCut = ({ from, to }: Stretch): boolean =>
    [from, to].some((place) => mayBeWithinLetter(stored.bytes, layout.offsets[place] ?? 0))
  if (!layout.isCertain && isCut(found))
    return `${name} begins or ends beside a byte that may belong to the same letter, as the encoding of script ${id} is not certain: take in ASCII text up to a blank or a line end, or pass the whole content`
  return found
}
