import { setImmediate } from 'node:timers/promises'
import { counted, texts } from '../../../../shared/format.ts'
import type { ScriptLanguage } from '../../targets/script-language.ts'
import type { Difference, DifferenceRow, ScriptLines, Sign } from '../preview.ts'
import { splitTwins } from './alike.ts'
import { type LeadingComment, leadingComments } from './comment.ts'
import { endsOf, excerpt, maxRows } from './excerpt.ts'
import { type Hunk, hunksOf, pairsOf } from './hunks.ts'
import { type Line, maskedLine } from './lines.ts'
import { differenceRowLines, rowsOf, startOf } from './rows.ts'
import { lineCount, type Segment, segmentsOf } from './segments.ts'

// The difference between a stored script and a new one, by lines: removed ones with their old number, added ones with
// their new one. Every line is shown, or counted on a line of ours.

/** How many lines of one run are shown, so that all hunks fit: the first of these that does. */
const runLengths = [40, 20, 12, 8, 5, 3]

/** How an excerpt shows lines. */
interface View {
  /** Of a number of a line. */
  readonly width: number
  /** The comments at the head of the stored and of the new script. */
  readonly comments: Readonly<Record<'-' | '+', Comments>>
}

/** Comments by the number of their first line. */
type Comments = ReadonlyMap<number | undefined, LeadingComment>

/** A run in which each comment that lies in it is one segment. */
function foldComments(run: readonly Segment[], comments: Comments): Segment[] {
  const folded: Segment[] = []
  for (let at = 0; at < run.length; ) {
    const segment = run[at] as Segment
    const comment = comments.get(segment.lines[0]?.number)
    const behind = at + (comment?.lines.length ?? 1)
    const isWhole = comment && run[behind - 1]?.lines.at(-1)?.number === comment.lines.at(-1)?.number
    folded.push(isWhole ? comment : segment)
    at = isWhole ? behind : at + 1
  }
  return folded
}

const rowsOfAll = (segments: readonly Segment[], sign: Sign, { width }: View): string[] =>
  segments.flatMap((segment) => rowsOf(segment, startOf(sign, segment.lines[0]?.number, width)))

/** Lines that were removed or added: of many, comments at the head give way, and the first and the last are shown. */
function runRows(all: readonly Segment[], sign: '-' | '+', max: number, view: View): string[] {
  const run = all.length > max ? foldComments(all, view.comments[sign]) : all
  const rows = (segments: readonly Segment[]): string[] => rowsOfAll(segments, sign, view)
  if (run.length <= max) return rows(run)
  const last = Math.floor(max / 3)
  const left = run.slice(max - last, run.length - last)
  return [
    ...rows(run.slice(0, max - last)),
    `  (${counted(lineCount(left), 'more line')} ${sign === '-' ? 'removed' : 'added'})`,
    ...rows(run.slice(run.length - last)),
  ]
}

function hunkRows(hunk: Hunk, max: number, view: View): string[] {
  const { twins, rest } = splitTwins(hunk)
  return texts(
    hunk.alike > 0 && `  ${alikeText(hunk.alike)}`,
    rowsOfAll(hunk.before, ' ', view),
    runRows(rest.removed, '-', max, view),
    runRows(rest.added, '+', max, view),
    twins.slice(0, max).flatMap((rows) => rows.flatMap((row) => [...differenceRowLines(row, view.width)])),
    twins.length > max && `  (shown alike but different: ${counted(twins.length - max, 'more line')})`,
    rowsOfAll(hunk.after, ' ', view),
  )
}

const alikeText = (count: number): string => `(${counted(count, 'line')} alike)`

/** All lines of some segments as data; a mark where one stands for lines that nobody can read. */
function dataOf(segments: readonly Segment[], sign: Sign): DifferenceRow[] {
  const rows: DifferenceRow[] = []
  let run: { readonly number: number; readonly lines: string[] } | undefined
  for (const { lines, mark } of segments) {
    const [line] = lines
    if (!line) continue
    if (mark !== undefined) {
      rows.push({ sign, number: line.number, parts: [{ mark }] })
      run = undefined
    } else if (run && run.number + run.lines.length === line.number) run.lines.push(maskedLine(line))
    else {
      run = { number: line.number, lines: [maskedLine(line)] }
      rows.push({ sign, ...run } satisfies ScriptLines)
    }
  }
  return rows
}

