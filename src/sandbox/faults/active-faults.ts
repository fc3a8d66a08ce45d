import { type Fault, faultKinds, type Stage } from './faults.ts'

/** An active fault, and how many times it has been applied, this time included. */
export interface Struck extends Fault {
  nth: number
}

/** Stages with at most one fault per request: a second one waits, so that a list of them is a sequence. */
const single: ReadonlySet<Stage> = new Set(['answer', 'wreck'])

export const stageOf = ({ kind }: Fault): Stage => faultKinds[kind].stage

/** Seconds by which these faults shift the clock. */
export const skewOf = (faults: readonly Fault[]): number =>
  faults.reduce((sum, { kind, seconds = -18_000 }) => (kind === 'clockSkew' ? sum + seconds : sum), 0)

/** The active faults. */
export class Faults {
  #active: Struck[] = []

  get active(): readonly Fault[] {
    return this.#active
  }

  set(faults: Fault[]): void {
    this.#active = faults.map((fault) => ({ ...fault, nth: 0 }))
  }

  /**
   * The faults for this request, in their order; counts them. `move` faults are not included: they apply to
   * routes.
   */
  strike(route: string): Struck[] {
    const taken = new Set<Stage>()
    const struck = this.#active.flatMap((fault) => {
      const stage = stageOf(fault)
      if (stage === 'place' || (fault.route !== '*' && fault.route !== route)) return []
      if (fault.skip !== undefined && fault.skip > 0) {
        fault.skip--
        return []
      }
      if (single.has(stage) && taken.has(stage)) return []
      taken.add(stage)
      if (fault.times !== undefined) fault.times--
      fault.nth++
      return [{ ...fault }]
    })
    this.#active = this.#active.filter(({ times }) => times === undefined || times > 0)
    return struck
  }
}
