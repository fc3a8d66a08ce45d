import { type Account, client, firstManager } from '../data/accounts.ts'
import { anchor } from '../data/calendar.ts'
import { type CarStore, makeCarStore } from '../data/car/store.ts'
import { Random } from '../data/random.ts'
import type { CampaignPlan } from '../data/saq/campaign-plans.ts'
import { makeSaqStore, type SaqStore } from '../data/saq/store.ts'
import { ActiveFaults } from '../faults/active-faults.ts'
import { AccessTokens } from './access-tokens.ts'
import { EventQueue } from './event-queue.ts'
import { Journal } from './journal.ts'
import { defaultKnobs, type Knobs } from './knobs.ts'
import { Runs } from './runs.ts'

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
  readonly store: CarStore
  readonly saq: SaqStore
  readonly knobs: Knobs
  readonly tokens: AccessTokens
  readonly faults: ActiveFaults
  readonly journal: Journal
  readonly eventQueue: EventQueue
  readonly runs: Runs
  readonly evidence: EvidenceMode
  readonly keys: Readonly<Keys>
  /** undefined: no password is correct. */
  passwordOf(account: Account): string | undefined
  /** Makes the choices that Qualys does not define, such as the order of ties. */
  readonly random: Random
  /**
   * The platform's clock. It starts at the anchor of the data, so that `now-7d` finds the same rows every
   * year.
   */
  now(): number
  /** Moves that clock forward. Tokens do not age with it, since clients check `exp` with their own clock. */
  advance(milliseconds: number): void
}

export interface WorldOptions {
  /**
   * Number of jobs; default 15,000, at least 81: those of the vendor's getting-started page, and the newest
   * one.
   */
  jobs?: number
  /** Number of assets; default 2,000. Another number also changes schedules and asset jobs. */
  assets?: number
  /** Campaigns behind the usual ones, such as one with thousands of recipients; default none. */
  moreCampaigns?: readonly CampaignPlan[]
  /** Default 1. The same seed gives the same data. */
  seed?: number
  /** `documented`: routes without a documented path are not served. Default `all`. */
  evidence?: EvidenceMode
  /** Another password or client secret, so that a test can recognize it. */
  keys?: Partial<Keys>
}

/**
 * A new state. It takes over the tokens of the previous world, and its data if it is unchanged, since new data
 * would be equal.
 */
export function makeWorld(options: WorldOptions = {}, previous?: World): World {
  const { seed = 1, jobs = 15_000, assets = 2_000, moreCampaigns, evidence = 'all' } = options
  const keys: Keys = { ...defaultKeys, ...options.keys }
  const startedAt = Date.now()
  let advanced = 0
  const now = () => anchor + Date.now() - startedAt + advanced
  const store = previous && !previous.store.isChanged ? previous.store : makeCarStore(seed, jobs, assets)
  const saq = previous && !previous.saq.isChanged ? previous.saq : makeSaqStore(seed, moreCampaigns)
  const knobs = { ...defaultKnobs }
  const eventQueue = new EventQueue()
  return {
    seed,
    store,
    saq,
    knobs,
    tokens: previous?.tokens ?? new AccessTokens(),
    faults: new ActiveFaults(),
    journal: new Journal(),
    eventQueue,
    runs: new Runs({ seed, store, knobs, eventQueue, now }),
    evidence,
    keys,
    passwordOf: (account) => (account === firstManager ? keys.password : account.password),
    random: new Random(seed, 'chance'),
    now,
    advance: (milliseconds) => {
      advanced += milliseconds
    },
  }
}
