import { campaigns } from './campaigns.ts'
import type { SaqToolCases, ToolCases } from './case.ts'
import { groups } from './groups.ts'
import { guardrails } from './guardrails.ts'
import { runs } from './runs.ts'
import { schedules } from './schedules.ts'
import { scriptChanges } from './script-changes.ts'
import { scripts } from './scripts.ts'
import { templates } from './templates.ts'
import { users } from './users.ts'

/** Every effect of CAR with every form of its request. */
export const carRequests: ToolCases = { ...scripts, ...scriptChanges, ...runs, ...schedules, ...guardrails }

/** Every effect of SAQ, except those whose recipients are a company or a tag. */
export const saqRequests: SaqToolCases = { ...templates, ...users, ...campaigns }
export const groupRequests: SaqToolCases = groups

/** The forms of a tool's requests by name. */
export function namedForms<Of>(tools: Readonly<Record<string, Readonly<Record<string, Of>>>>) {
  return Object.entries(tools).flatMap(([tool, cases]) =>
    Object.entries(cases).map(([form, one]) => [tool, form, one] as const),
  )
}
