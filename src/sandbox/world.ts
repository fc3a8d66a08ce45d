import { anchor } from './data/calendar.ts'
import { makeStore, type Store } from './data/store.ts'
import { Faults } from './faults.ts'
import { Journal } from './journal.ts'
import { defaultKnobs, type Knobs } from './knobs.ts'
import { Random } from './random.ts'
import { Tokens } from './tokens.ts'

/** Which routes are served: everything, or nothing that is guessed. */
export type EvidenceMode = 'all' | 'documented'

/** The state of one sandbox. */
export interface World {
  readonly store: Store
  readonly knobs: Knobs
  readonly tokens: Tokens
  readonly faults: Faults
  readonly journal: Journal
  readonly evidence: EvidenceMode
  /** Decides what the platform leaves open, such as the order of ties. */
  readonly chance: Random
  /** The platform's clock: it starts at the anchor of the data, so that `now-7d` finds the same rows every year. */
  now(): number
}

export function makeWorld(seed: number, jobs: number, evidence: EvidenceMode): World {
  const startedAt = Date.now()
  return {
    store: makeStore(seed, jobs),
    knobs: { ...defaultKnobs },
    tokens: new Tokens(),
    faults: new Faults(),
    journal: new Journal(),
    evidence,
    chance: new Random(seed, 'chance'),
    now: () => anchor + Date.now() - startedAt,
  }
}
