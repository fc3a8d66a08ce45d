import type { Settings } from '../../../config/settings.ts'
import { dayMs } from '../../../shared/clock.ts'

/** What a budget counts. */
export const spent = ['hosts', 'runs', 'mails'] as const
export type Spent = (typeof spent)[number]

/** The name of the file that counts them. */
export const budgetFileName = 'budget.jsonl'

/** The most that may be spent within a time that rolls on. */
export interface Limit {
  readonly max: number
  readonly windowMs: number
}

/** The setting of each budget, and the time that rolls on. */
export const budgets = {
  hosts: { setting: 'QUALYS_MAX_HOSTS_PER_DAY', name: 'maxHostsPerDay', noun: 'host', windowMs: dayMs },
  runs: { setting: 'QUALYS_MAX_RUNS_PER_HOUR', name: 'maxRunsPerHour', noun: 'run', windowMs: dayMs / 24 },
  mails: { setting: 'QUALYS_MAX_MAILS_PER_DAY', name: 'maxMailsPerDay', noun: 'mail', windowMs: dayMs },
} as const

/** The budgets that the operator has set. */
export const limitsOf = (settings: Settings): ReadonlyMap<Spent, Limit> =>
  new Map(
    spent.flatMap((what) => {
      const { name, windowMs } = budgets[what]
      const max = settings[name]
      return max === undefined ? [] : [[what, { max, windowMs }] as const]
    }),
  )
