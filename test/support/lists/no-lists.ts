import type { Operation } from '../../../src/operations/operation.ts'
import type { Reads } from '../../../src/operations/reads/local-filter.ts'

const none = (what: string) => (): never => {
  throw new Error(`there is no ${what} here`)
}

/** Lists of which none can be read. A test replaces what it needs. */
export const noLists: Reads<Operation> = {
  find: none('list'),
  walk: none('list'),
  first: none('list'),
  whole: none('list'),
  recent: () => [],
  countHosts: none('host'),
  read: none('record'),
  attempt: (reading) => reading(),
  json: none('file'),
  readable: async (text) => ({ text, isMasked: false }),
  say: () => undefined,
  now: 0,
}
