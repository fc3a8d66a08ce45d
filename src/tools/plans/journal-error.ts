import { SetupError } from '../../shared/errors.ts'

/** The journal of a plan cannot be what this program wrote: nothing acts on the plan. */
export class JournalError extends SetupError {}

/** The error for the journal of a plan. `what`: what is wrong, as one clause; `folder`: where to look. */
export function journalError(id: string, what: string, folder?: string): JournalError {
  const place = folder ?? `plans/${id} in the state folder (QUALYS_STATE_DIR)`
  return new JournalError(
    `The journal of plan ${id} is damaged: ${what}. Nothing acts on this plan.`,
    `Ask the operator to look at ${place}: restore it from a copy, or move it away and propose the plan again.`,
  )
}
