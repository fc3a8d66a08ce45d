export type LineEnd = '\r\n' | '\n' | '\r'

/** CR CR LF, as converting twice leaves it, is one line end. A run of CR is looked at once, not from each of them. */
const anyLineEnd = /(?<!\r)\r+\n|\n|\r/g

const kindOf = (lineEnd: string): LineEnd =>
  lineEnd.endsWith('\n') && lineEnd !== '\n' ? '\r\n' : (lineEnd as LineEnd)

/** A line end and where it stands. */
export interface PlacedLineEnd {
  readonly from: number
  readonly to: number
  readonly kind: LineEnd
}

/** Every CR LF, LF and CR of a text. */
export const lineEndsIn = (text: string): PlacedLineEnd[] =>
  [...text.matchAll(anyLineEnd)].map(({ index, 0: found }) => ({
    from: index,
    to: index + found.length,
    kind: kindOf(found),
  }))

/**
 * The line ends of a text. A CR alone belongs to the text (a progress bar prints it), unless there are no other
 * line ends.
 */
export function ownLineEnds(text: string): PlacedLineEnd[] {
  const all = lineEndsIn(text)
  const others = all.filter(({ kind }) => kind !== '\r')
  return others.length > 0 ? others : all
}

export const lineEndNames = { '\r\n': 'CR LF', '\n': 'LF', '\r': 'CR' } as const

/** The kinds of these line ends. */
export function lineEndKinds(text: string): LineEnd[] {
  if (!text.includes('\n')) return text.includes('\r') ? ['\r'] : []
  return [
    ...(text.includes('\r\n') ? ['\r\n' as const] : []),
    ...(/(?<!\r)\n/.test(text) ? ['\n' as const] : []),
  ]
}

/** `CR LF`, or `CR LF and LF` where they are mixed; undefined for a text of one line. */
export function lineEndsText(text: string): string | undefined {
  const names = lineEndKinds(text).map((kind) => lineEndNames[kind])
  return names.length === 0 ? undefined : names.join(' and ')
}
