import type { Safeguards } from '../tool.ts'
import { openPlanFiles } from './journal/plan-files.ts'
import type { PlanJournals } from './journal/port.ts'

const opened = new WeakMap<Safeguards, PlanJournals>()
let wrapped = (journals: PlanJournals): PlanJournals => journals

/** The journals of the plans of a server: files in its state folder. */
export function journalsOf(safeguards: Safeguards): PlanJournals {
  const known = opened.get(safeguards) ?? wrapped(openPlanFiles(safeguards.stateDir))
  opened.set(safeguards, known)
  return known
}

/** Lets a server use other journals, such as those of a test. */
export function setJournals(safeguards: Safeguards, journals: PlanJournals): void {
  opened.set(safeguards, journals)
}

/** Lets a program of a test do something before and after what is done with journals. */
export function wrapJournals(wrap: (journals: PlanJournals) => PlanJournals): void {
  wrapped = wrap
}
