import { readFileSync, writeFileSync } from 'node:fs'

/** What a part of the bench measured: lines to read, and ratios by name. */
export interface Measured {
  readonly lines: readonly string[]
  readonly ratios: Readonly<Record<string, number>>
}

type Ratios = Readonly<Record<string, number>>

const file = new URL('ratios.json', import.meta.url)

/** How much more than its stored ratio a part may cost: these machines are noisy. */
const allowance = 1.25

/** The ratios of the last run that somebody stored. */
export function storedRatios(): Ratios {
  return JSON.parse(readFileSync(file, 'utf8')) as Ratios
}

/** Stores these ratios beside those of the parts that were not run. */
export function storeRatios(measured: Ratios): void {
  const rounded = Object.entries(measured).map(([name, ratio]) => [name, Number(ratio.toFixed(2))])
  writeFileSync(
    file,
    `${JSON.stringify({ ...storedRatios(), ...Object.fromEntries(rounded) }, undefined, 2)}\n`,
  )
}

/** One line for each ratio that is worse than its stored one by more than the allowance, or has none. */
export function worse(measured: Ratios, stored: Ratios): string[] {
  return Object.entries(measured).flatMap(([name, ratio]) => {
    const before = stored[name]
    if (before === undefined) return [`${name}: no ratio is stored: run npm run bench -- --store`]
    if (ratio <= before * allowance) return []
    return [
      `${name}: ${ratio.toFixed(2)}, and ${before.toFixed(2)} is stored (${allowance} times as much is allowed)`,
    ]
  })
}
