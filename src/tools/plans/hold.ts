import type { HoldReason, PlanEvent } from './plan.ts'

type HeldEvent = Extract<PlanEvent, { readonly kind: 'held' }>

/** What a reason comes with. */
type HoldDetails = Pick<HeldEvent, 'candidates' | 'outputs' | 'hosts'>

/** Why a plan cannot go on by itself: caught where the line `held` is written. */
export class PlanHold extends Error {
  readonly reason: HoldReason
  readonly details: HoldDetails

  /** `why`: what happened, and what to look at. */
  constructor(reason: HoldReason, why: string, details: HoldDetails = {}) {
    super(why)
    this.reason = reason
    this.details = details
  }

  /** The line of a journal. */
  eventFor(wave: number | undefined): HeldEvent {
    return {
      kind: 'held',
      reason: this.reason,
      why: this.message,
      ...(wave !== undefined && { wave }),
      ...this.details,
    }
  }
}
