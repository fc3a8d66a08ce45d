import { type Account, client, firstManager } from '../data/accounts.ts'
import { anchor } from '../data/calendar.ts'
import { makeStore, type Store } from '../data/car/store.ts'
import { Random } from '../data/random.ts'
import { makeSaqStore, type SaqStore } from '../data/saq/store.ts'
import { Faults } from '../faults/active-faults.ts'
import { Agenda } from './event-queue.ts'
import { Journal } from './journal.ts'
import { defaultKnobs, type Knobs } from './knobs.ts'
import { Runs } from './runs.ts'
import { Tokens } from './tokens.ts'

/** Which routes are served: all, or only those that are not guessed. */
export type EvidenceMode = 'all' | 'documented'

/** Credentials of the first manager; other users have the passwords in accounts.ts. */
export interface Keys {
  password: string
  clientSecret: string
}

export const defaultKeys: Readonly<Keys> = {
  password: firstManager.password ?? '',
  clientSecret: client.clientSecret,
}

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
  readonly keys: Readonly<Keys>
  /** undefined: every password gives the same result. */
  passwordOf(account: Account): string | undefined
  /** Decides what the platform leaves open, such as the order of ties. */
  readonly chance: Random
  /**
   * The platform's clock. It starts at the anchor of the data, so that `now-7d` finds the same rows every
   * year.
   */
  now(): number
  /** Moves that clock forward. Tokens do not age with it, since clients check `exp` with their own clock. */
  advance(milliseconds: number): void
}

/** What a sandbox is made from; the same values give the same data. */
export interface WorldOptions {
  readonly seed?: number
  readonly jobs?: number
  readonly assets?: number
  readonly evidence?: EvidenceMode
  readonly keys?: Readonly<Keys>
}

/**
 * A new state. It takes over the logins of an earlier one, and its data if it is unchanged, since new data
 * would be equal.
 */
export function makeWorld(options: WorldOptions = {}, earlier?: World): World {
  const { seed = 1, jobs = 15_000, assets = 2_000, evidence = 'all', keys = defaultKeys } = options
  const startedAt = Date.now()
  let advanced = 0
  const now = () => anchor + Date.now() - startedAt + advanced
  const store = earlier && !earlier.store.isChanged ? earlier.store : makeStore(seed, jobs, assets)
  const saq = earlier && !earlier.saq.isChanged ? earlier.saq : makeSaqStore(seed)
  const knobs = { ...defaultKnobs }
  const agenda = new Agenda()
  return {
    seed,
    store,
    saq,
    knobs,
    tokens: earlier?.tokens ?? new Tokens(),
    faults: new Faults(),
    journal: new Journal(),
    agenda,
    runs: new Runs({ seed, store, knobs, agenda, now }),
    evidence,
    keys,
    passwordOf: (account) => (account === firstManager ? keys.password : account.password),
    chance: new Random(seed, 'chance'),
    now,
    advance: (milliseconds) => {
      advanced += milliseconds
    },
  }
}
