import { Agenda } from './agenda.ts'
import { anchor } from './data/calendar.ts'
import { makeSaqStore, type SaqStore } from './data/saq/store.ts'
import { makeStore, type Store } from './data/store.ts'
import { Journal } from './journal.ts'
import { defaultKnobs, type Knobs } from './knobs.ts'
import { Random } from './random.ts'
import { Runs } from './runs.ts'
import { Faults } from './strikes.ts'
import { Tokens } from './tokens.ts'

/** Which routes are served: everything, or nothing that is guessed. */
export type EvidenceMode = 'all' | 'documented'

/** The state of one sandbox. */
export interface World {
  readonly seed: number
  readonly store: Store
  readonly saq: SaqStore
  readonly knobs: Knobs
  readonly tokens: Tokens
  readonly faults: Faults
  readonly journal: Journal
  readonly agenda: Agenda
  readonly runs: Runs
  readonly evidence: EvidenceMode
  /** Decides what the platform leaves open, such as the order of ties. */
  readonly chance: Random
  /** The platform's clock: it starts at the anchor of the data, so that `now-7d` finds the same rows every year. */
  now(): number
  /** Moves that clock forward. Tokens do not age with it: clients read their `exp` by a clock of their own. */
  advance(milliseconds: number): void
}

export function makeWorld(seed: number, jobs: number, evidence: EvidenceMode, assets = 2_000): World {
  const startedAt = Date.now()
  let advanced = 0
  const now = () => anchor + Date.now() - startedAt + advanced
  const store = makeStore(seed, jobs, assets)
  const saq = makeSaqStore(seed)
  const knobs = { ...defaultKnobs }
  const agenda = new Agenda()
  return {
    seed,
    store,
    get saq() {
      return saq()
    },
    knobs,
    tokens: new Tokens(),
    faults: new Faults(),
    journal: new Journal(),
    agenda,
    runs: new Runs({ seed, store, knobs, agenda, now }),
    evidence,
    chance: new Random(seed, 'chance'),
    now,
    advance: (milliseconds) => {
      advanced += milliseconds
    },
  }
}
