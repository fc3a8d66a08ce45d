import { readFileSync, writeFileSync } from 'node:fs'

/** What a part of the bench measured: lines to read, and ratios by name. */
export interface Measured {
  readonly lines: readonly string[]
  readonly ratios: Readonly<Record<string, number>>
}

type Ratios = Readonly<Record<string, number>>

const file = new URL('ratios.json', import.meta.url)

/** Tolerance over the stored ratio, since these machines are noisy. */
const tolerance = 1.25

/** The ratios stored with --store. */
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

/** One line for each ratio that exceeds its stored one by more than the tolerance, or has none. */
export function worseRatios(measured: Ratios, stored: Ratios): string[] {
  return Object.entries(measured).flatMap(([name, ratio]) => {
    const before = stored[name]
    if (before === undefined) return [`${name}: no ratio is stored: run npm run bench -- --store`]
    if (ratio <= before * tolerance) return []
    return [
      `${name}: ${ratio.toFixed(2)}, and ${before.toFixed(2)} is stored (${tolerance} times as much is allowed)`,
    ]
  })
}
