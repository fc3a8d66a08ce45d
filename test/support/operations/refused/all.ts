import { campaigns } from './campaigns.ts'
import { guardrails } from './guardrails.ts'
import { numberIds } from './ids.ts'
import { imports } from './library.ts'
import type { RefusedCalls } from './refused-call.ts'
import { runs } from './runs.ts'
import { schedules } from './schedules.ts'
import { scripts } from './scripts.ts'
import { templates } from './templates.ts'
import { users } from './users.ts'

/** Calls that are refused before anything is changed, by topic. */
export const refusedCalls: Readonly<Record<string, RefusedCalls>> = {
  scripts,
  imports,
  runs,
  schedules,
  guardrails,
  numberIds,
  campaigns,
  templates,
  users,
}
