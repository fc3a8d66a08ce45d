import { type PlansResult, runPlans } from '../command-line/plans-command.ts'
import { environmentFor } from '../environment.ts'
import { unattended } from './rollout-server.ts'
import { test } from './rollout-test.ts'

/** `plans` on the state folder of a test. */
interface Command {
  /** Runs `plans` without an account. */
  readonly read: (...words: readonly string[]) => Promise<PlansResult>
  /** Runs `plans` with the account of the server, which asks nobody. */
  readonly act: (...words: readonly string[]) => Promise<PlansResult>
  /** The same in mode confirm, at a terminal in which a person types this. */
  readonly confirm: (typed: string, ...words: readonly string[]) => Promise<PlansResult>
}

/** A `test` of rollouts with `plans` of the command line. */
export const plansTest = test.extend<{ readonly plans: Command }>({
  plans: async ({ sandbox, folder }, use) => {
    const QUALYS_STATE_DIR = folder
    const environment = environmentFor(sandbox, { ...unattended, QUALYS_STATE_DIR })
    await use({
      read: (...words) => runPlans({ QUALYS_STATE_DIR }, words),
      act: (...words) => runPlans(environment, words),
      confirm: (typed, ...words) => runPlans({ ...environment, QUALYS_MODE: 'confirm' }, words, { typed }),
    })
  },
})

/** How `plans` ends if all is well; what it prints comes with it. */
export const well = { exitCode: 0, warned: [], log: [] } as const
