import type { Settings } from '../../../config/settings.ts'
import { searchJobs } from '../../../operations/car/runs.ts'
import { getVersion } from '../../../operations/saq/version.ts'
import type { Session } from '../../../session/session.ts'
import { formatNumber } from '../../../shared/format.ts'
import { stopReason } from '../timing/stop-file.ts'
import { windowState } from '../timing/window.ts'
import { budgetsLeft } from './budget.ts'

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
  const ofMails = (text: string): boolean => / mails of /.test(text)
  const left = async (isSaq: boolean): Promise<readonly string[]> => {
    if (!products.has(isSaq ? 'saq' : 'car')) return []
    const account = await session.identity(isSaq ? getVersion : searchJobs)
    return budgetsLeft({ ...access, account }, caller).filter((text) => ofMails(text) === isSaq)
  }
  return [...(await left(false)), ...(await left(true))].join('; ')
}

/** The limits on time, besides the budgets. */
export function timeLimitFields({ maxScheduledRuns, window, stopFile }: Settings) {
  return {
    runsPerSchedule: `at most ${formatNumber(maxScheduledRuns)}`,
    ...(window && { window: windowState(window, Date.now()) }),
    ...(stopFile !== undefined && { stopFile: stopReason(stopFile) ? 'effects are stopped' : 'no stop' }),
  }
}
