import { type TimeWindow, timeWindows } from '../../config/limits/windows.ts'
import type { Settings } from '../../config/settings.ts'
import type { RolloutPlan } from './plan.ts'

/** The windows of a plan, beside those of the operator. */
export const windowsOf = ({ window }: Pick<RolloutPlan, 'window'>): readonly TimeWindow[] | undefined =>
  window === undefined ? undefined : timeWindows.parse(window)

/** The windows of the operator, as text. */
export const serverWindow = ({ window }: Settings): string | undefined => window?.join('; ')
