import { SeededRandom } from '../fuzz/seeded-random.ts'

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let sum = 0x811c9dc5
  for (const byte of Buffer.from(text)) sum = Math.imul(sum ^ byte, 0x01000193) >>> 0
  return sum
}

/** The seed of one name below a seed: other names do not change it. */
export const seedOf = (seed: number, name: string): number => hash(`${seed} ${name}`)

/** A generator for a seed and a name: other names do not change what it yields. */
export function drawFor(seed: number, name: string): SeededRandom {
  return new SeededRandom(seedOf(seed, name))
}

/** A seed for a run that names none. */
export const freshSeed = (): number => Math.floor(Math.random() * 1_000_000)
