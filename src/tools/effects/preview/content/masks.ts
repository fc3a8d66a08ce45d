import type { Input } from '../../../../operations/operation.ts'
import type { Redact } from '../../../../shared/secrets.ts'
import { textsIn } from '../../policy/argument-texts.ts'
import type { Line } from './lines.ts'

// A mask must not hide what a person approves: what has the form of a secret may be code.

/** More places are not told of one by one. */
const maxPlaces = 3

/** A variable alone is no command: `https://$USER:${TOKEN}@host`. */
const variables = /\$(?:\w+|\{\w+\})/g
/** Signs by which a shell runs what is between them. */
const running = /[$`;|&()]/
/** A path, perhaps behind a word that may be a function: `Bearer /sbin/halt1`. */
const path = /^(?:(?:bearer|basic) )?[.~]{0,2}\//i
/** A host or a file may have the form of a JWT. A real one in new content is refused. */
const dotted = /^(?:bearer )?eyJ[\w-]*\./i

/** True if a masked part of a text may be more than a secret. */
const hidesCode = (text: string, covered: string): boolean =>
  text !== covered &&
  [...covered.matchAll(/\uffff+/g)].some(({ 0: run, index }) => {
    const secret = text.slice(index, index + run.length)
    return running.test(secret.replace(variables, '')) || path.test(secret) || dotted.test(secret)
  })

const sentenceOf = (place: string): string =>
  `${place} may hold more than a secret where the preview masks one: approve it only if you have read it elsewhere.`

/**
 * What a person must know about the masks in a script, one sentence each. A line that is stored already is not new.
 * `where`: follows the number of the line.
 */
export function maskWarnings(lines: readonly Line[], stored: readonly Line[] = [], where = ''): string[] {
  const known = new Set(stored.map(({ text }) => text))
  return lines
    .filter(({ text, covered }) => hidesCode(text, covered) && !known.has(text))
    .slice(0, maxPlaces)
    .map(({ number }) => sentenceOf(`Line ${number}${where}`))
}

/** The same for all other arguments: hosts get parameters on a command line. */
export const argumentMaskWarnings = ({ content: _, ...args }: Input, cover: Redact): string[] =>
  textsIn(args)
    .filter(({ text }) => hidesCode(text, cover(text)))
    .slice(0, maxPlaces)
    .map(({ path: place }) => sentenceOf(`The text of ${place.join('.')}`))
