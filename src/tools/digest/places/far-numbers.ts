import { numberIn, yearIn } from './value-class.ts'

const magnitudeOf = (value: string): number | undefined => numberIn(value) ?? yearIn(value)

/** Fewer numbers have no middle to be far from. */
const minNumbers = 5

/** How much wider than all other numbers together a gap must be. */
const wideGap = 5

/** Tells the numbers that lie far from all others: 0 and less where the others are more, or beyond a wide gap. */
export function farNumbers(values: readonly string[]): (value: string) => boolean {
  const numbers = values.flatMap((value) => magnitudeOf(value) ?? []).sort((a, b) => a - b)
  if (numbers.length < minNumbers) return () => false
  const [least = 0, second = 0] = numbers
  const [most = 0, nextMost = 0] = numbers.toReversed()
  const isLeastFar =
    least <= 0 ? second >= 1 : second >= 50 * least || second - least > wideGap * (most - second)
  const isMostFar = most - nextMost > wideGap * (nextMost - least)
  return (value) => {
    const number = magnitudeOf(value)
    return (number === least && isLeastFar) || (number === most && isMostFar)
  }
}
