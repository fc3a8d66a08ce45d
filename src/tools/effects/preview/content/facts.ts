import { StoredText } from '../../../../operations/stored-text.ts'
import { sha256 } from '../../../../shared/crypto.ts'
import { counted, formatNumber, texts } from '../../../../shared/format.ts'
import { type Line, linesOf } from './lines.ts'

// What no line of a script shows: its size, its encoding, its line ends.

/** The content of a script: stored bytes, or a text as it was passed. */
export const contentIn = (value: unknown): StoredText | undefined => {
  if (value instanceof StoredText) return value
  return typeof value === 'string' ? new StoredText(Buffer.from(value)) : undefined
}

/** A script, as it is stored or sent. */
export interface Script {
  readonly content: StoredText
  readonly lines: readonly Line[]
}

/** `covered`: its text with the secrets covered. */
export const scriptOf = (content: StoredText, covered: string): Script => ({
  content,
  lines: linesOf(content.text, covered),
})

/** Its size, and the hash of its bytes: the same one wherever content is shown, pinned or compared. */
export function contentFacts({ content: { text, bytes, encoding }, lines }: Script): string {
  return texts(
    `content: ${counted(lines.length, 'line')}`,
    counted(text.length, 'character'),
    encoding !== 'utf-8' && encoding,
    hasMark(text) && 'byte order mark',
    `sha256 ${sha256(bytes)}`,
  ).join(', ')
}

const hasMark = (text: string): boolean => text.startsWith('\uFEFF')

const endNames = new Map([
  ['\n', 'LF'],
  ['\r\n', 'CR LF'],
  ['\r', 'CR'],
])

/** The line ends: `CR LF`, or `12 LF, 2 CR LF` if there are several kinds. */
function endsIn(lines: readonly Line[]): string {
  const kinds = [...endNames].flatMap(([end, name]) => {
    const count = lines.filter((line) => line.end === end).length
    return count > 0 ? { name, count } : []
  })
  const [only] = kinds
  if (only && kinds.length === 1) return only.name
  return kinds.map(({ name, count }) => `${formatNumber(count)} ${name}`).join(', ')
}

/** The line ends of new content, where they are not the usual ones: no line shows them unless they are mixed. */
export function unusualEnds({ lines }: Script): string | false {
  const ends = endsIn(lines)
  return ends !== '' && ends !== 'LF' && `line ends: ${ends}`
}

/** True if the lines are as many, and the kinds of their ends are in another order. */
const areMoved = (stored: readonly Line[], added: readonly Line[]): boolean =>
  stored.length === added.length &&
  stored.some(({ end }, at) => end !== '' && added[at]?.end !== '' && end !== added[at]?.end)

/** What differs between two scripts and stands on none of their lines, a line of a preview each. */
export function formDifferences(stored: Script, added: Script): string[] {
  const [old, now] = [stored.content, added.content]
  const [oldEnds, newEnds] = [endsIn(stored.lines), endsIn(added.lines)]
  const [oldMark, newMark] = [hasMark(old.text), hasMark(now.text)]
  const [oldLast, newLast] = [stored.lines.at(-1)?.end, added.lines.at(-1)?.end].map((end) => end !== '')
  return texts(
    old.encoding !== now.encoding && `encoding: ${old.encoding} -> ${now.encoding}`,
    old.encoding === now.encoding &&
      old.isExact !== now.isExact &&
      'bytes that are no text: replaced by U+FFFD',
    oldMark !== newMark && `byte order mark: ${oldMark ? 'removed' : 'added'}`,
    oldEnds !== newEnds && oldEnds !== '' && newEnds !== '' && `line ends: ${oldEnds} -> ${newEnds}`,
    oldEnds === newEnds && areMoved(stored.lines, added.lines) && `line ends: ${newEnds}, on other lines`,
    oldLast !== newLast && `line end at the end: ${oldLast ? 'removed' : 'added'}`,
  )
}
