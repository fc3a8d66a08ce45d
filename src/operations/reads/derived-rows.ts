type Row = Readonly<Record<string, unknown>>

/** All rows of a list that no single request brings, put together from other lists. */
export interface DerivedRows {
  readonly rows: readonly Row[]
  /** Whose rows they are, behind their noun: `of campaign 640002`. */
  readonly of: string
  /** The name of that object, as Qualys spells it; empty if no record shows it. */
  readonly name: string
  /** Where they come from, behind their number: `from its record`. */
  readonly from: string
  /** What they do not show, one sentence each. */
  readonly notes: readonly string[]
}

/** Why nobody can tell which rows there are, and what to do next. */
export interface Underived {
  readonly problem: string
  readonly next: string
}
