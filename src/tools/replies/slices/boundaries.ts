import { mask } from '../../../shared/secrets.ts'

/** What makes a credential of the text behind it, unless it ends a longer word (`NoBearer `). */
const scheme = /^(?:bearer|basic) /i

const isWithinWord = (text: string, at: number): boolean => /\w/.test(text[at - 1] ?? '')

/**
 * The nearest position at or before `at` that splits neither a surrogate pair nor a mask. It also keeps the letter
 * before a scheme: without it, what is shown in the whole line would be masked in a slice.
 */
export function characterBoundary(text: string, at: number): number {
  const start = Math.max(0, at - mask.length + 1)
  const inMask = text.slice(start, at + mask.length - 1).indexOf(mask)
  if (inMask >= 0) return start + inMask
  if (isWithinWord(text, at) && scheme.test(text.slice(at, at + 7))) return at - 1
  return /[\uDC00-\uDFFF]/.test(text[at] ?? '') && /[\uD800-\uDBFF]/.test(text[at - 1] ?? '') ? at - 1 : at
}

/**
 * Where a slice from `start` ends that has at most `max` characters. A surrogate pair or a mask at its start is
 * whole, even if it has more.
 */
export function sliceEnd(text: string, start: number, max: number): number {
  const end = characterBoundary(text, start + max)
  if (end > start) return end
  return start + (text.startsWith(mask, start) ? mask.length : 2)
}

/** The note of a slice that does not reach the end. */
export const nextSliceNote = (args: string): string => `The next slice: the same arguments with ${args}.`

/** The largest number from 0 to `max` that fits. What fits for a number fits for each smaller one. */
export function largestFitting(max: number, fits: (size: number) => boolean): number {
  let [low, high] = [0, max]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (fits(middle)) low = middle
    else high = middle - 1
  }
  return low
}
