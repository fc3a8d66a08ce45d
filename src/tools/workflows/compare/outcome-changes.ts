import { isOpen } from '../run/outcomes.ts'
import type { Pair } from './match-hosts.ts'
import type { RunHost } from './run-results.ts'

/** Hosts with another outcome than before. */
export interface OutcomeChange {
  readonly from: string
  readonly to: string
  /** As they are in run B. */
  readonly hosts: readonly RunHost[]
}

/** How bad an outcome is: a host that becomes worse is named first. */
const badness: Readonly<Record<string, number>> = { succeeded: 0, open: 1, unknown: 2, failed: 3 }

const worsening = ({ from, to }: OutcomeChange): number => (badness[to] ?? 2) - (badness[from] ?? 2)

/** True for a host that is not done in one of the runs: that is no other outcome. */
export const isWaiting = ({ from, to }: OutcomeChange): boolean => isOpen(from) || isOpen(to)

/** The hosts with another outcome, those that became worse first. */
export function outcomeChanges(both: readonly Pair[]): OutcomeChange[] {
  const groups = new Map<string, { readonly from: string; readonly to: string; readonly hosts: RunHost[] }>()
  for (const { a, b } of both) {
    const [from, to] = [a.result.outcome, b.result.outcome]
    if (from === to) continue
    const key = `${from} ${to}`
    const group = groups.get(key) ?? { from, to, hosts: [] }
    groups.set(key, group)
    group.hosts.push(b)
  }
  return [...groups.values()].sort(
    (x, y) => worsening(y) - worsening(x) || y.hosts.length - x.hosts.length || (x.from < y.from ? -1 : 1),
  )
}
