/** A value, and the hosts that have it. */
export interface ValueHosts {
  readonly value: string
  readonly count: number
  /** The names of some of them; of those that lack it, if `isMissing`. */
  readonly hosts: readonly string[]
  /** True for a value that most hosts have among others: `count` and `hosts` are those without it. */
  readonly isMissing?: true
}

/** A place at which hosts with one kind of output have different results. */
export interface ResultPlace {
  /** What stands before it: `KB installed`. */
  readonly place: string
  /** For a place that has its name in common with another one. */
  readonly fullPlace?: string
  /** What stands between the two on the line, if that can be read: `: `. */
  readonly separator: string
  /** The rarest first. */
  readonly values: readonly ValueHosts[]
  /** How many values are not among them, and how many hosts have those. */
  readonly moreValues: number
  readonly moreHosts: number
}

/** A place at which nearly every host has a value of its own. */
export interface VaryingPlace {
  readonly place: string
  readonly fullPlace?: string
  /** How many values there are. */
  readonly values: number
  /** The smallest and the largest, if all are numbers. */
  readonly least?: string
  readonly most?: string
}

/** A line that some hosts of a kind printed, or that some did not. */
export interface PartialLine {
  readonly line: string
  readonly count: number
  readonly hosts: readonly string[]
  /** True if `count` and `hosts` are those that did not print it. */
  readonly isMissing?: true
}
