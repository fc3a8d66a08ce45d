/** What was counted so far. */
export interface Tally {
  calls: number
  ok: number
  cancelled: number
  readonly errors: Map<string, number>
  readonly wrong: string[]
}

/** Nothing was counted yet. */
export const newTally = (): Tally => ({ calls: 0, ok: 0, cancelled: 0, errors: new Map(), wrong: [] })
