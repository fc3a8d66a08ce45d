import type { Draw } from './draw.ts'

type Language =
  | 'English'
  | 'German'
  | 'French'
  | 'Spanish'
  | 'Portuguese'
  | 'Russian'
  | 'Japanese'
  | 'Chinese'
  | 'Polish'
  | 'Turkish'
  | 'Korean'
  | 'Arabic'
  | 'Hebrew'
  | 'Italian'
  | 'Dutch'
  | 'Czech'
  | 'Greek'
  | 'Thai'

/** A change of the output that makes it another result. */
export interface Odd {
  readonly replace: string | RegExp
  readonly by: string
  /** What only such a host prints, and a reader has to see; absent if it prints less than the others. */
  readonly shows?: string | RegExp
  /** What all other hosts print there. */
  readonly usual?: string | RegExp
  /** How the host's script ended, if the change makes it fail. */
  readonly code?: number
}

/** What the hosts of a fleet print that all did the same. */
export interface FleetOutput {
  readonly name: string
  readonly language: Language
  /** The exit code of every host; 0 unless it is given. */
  readonly code?: number
  readonly output: (draw: Draw, host: string) => string
  /** Each makes one host's output another result. */
  readonly odd: readonly [Odd, ...Odd[]]
}

/** Makes the change. Throws where there is nothing to change. */
export function oddOutput({ replace, by }: Odd, output: string): string {
  const changed = output.replace(replace, by)
  if (changed === output) throw new Error(`${replace} is not in ${output}`)
  return changed
}

/** Whether a text holds what is to be seen: a number as a whole, not as a part of another one. */
export function holds(text: string, shown: string | RegExp): boolean {
  if (typeof shown !== 'string') return shown.test(text)
  const before = /^[\d-]/.test(shown) ? '(?<![\\p{L}\\d.])' : ''
  const after = /\d$/.test(shown) ? '(?!\\d)' : ''
  return new RegExp(`${before}${shown.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')}${after}`, 'u').test(text)
}

/** The end of an output: what replaces it comes behind all else. */
export const end = /$/

/** A number that is nothing else. */
export const numberAlone = (number: number): RegExp =>
  new RegExp(`(?<![\\w.,:/-])${number}(?![\\w.,:/-]|\\s*%)`)

export const lines = (...parts: readonly string[]): string => parts.join('\n')

/** As programs for Windows write lines. */
export const crlfLines = (...parts: readonly string[]): string => parts.join('\r\n')

/** Columns as wide as their longest cell; those of `right` are aligned to the right. */
export function columnLines(
  rows: readonly (readonly (string | number)[])[],
  gap = 2,
  right: readonly number[] = [],
): string[] {
  const cells = rows.map((row) => row.map(String))
  const widths = (cells[0] ?? []).map((_, at) => Math.max(...cells.map((row) => row[at]?.length ?? 0)))
  return cells.map((row) =>
    row
      .map((text, at) => (right.includes(at) ? text.padStart(widths[at] ?? 0) : text.padEnd(widths[at] ?? 0)))
      .join(' '.repeat(gap))
      .trimEnd(),
  )
}

/** A table of PowerShell: the names of the columns are underlined. */
export const underlinedLines = (
  header: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string[] => columnLines([header, header.map((name) => '-'.repeat(name.length)), ...rows], 1)

/** `Name : value` with the colons below each other, as Format-List writes it. */
export function listLines(fields: Readonly<Record<string, string | number>>, extra = 0): string[] {
  const width = Math.max(...Object.keys(fields).map(({ length }) => length)) + extra
  return Object.entries(fields).map(([name, value]) => `${name.padEnd(width)} : ${value}`)
}
