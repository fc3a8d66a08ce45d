import { rowsInMemory } from '../../support/replies/memory.ts'
import type { Source } from '../../support/replies/walks.ts'

/** Lists in memory. */
export function sourceInMemory(): Source {
  const { caller, ...rows } = rowsInMemory()
  return { ...rows, with: (environment, act) => act(caller(environment)) }
}
