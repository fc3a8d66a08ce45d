import type { HostResult } from './host-result.ts'
import type { PartialLine, ResultPlace, VaryingPlace } from './places/findings.ts'

/** Hosts with one kind of output, and what differs between them. */
export interface Kind {
  readonly outcome: string
  readonly code?: string | number
  readonly text?: string
  /** The number of hosts. */
  readonly count: number
  /** The names of some hosts; the first is that of the sample. */
  readonly hosts: readonly string[]
  /** The result of one of them; its output is clipped. */
  readonly sample: HostResult
  /** Number of characters of the sample's output before clipping. */
  readonly characters: number
  readonly results: readonly ResultPlace[]
  readonly varying: readonly VaryingPlace[]
  readonly lines: readonly PartialLine[]
  /** How many further lines only some of the hosts have. */
  readonly moreLines: number
}
