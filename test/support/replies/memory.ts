import type { Environment } from '../../../src/config/settings.ts'
import { operations } from '../../../src/operations/index.ts'
import { callerOn, toolFor } from '../workflows/memory.ts'
import type { Row } from './lists.ts'
import { pageOf } from './pages.ts'
import type { Asking } from './reading.ts'

/** Lists of any rows, and callers of their tools, in memory. */
export interface Rows {
  /** From now on every list holds these rows. */
  readonly put: (rows: readonly Row[]) => void
  /** How many pages were asked for since. */
  readonly asked: () => number
  /** A caller with a session of its own. */
  readonly caller: (environment?: Environment) => Asking
}

export function rowsInMemory(): Rows {
  let rows: readonly Row[] = []
  let asked = 0
  return {
    put: (all) => {
      rows = all
      asked = 0
    },
    asked: () => asked,
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
