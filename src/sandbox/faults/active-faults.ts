import { type Fault, faultKinds, type Stage } from './faults.ts'

/** An active fault, and how many times it has been applied, this time included. */
export interface AppliedFault extends Fault {
  nth: number
}

/**
 * Stages with at most one fault per request. A second fault is applied to the next request, so a list of them
 * is a sequence.
 */
const exclusiveStages: ReadonlySet<Stage> = new Set(['answer', 'wreck'])

export const stageOf = ({ kind }: Fault): Stage => faultKinds[kind].stage

/** Seconds by which these faults shift the clock. */
export const skewOf = (faults: readonly Fault[]): number =>
  faults.reduce((sum, { kind, seconds = -18_000 }) => (kind === 'clockSkew' ? sum + seconds : sum), 0)

export class ActiveFaults {
  #active: AppliedFault[] = []

  get active(): readonly Fault[] {
    return this.#active
  }

  set(faults: Fault[]): void {
    this.#active = faults.map((fault) => ({ ...fault, nth: 0 }))
  }

  /**
   * The faults for the next request of a route, in their order; counts them as applied. `move` faults are not
   * included: they apply to routes.
   */
  takeNext(route: string): AppliedFault[] {
    const usedStages = new Set<Stage>()
    const applied = this.#active.flatMap((fault) => {
      const stage = stageOf(fault)
      if (stage === 'place' || (fault.route !== '*' && fault.route !== route)) return []
      if (fault.skip !== undefined && fault.skip > 0) {
        fault.skip--
        return []
      }
      if (exclusiveStages.has(stage) && usedStages.has(stage)) return []
      usedStages.add(stage)
      if (fault.times !== undefined) fault.times--
      fault.nth++
      return [{ ...fault }]
    })
    this.#active = this.#active.filter(({ times }) => times === undefined || times > 0)
    return applied
  }
}
