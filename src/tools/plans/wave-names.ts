import { quoted } from '../../operations/sentences.ts'
import { comparableName } from '../../shared/safe-text.ts'
import type { RolloutPlan } from './plan.ts'

// How a wave is called. An assistant chooses the name, so that a sentence of ours shows more than one word in quotes.

/** The name of a wave that was given none. `index`: 0 for the first one. */
export const defaultName = (index: number): string => `wave ${index + 1}`

const oneWord = /^[\p{L}\p{N}][\p{L}\p{N}_-]{0,23}$/u

/** True if the wave was given a name. */
export const hasName = (index: number, name: string): boolean => comparableName(name) !== defaultName(index)

/**
 * `wave 2 (canary)`, `wave 2 ("EU hosts")`, or `wave 2` if it has no name of its own; with `total`, the number of all
 * waves, `wave 2 of 3 (canary)`.
 */
export function waveText(index: number, name: string, total?: number): string {
  const number = total === undefined ? defaultName(index) : `${defaultName(index)} of ${total}`
  return hasName(index, name) ? `${number} (${oneWord.test(name) ? name : quoted(name)})` : number
}

/** `wave 2 of 3 (canary)`. */
export const waveInWords = ({ waves }: Pick<RolloutPlan, 'waves'>, index: number): string =>
  waveText(index, waves[index]?.name ?? '', waves.length)

/** A text at the beginning of a sentence. */
export const capitalized = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`
