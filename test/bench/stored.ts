import { readFileSync, writeFileSync } from 'node:fs'
import { type Figure, shown, type Unit } from './table.ts'

type Stored = Readonly<Record<string, number>>

const file = new URL('stored.json', import.meta.url)

/**
 * How much worse than the stored figure is allowed, since machines are noisy: a factor, and what is added to it. The
 * factor alone would allow nothing for a difference that is near 0.
 */
const room: Readonly<Record<Unit, { readonly factor: number; readonly added: number }>> = {
  x: { factor: 1.25, added: 0 },
  ms: { factor: 2, added: 0.5 },
  MB: { factor: 1.25, added: 15 },
  tokens: { factor: 1.25, added: 0 },
  '': { factor: 1.25, added: 0 },
}

/** The figures stored with --store. */
export function storedFigures(): Stored {
  return JSON.parse(readFileSync(file, 'utf8')) as Stored
}

/** Stores these figures beside those of the parts that were not run. */
export function storeFigures(figures: readonly Figure[]): void {
  const rounded = figures.map(({ name, figure }) => [name, Number(figure.toFixed(2))])
  writeFileSync(
    file,
    `${JSON.stringify({ ...storedFigures(), ...Object.fromEntries(rounded) }, undefined, 2)}\n`,
  )
}

/**
 * One line for each figure that exceeds its stored one by more than the room, or has none. Within half of its goal a
 * figure is good enough.
 */
export function worseFigures(figures: readonly Figure[], stored: Stored): string[] {
  return figures.flatMap(({ name, figure, unit, goal }) => {
    const before = stored[name]
    if (before === undefined) return [`${name}: no figure is stored: run npm run bench -- --store`]
    const { factor, added } = room[unit]
    const allowed = Math.max(before, 0) * factor + added
    if (figure <= allowed || (goal !== undefined && figure <= goal / 2)) return []
    return [
      `${name}: ${shown(figure, unit)}, and ${shown(before, unit)} is stored (${shown(allowed, unit)} is allowed)`,
    ]
  })
}
