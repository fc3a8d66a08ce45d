import type { Operation } from '../../../src/operations/operation.ts'
import type { Lists } from '../../../src/operations/reads/lists.ts'

const none = (what: string) => (): never => {
  throw new Error(`there is no ${what} here`)
}

/** Lists of which none can be read. A test replaces what it needs. */
export const noLists: Lists<Operation> = {
  find: none('list'),
  walk: none('list'),
  whole: none('list'),
  recent: () => [],
  countHosts: none('host'),
  read: none('record'),
  attempt: (reading) => reading(),
  outcomeOf: async (reading) => ({ value: await reading() }),
  json: none('file'),
  readable: async (text) => ({ text, isMasked: false }),
  refuse: (message) => {
    throw new Error(message)
  },
  say: () => undefined,
  now: 0,
}
