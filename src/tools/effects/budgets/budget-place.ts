import { join } from 'node:path'
import type { Settings } from '../../../config/settings.ts'
import { budgetFileName, limitsOf } from './budget-limits.ts'

// What the start tells of the budgets: it loads nothing that only effects need.

/** The file of the budgets, if any budget is set. */
export const budgetPath = (settings: Settings, stateDir: string): string | undefined =>
  limitsOf(settings).size > 0 ? join(stateDir, budgetFileName) : undefined

/** Where the budgets are counted, for `doctor` and the start. */
export const budgetPlace = (path: string): string =>
  `counted in ${path}, for this account and this state folder; deleting the file resets them`