/** A hunk as data, all of it. */
function hunkData(hunk: Hunk): DifferenceRow[] {
  const { twins, rest } = splitTwins(hunk)
  return [
    ...(hunk.alike > 0 ? [alikeText(hunk.alike)] : []),
    ...dataOf(hunk.before, ' '),
    ...dataOf(rest.removed, '-'),
    ...dataOf(rest.added, '+'),
    ...twins.flat(),
    ...dataOf(hunk.after, ' '),
  ]
}

/** The hunks that no row shows, on one line. */
function leftRow(hunks: readonly Hunk[]): string {
  const sum = (part: 'removed' | 'added'): number =>
    hunks.reduce((all, hunk) => all + lineCount(hunk[part]), 0)
  const alike = hunks.reduce(
    (all, { alike, before, after }) => all + alike + lineCount(before) + lineCount(after),
    0,
  )
  return `  (${counted(hunks.length, 'more change')}: ${counted(sum('removed'), 'line')} removed, ${counted(sum('added'), 'line')} added; ${counted(alike, 'line')} alike)`
}

/** The difference of two scripts. */
interface Compared {
  /** In about forty lines of text: what these do not show is counted. */
  readonly excerpt: readonly string[]
  readonly whole: Difference
}

/** The hunks in about forty lines: of each run, as many lines as let all hunks fit. */
function excerptRows(hunks: readonly Hunk[], view: View): string[] {
  const all = runLengths.map((max) => hunks.map((hunk) => hunkRows(hunk, max, view)))
  const rows = all.find((groups) => groups.flat().length <= maxRows) ?? all.at(-1) ?? []
  const { first, left, last } = endsOf(
    hunks.map((hunk, index) => ({ hunk, rows: rows[index] ?? [] })),
    (group) => group.rows,
    maxRows,
  )
  return texts(
    first.flatMap((group) => group.rows),
    left.length > 0 && leftRow(left.map(({ hunk }) => hunk)),
    last.flatMap((group) => group.rows),
  )
}

/** The difference of a new script to the stored one. */
export async function differenceOf(
  stored: readonly Line[],
  added: readonly Line[],
  language: ScriptLanguage,
): Promise<Compared> {
  const old = segmentsOf(stored, language, [])
  await setImmediate()
  const now = segmentsOf(added, language, [])
  await setImmediate()
  const pairs = await pairsOf(old, now)
  const longest = Math.max(stored.length, added.length)
  if (!pairs) {
    const what = 'too many lines differ from those that are stored to show each'
    return {
      excerpt: [`${what}; of the new ones:`, ...excerpt(segmentsOf(added, language), maxRows)],
      whole: { summary: what, lineCount: longest, rows: [] },
    }
  }
  await setImmediate()
  const { hunks, alike } = await hunksOf(old, now, pairs)
  if (hunks.length === 0) {
    const none = 'no line differs from the stored content'
    return { excerpt: [none], whole: { summary: none, lineCount: longest, rows: [] } }
  }
  const [before, after] = [stored, added].map(
    (lines) =>
      new Map(leadingComments(lines, language).map((comment) => [comment.lines[0]?.number, comment])),
  )
  const view: View = {
    width: String(longest).length,
    comments: { '-': before ?? new Map(), '+': after ?? new Map() },
  }
  const [removed, increase] = [old, now].map(
    (side, index) =>
      lineCount(side) - pairs.reduce((sum, pair) => sum + (side[pair[index] ?? 0]?.lines.length ?? 0), 0),
  )
  const summary = `difference to the stored content: ${counted(removed ?? 0, 'line')} removed, ${counted(increase ?? 0, 'line')} added`
  const end = alike > 0 && alikeText(alike)
  return {
    excerpt: texts(summary, excerptRows(hunks, view), end !== false && `  ${end}`),
    whole: { summary, lineCount: longest, rows: [...hunks.flatMap(hunkData), ...texts(end)] },
  }
}
