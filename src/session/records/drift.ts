import type { Deviations, LeftOut } from '../answer.ts'

/** What of some rows is not as documented: fields, each with its operation, and what is left out of the rows. */
export class Drift extends Set<string> {
  #leftOut: LeftOut | undefined

  leaveOut({ fields, values, isTooDeep }: LeftOut): void {
    const before = this.#leftOut ?? { fields: 0, values: 0, isTooDeep: false }
    this.#leftOut = {
      fields: before.fields + fields,
      values: before.values + values,
      isTooDeep: before.isTooDeep || isTooDeep,
    }
  }

  deviations(): Deviations {
    return { drift: [...this], ...(this.#leftOut && { leftOut: this.#leftOut }) }
  }
}
