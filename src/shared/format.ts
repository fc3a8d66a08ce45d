/** A number as people read it: `15,000`. */
export const formatNumber = (value: number): string => value.toLocaleString('en')

/** A count with its noun: `1 host`, `15,000 hosts`. */
export const counted = (count: number, noun: string): string =>
  `${formatNumber(count)} ${noun}${count === 1 ? '' : 's'}`

/** A text, several, or none: a condition that does not hold stands for none. */
type Texts = string | readonly string[] | false | undefined

/** The texts in their order, without those whose condition does not hold. */
export const texts = (...parts: readonly Texts[]): string[] =>
  parts.flatMap((part) => (part === undefined || part === false ? [] : part))

/** Rows as lines, with each column as wide as its widest cell. */
export function tableLines(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((cell, at) => Math.max(cell.length, widest[at] ?? 0)),
    [],
  )
  return rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}
