import type { Settings } from '../../../config/settings.ts'
import { searchJobs } from '../../../operations/car/runs.ts'
import { getVersion } from '../../../operations/saq/version.ts'
import type { Session } from '../../../session/session.ts'
import { formatNumber } from '../../../shared/format.ts'
import { stopReason } from '../timing/stop-file.ts'
import { windowState } from '../timing/window.ts'
import { budgetsLeft, budgetsOf } from './budget.ts'

// What operators and assistants are told about limits over time.

/**
 * What is left of the budgets of each product, and what one caller has spent, if one is given. Throws a SetupError if
 * that cannot be read.
 */
export async function allBudgetsLeft(
  session: Session,
  products: ReadonlySet<string>,
  access: { readonly settings: Settings; readonly stateDir: string },
  caller?: string,
): Promise<string> {
  const left = async (product: keyof typeof budgetsOf): Promise<readonly string[]> => {
    if (!products.has(product)) return []
    const account = await session.identity(product === 'saq' ? getVersion : searchJobs)
    return budgetsLeft(budgetsOf[product], { ...access, account }, caller)
  }
  return [...(await left('car')), ...(await left('saq'))].join('; ')
}

/** The limits on time, besides the budgets. */
export function timeLimitFields({ maxScheduledRuns, window, stopFile }: Settings) {
  return {
    runsPerSchedule: `at most ${formatNumber(maxScheduledRuns)}`,
    ...(window && { window: windowState(window, Date.now()) }),
    ...(stopFile !== undefined && { stopFile: stopReason(stopFile) ? 'effects are stopped' : 'no stop' }),
  }
}
