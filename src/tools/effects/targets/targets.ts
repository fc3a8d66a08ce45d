import type { CarTargets } from './car-targets.ts'
import type { SaqTargets } from './saq-targets.ts'

/** The targets of an effect, looked up. */
export type Targets = CarTargets | SaqTargets
