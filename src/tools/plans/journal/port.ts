import type { PlanEvent, PlanLine } from '../plan.ts'

/** The right to act on a plan, for a while. */
export interface Lease {
  /** Keeps it longer; false if it is lost. */
  readonly renew: () => boolean
  readonly release: () => void
}

/**
 * Where the journals of plans are kept (design 14 and 17): files now, a database later. Each method throws a SetupError
 * with the sentence for the operator if the place cannot be used; nothing is sent then.
 */
export interface PlanJournals {
  /** The ids of all plans, sorted. Empty if no plan was ever proposed. */
  readonly list: () => readonly string[]
  /**
   * The lines of a plan in their order; empty if there is none. Throws a JournalError for a damaged or foreign one,
   * which nobody may act on.
   */
  readonly read: (id: string) => readonly PlanLine[]
  /**
   * Writes the next line, durably, if the plan has exactly these lines so far; undefined if somebody else wrote a line
   * meanwhile: read on, fold again. Writing is the lock.
   */
  readonly append: (
    id: string,
    lines: readonly PlanLine[],
    event: PlanEvent,
    who: string,
  ) => PlanLine | undefined
  /** The right of one runner to act on a plan, for `ms`; undefined while another one has it. */
  readonly lease: (id: string, runner: string, ms: number) => Lease | undefined
  /** Calls back when a line was written by this process; returns how to end that. */
  readonly notify: (listener: (id: string) => void) => () => void
}
