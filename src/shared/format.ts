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
