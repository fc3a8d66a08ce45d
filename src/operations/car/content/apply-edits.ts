import { StoredText } from '../../stored-text.ts'
import { type Edit, isOfLineEnds } from './edit.ts'
import { type EditedScript, findEdit, linesText } from './find-edit.ts'
import { type LineEnd, lineEndNames, lineEndsIn, ownLineEnds } from './line-end-kinds.ts'
import { keepsAway, staysCovered } from './masks.ts'
import {
  applyPieces,
  changedPart,
  lineEndAt,
  lineEndPieces,
  type Piece,
  withLineEnds,
} from './placed-edit.ts'
import type { Stretch } from './search.ts'

/** A script after its edits. */
export interface EditedContent {
  readonly content: StoredText
  /** Its text, in which what was covered still is. */
  readonly covered: string
  /** What was changed where, as one clause. */
  readonly note: string
}

interface PlacedEdit {
  readonly name: string
  readonly found: Stretch
  readonly piece: Piece
}

/** The edits of one call with their places, in the order of the script; or why one has none. */
function placeEdits(script: EditedScript, edits: readonly (readonly [name: string, edit: Edit])[]) {
  const lineEnds = ownLineEnds(script.covered)
  const placed: PlacedEdit[] = []
  for (const [name, edit] of edits) {
    const found = findEdit(script, edit, name)
    if (typeof found === 'string') return found
    const part = changedPart(script.covered, found, edit)
    const text = withLineEnds(part.text, lineEndAt(lineEnds, part, found))
    if (script.covered.slice(part.from, part.to) === text)
      return `${name} changes nothing, as line ends stay as they are stored: pass the new text as its replace, or leave the edit out`
    placed.push({ name, found, piece: { ...part, text } })
  }
  placed.sort((a, b) => a.found.from - b.found.from)
  const at = placed.findIndex(({ found }, index) => found.from < (placed[index - 1]?.found.to ?? 0))
  const [one, other] = [placed[at - 1], placed[at]]
  return one && other
    ? `${one.name} and ${other.name.toLowerCase()} change the same text at line ${script.search.lineAt(other.found.from)}: make them one edit`
    : placed
}

/** The new line end for each kind that edits of line ends alone name; or why that is not possible. */
function lineEndChanges(script: EditedScript, edits: readonly (readonly [name: string, edit: Edit])[]) {
  const changes = new Map<LineEnd, LineEnd>()
  if (edits.length === 0) return changes
  const stored = new Set(lineEndsIn(script.stored.text).map(({ kind }) => kind))
  for (const [name, edit] of edits) {
    const [find, replace] = [edit.find as LineEnd, edit.replace as LineEnd]
    if (!stored.has(find))
      return `${name} is not found in script ${script.id}, which has no such line ends: leave it out`
    if (changes.has(find)) return `${name} changes line ends that another edit changes: make them one edit`
    changes.set(find, replace)
  }
  return changes
}

/** The pieces of all edits, in the order of the script. */
function piecesOf(
  { stored }: EditedScript,
  placed: readonly PlacedEdit[],
  changes: ReadonlyMap<LineEnd, LineEnd>,
): Piece[] {
  const own = placed.map(({ piece }) => ({
    ...piece,
    text: applyPieces(piece.text, lineEndPieces(lineEndsIn(piece.text), changes)),
  }))
  if (changes.size === 0) return own
  const others = lineEndPieces(lineEndsIn(stored.text), changes).filter(
    ({ from, to }) => !own.some((piece) => from < piece.to && to > piece.from),
  )
  return [...own, ...others].sort((a, b) => a.from - b.from)
}

function newBytes({ stored, layout }: EditedScript, pieces: readonly Piece[]): Buffer | undefined {
  let end = 0
  const parts: Buffer[] = []
  for (const { from, to, text } of pieces) {
    const written = layout.encode(text)
    if (!written) return undefined
    parts.push(stored.bytes.subarray(end, layout.offsets[from]), written)
    end = layout.offsets[to] ?? 0
  }
  return Buffer.concat([...parts, stored.bytes.subarray(end)])
}

/** `2 edits at lines 12 and 40`. */
function noteOf(
  { search }: EditedScript,
  placed: readonly PlacedEdit[],
  changes: ReadonlyMap<LineEnd, LineEnd>,
): string {
  const count = placed.length === 1 ? '1 edit' : `${placed.length} edits`
  const lines = linesText(placed.map(({ piece }) => search.lineAt(piece.from)))
  return [
    ...(placed.length === 0 ? [] : [`${count} at ${lines}`]),
    ...[...changes].map(([from, to]) => `line ends: ${lineEndNames[from]} -> ${lineEndNames[to]}`),
  ].join(', ')
}

/** The script after its edits; or why they cannot be made: `what is wrong: what to do`. */
export function applyEdits(
  script: EditedScript,
  edits: readonly Edit[],
  cover: (text: string) => string,
): EditedContent | string {
  const { stored, covered, id } = script
  const numbered = edits.map((edit, index) => [`Edit ${index + 1}`, edit] as const)
  const placed = placeEdits(
    script,
    numbered.filter(([, edit]) => !isOfLineEnds(edit)),
  )
  if (typeof placed === 'string') return placed
  const changes = lineEndChanges(
    script,
    numbered.filter(([, edit]) => isOfLineEnds(edit)),
  )
  if (typeof changes === 'string') return changes
  const pieces = piecesOf(script, placed, changes)
  const bytes = newBytes(script, pieces)
  if (!bytes)
    return `A replacement holds a character that ${stored.encoding}, the encoding of script ${id}, does not have: write it without, or pass the whole content, which is sent in UTF-8`
  const content = new StoredText(bytes)
  const text = applyPieces(stored.text, pieces)
  if (content.text !== text)
    return `After these edits script ${id} would no longer be read in its encoding, ${stored.encoding}: pass the whole content, which is sent in UTF-8`
  const newCovered = applyPieces(covered, pieces)
  const changed = placed.map(({ piece }) => piece)
  if (!keepsAway(covered, changed) || !staysCovered(newCovered, text, cover))
    return `After these edits script ${id} might show a secret that is masked now: leave the text directly beside it as it is, or change that line in the Qualys UI`
  return { content, covered: newCovered, note: noteOf(script, placed, changes) }
}
