import type { LineStore } from '../../digest/lines/line-store.ts'
import type { ComparedKind, ComparedOutputs } from './compared-kinds.ts'
import type { MatchedHosts } from './match-hosts.ts'
import { type OutcomeChange, outcomeChanges } from './outcome-changes.ts'
import { type OutputChange, OutputChanges } from './output-changes.ts'

/** Two runs of one script, compared with each other. */
export interface Comparison {
  readonly matched: MatchedHosts
  readonly outcomes: readonly OutcomeChange[]
  readonly outputs: readonly OutputChange[]
  /** Kinds of output that no host had in run A. */
  readonly newKinds: readonly ComparedKind[]
  /** Kinds of output that no host has in run B. */
  readonly goneKinds: readonly ComparedKind[]
  /** Hosts in both runs whose outputs could not be compared, since there are too many kinds. */
  readonly uncompared: number
  /** Hosts in both runs of which Qualys does not show whether they have an output. */
  readonly unknownOutputs: number
  /** Hosts with long outputs whose compared parts are the same, and what lies between these is not. */
  readonly otherRest: number
}

/** Compares host by host, and kind by kind. `isWhole`: false while run B goes on, and may still print what is missing. */
export function comparisonOf(
  matched: MatchedHosts,
  outputs: ComparedOutputs,
  store: LineStore,
  isWhole: boolean,
): Comparison {
  const changes = new OutputChanges(outputs, store)
  for (const pair of matched.both) changes.add(pair)
  const { kinds } = outputs
  return {
    matched,
    outcomes: outcomeChanges(matched.both),
    outputs: changes.all,
    newKinds: kinds.filter(({ a, b }) => a.length === 0 && b.length > 0),
    goneKinds: isWhole ? kinds.filter(({ a, b }) => b.length === 0 && a.length > 0) : [],
    uncompared: changes.uncompared,
    unknownOutputs: changes.unknown,
    otherRest: changes.otherRest,
  }
}
