/** A number as people read it: `15,000`. */
export const formatNumber = (value: number): string => value.toLocaleString('en')

/** A count with its noun: `1 host`, `15,000 hosts`. */
export const counted = (count: number, noun: string): string =>
  `${formatNumber(count)} ${noun}${count === 1 ? '' : 's'}`
