import type { Operation } from '../../../src/operations/operation.ts'
import type { Ending, Expectation } from './expected.ts'
import type { Door } from './ground.ts'
import type { FaultRow } from './rows.ts'

/** One cell of the matrix: an operation, and a fault at some route. */
export interface Trial {
  /** The line of the matrix that it belongs to. */
  readonly line: string
  readonly operation: Operation
  /** Where the fault strikes, and where requests are counted. */
  readonly route: string
  readonly row: FaultRow
  readonly door: Door
  readonly expected: Expectation
}

export type Times = 'once' | 'always'

/** The runs of a cell: where it makes no difference how often the fault strikes, it always does. */
export function runsOf({ expected: { once, always } }: Trial): readonly (readonly [Times, Ending])[] {
  const same = once.end === always.end && once.most === always.most
  return same
    ? [['always', always]]
    : [
        ['once', once],
        ['always', always],
      ]
}

/** How one run of a cell ended. */
export interface Run {
  readonly times: Times
  readonly expected: Ending
  readonly ended: string
  readonly requests: number
  /** What is wrong with it. */
  readonly wrong: readonly string[]
  /** What the assistant read, for whoever looks into a failure. */
  readonly text: string
}

/** A cell that was run. */
export interface Tried extends Trial {
  readonly runs: readonly Run[]
}

export const passed = ({ runs }: Tried): boolean => runs.every(({ wrong }) => wrong.length === 0)
