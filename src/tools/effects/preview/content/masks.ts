import type { Line } from './lines.ts'

/** More lines are not told of one by one. */
const maxLines = 3

/** A variable alone is no command: `https://$USER:${TOKEN}@host`. */
const variables = /\$(?:\w+|\{\w+\})/g
/** Signs by which a shell runs what is between them. */
const running = /[$`;|&()]/

/** True if a masked part of a line may be more than a secret: a mask must not hide a command. */
function hidesCommand({ text, covered }: Line): boolean {
  return [...covered.matchAll(/\uffff+/g)].some(({ 0: run, index }) =>
    running.test(text.slice(index, index + run.length).replace(variables, '')),
  )
}

/** What a person must know about the masks in new content, one sentence each. */
export const maskWarnings = (lines: readonly Line[]): string[] =>
  lines
    .filter(hidesCommand)
    .slice(0, maxLines)
    .map(
      ({ number }) =>
        `Line ${number} holds signs that a shell runs where the preview masks a secret: look at the script itself.`,
    )
