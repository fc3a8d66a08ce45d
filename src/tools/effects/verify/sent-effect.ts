import type { Input } from '../../../operations/operation.ts'
import type { Targets } from '../targets/targets.ts'

/** An effect as it was sent, and its targets as they were before. */
export interface SentEffect {
  /** The arguments as sent: ids replace a company or a tag. */
  readonly args: Input
  readonly targets: Targets
}
