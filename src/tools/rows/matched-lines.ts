import { quoted } from '../../operations/sentences.ts'
import { counted, formatNumber } from '../../shared/format.ts'
import { safeText } from '../../shared/safe-text.ts'
import type { Redact } from '../../shared/secrets.ts'
import { Turns } from '../../shared/turns/turns.ts'
import { Excerpt, type Shown } from '../replies/rendering.ts'
import { cutLine } from '../replies/slices/cut-line.ts'
import { LineIndex } from '../replies/slices/line-index.ts'
import { folded } from './searched-text.ts'
import { wordPlace } from './word-place.ts'

/** Most characters of a line. */
const maxWidth = 300
/** The number of a line, and what stands around it and around a cut line. */
const aroundLine = 16
/** A line with its number takes as many at least. */
const minLine = 4
/** So many characters, and the rest of their last line, are compared at once. */
const blockLength = 200_000

/** A line that holds a word: its number, from 1, and its place in the text. */
interface HeldLine {
  readonly number: number
  readonly start: number
  readonly end: number
}

/** What of a text holds words. */
interface Found {
  readonly text: string
  readonly words: readonly string[]
  /** The lines that hold all words, then the others, as many as a reply may show. */
  readonly lines: readonly HeldLine[]
  readonly counts: { readonly all: number; readonly held: number; readonly ofText: number }
  readonly isCleaned: boolean
}

/** The lines of a text that hold a word of `match`, in place of its beginning. */
class MatchedLines extends Excerpt {
  readonly #found: Found
  readonly #match: string
  #last: { readonly max: number; readonly shown: Shown } | undefined

  constructor(found: Found, match: string) {
    super()
    this.#found = found
    this.#match = match
  }

  get label(): string {
    const { words, counts } = this.#found
    const match = quoted(this.#match, 40)
    const share = `${formatNumber(counts.held)} of ${counted(counts.ofText, 'line')}`
    if (words.length === 1) return `lines that hold ${match} (${share})`
    if (counts.all === counts.held) return `lines that hold all words of ${match} (${share})`
    const first = counts.all > 0 ? `; ${formatNumber(counts.all)} with all, shown first` : ''
    return `lines that hold a word of ${match} (${share}${first})`
  }

  get facts() {
    const { counts } = this.#found
    return { lines: counts.ofText, matchedLines: counts.held }
  }

  get isCleaned(): boolean {
    return this.#found.isCleaned
  }

  show(max: number): Shown {
    if (this.#last?.max !== max) this.#last = { max, shown: this.#shown(max) }
    return this.#last.shown
  }

  #shown(max: number): Shown {
    const { lines, counts } = this.#found
    const shown: string[] = []
    let isCut = false
    let length = 0
    for (const line of lines) {
      const part = this.#part(line, Math.min(maxWidth, max - aroundLine))
      const text = `${line.number}: ${part ?? this.#found.text.slice(line.start, line.end)}`
      length += text.length + 1
      if (length > max && shown.length > 0) break
      if (part !== undefined) isCut = true
      shown.push(text)
    }
    const rest = counts.held - shown.length
    return {
      text: shown.join('\n'),
      isCut: isCut || rest > 0,
      ...(rest > 0 && { rest: counted(rest, 'more line') }),
    }
  }

  /** A part of a long line, around a word. */
  #part({ start, end }: HeldLine, width: number): string | undefined {
    if (end - start <= width) return undefined
    const { text, words } = this.#found
    const line = text.slice(start, end)
    for (const word of words) {
      const place = wordPlace(line, word)
      if (place) return cutLine(line, [0, line.length], place, width)?.text
    }
    return cutLine(line, [0, line.length], [0, 0], width)?.text
  }
}

/** How a text is searched. */
export interface LineSearch {
  /** As they are compared. */
  readonly words: readonly string[]
  /** As they were written. */
  readonly match: string
  readonly redact: Redact
  /** Most characters of a reply. */
  readonly budget: number
  readonly signal: AbortSignal
}

/** Where the line ends that holds a place, without its line break. */
const lineEnd = (text: string, place: number): number => {
  const end = text.indexOf('\n', place)
  return end === -1 ? text.length : end
}

/**
 * The lines of a redacted text that hold words of `match`, compared as `match` compares rows: undefined if none holds
 * one.
 */
export async function matchedLines(text: string, search: LineSearch): Promise<Excerpt | undefined> {
  const { words, match, redact, budget, signal } = search
  const turns = new Turns(signal)
  const safe = safeText(text)
  await turns.give()
  // A secret may be split by what is not shown.
  const shown = safe === text ? text : redact(safe)
  const most = Math.ceil(budget / minLine)
  const [withAll, withSome]: [HeldLine[], HeldLine[]] = [[], []]
  let [all, held] = [0, 0]
  const index = new LineIndex(shown)
  for (let start = 0; start < shown.length; ) {
    await turns.give()
    const end = lineEnd(shown, start + blockLength)
    const block = folded(shown.slice(start, end))
    const inBlock = words.filter((word) => block.includes(word))
    const first = index.lineAt(start)
    for (const [at, line] of inBlock.length > 0 ? block.split('\n').entries() : []) {
      const count = inBlock.filter((word) => line.includes(word)).length
      if (count === 0) continue
      held++
      if (count === words.length) all++
      const lines = count === words.length ? withAll : withSome
      if (lines.length === most) continue
      const lineStart = index.startOf(first + at)
      lines.push({ number: first + at, start: lineStart, end: lineEnd(shown, lineStart) })
    }
    start = end + 1
  }
  if (held === 0) return undefined
  const lines = [...withAll, ...withSome]
  const counts = { all, held, ofText: index.count }
  return new MatchedLines({ text: shown, words, lines, counts, isCleaned: safe !== text }, redact(match))
}
