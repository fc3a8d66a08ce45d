import type { Environment } from '../../../src/config/settings.ts'
import { operations } from '../../../src/operations/index.ts'
import { callerOn, toolFor } from '../workflows/memory.ts'
import type { Row } from './lists.ts'
import { pageOf } from './pages.ts'
import type { NamedToolCaller } from './reply-reader.ts'

/** Lists of any rows, and callers of their tools, in memory. */
export interface RowsInMemory {
  /** Sets the rows of every list. */
  readonly put: (rows: readonly Row[]) => void
  /** The number of page requests since. */
  readonly pageRequests: () => number
  /** A caller with its own session. */
  readonly caller: (environment?: Environment) => NamedToolCaller
}

export function rowsInMemory(): RowsInMemory {
  let rows: readonly Row[] = []
  let asked = 0
  return {
    put: (all) => {
      rows = all
      asked = 0
    },
    pageRequests: () => asked,
    caller: (environment) => {
      const caller = callerOn((sent) => {
        asked++
        return pageOf(rows, sent)
      }, environment)
      return {
        call: (name, args, form) => {
          const operation = operations.find((one) => one.name === name)
          if (!operation) throw new Error(`there is no list ${name}`)
          return caller.call(toolFor(operation), args, form)
        },
      }
    },
  }
}
