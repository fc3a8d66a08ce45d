// A terminal as lines of styled text, for pictures.

export type Style = 'plain' | 'dim' | 'strong' | 'title' | 'prompt' | 'good' | 'warning'

export interface Piece {
  readonly text: string
  readonly style: Style
}

export type Line = readonly Piece[]

export const piece = (text: string, style: Style = 'plain'): Piece => ({ text, style })

/** A line that is all in one style. */
export const line = (text: string, style: Style = 'plain'): Line => [piece(text, style)]

const lengthOf = (text: string): number => [...text].length

export const widthOf = (pieces: Line): number => pieces.reduce((sum, { text }) => sum + lengthOf(text), 0)

/** Aligns the cells of rows with tabs: two columns apart, or one where it gets too wide. */
export function aligned(rows: readonly string[], columns: number): string[] {
  const cells = rows.map((row) => row.split('\t'))
  const widths = (cells[0] ?? []).map((_, at) => Math.max(...cells.map((row) => lengthOf(row[at] ?? ''))))
  const wide = widths.reduce((sum, width) => sum + width, 0) + 2 * (widths.length - 1)
  const gap = ' '.repeat(wide > columns ? 1 : 2)
  return cells.map((row) =>
    row
      .map((cell, at) => cell + ' '.repeat(Math.max(0, (widths[at] ?? 0) - lengthOf(cell))))
      .join(gap)
      .trimEnd(),
  )
}

/** The characters from one position to another, styles kept. */
function sliced(pieces: Line, from: number, to = Number.POSITIVE_INFINITY): Line {
  let at = 0
  return pieces.flatMap(({ text, style }) => {
    const characters = [...text]
    const part = characters.slice(Math.max(0, from - at), Math.max(0, to - at)).join('')
    at += characters.length
    return part === '' ? [] : [{ text: part, style }]
  })
}

/** Where a text is wrapped: at its last blank that fits, or else in the middle of a word. */
function cutAt(text: string, columns: number, indent: number): number {
  const characters = [...text]
  const blank = characters.lastIndexOf(' ', columns)
  return blank > indent ? blank : columns
}

/** Wraps a line at words; continuation lines are indented by two columns. */
export function wrapLine(pieces: Line, columns: number): Line[] {
  const indent = (/^ */.exec(pieces[0]?.text ?? '')?.[0].length ?? 0) + 2
  const lines: Line[] = []
  let rest = pieces
  while (widthOf(rest) > columns) {
    const text = rest.map((part) => part.text).join('')
    const cut = cutAt(text, columns, indent)
    lines.push(sliced(rest, 0, cut))
    const remainder = sliced(rest, [...text][cut] === ' ' ? cut + 1 : cut)
    rest = [piece(' '.repeat(indent)), ...remainder]
  }
  return [...lines, rest]
}
