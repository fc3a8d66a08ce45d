import type { CallTimes } from '../../approvals.ts'

/** The times of design 12. */
export const usualTimes: CallTimes = { waitMs: 35_000, sendMs: 45_000 }
