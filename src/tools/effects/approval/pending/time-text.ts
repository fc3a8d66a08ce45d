import { counted } from '../../../../shared/format.ts'
import type { ApprovalRecord } from '../../../approvals.ts'

/** A time as sentences name it, in UTC and to the second: `2026-11-29T20:05:00Z`. */
export const timeText = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`

/** How long a record is still good, in whole minutes: `ten minutes`, `3 minutes`. */
export function timeLeftText({ until }: Pick<ApprovalRecord, 'until'>, now = Date.now()): string {
  const left = Math.max(1, Math.round((Date.parse(until) - now) / 60_000))
  return left === 10 ? 'ten minutes' : counted(left, 'minute')
}
