import type { Piece } from './placed-edit.ts'
import type { Stretch } from './search.ts'

/** What a credential is recognized by besides its own letters. */
const herald = /(?:\b(?:bearer|basic) |:\\*\/\\*\/)$/i
const longestHerald = 20

/** The covered secrets of a script, each with the text that it is recognized by. */
const maskedStretches = (covered: string): Stretch[] =>
  [...covered.matchAll(/\uffff+/g)].map(({ index, 0: secret }) => {
    const before = herald.exec(covered.slice(Math.max(0, index - longestHerald), index))
    return { from: index - (before?.[0].length ?? 0), to: index + secret.length }
  })

/**
 * True if no piece changes what is directly beside a secret. Whether a secret would still be covered may depend on
 * its letters, so that the answer would tell something about them: this one does not.
 */
export const keepsAway = (covered: string, pieces: readonly Piece[]): boolean =>
  maskedStretches(covered).every(({ from, to }) =>
    pieces.every((piece) => piece.to < from || piece.from > to),
  )

/** True if each covered character of a text is covered in it by itself. */
export function staysCovered(covered: string, text: string, cover: (text: string) => string): boolean {
  const anew = cover(text)
  return [...covered.matchAll(/\uffff+/g)].every(
    ({ index, 0: secret }) => anew.slice(index, index + secret.length) === secret,
  )
}
