import type { Operation } from '../../../src/operations/operation.ts'
import type { Expectation, ExpectedEnd } from './expectations.ts'
import type { LoginKind } from './fixtures.ts'
import type { FaultRow } from './rows.ts'

/** One cell of the matrix: an operation, and a fault at some route. */
export interface Cell {
  /** The line of the matrix that it belongs to. */
  readonly line: string
  readonly operation: Operation
  /** The route with the fault, at which requests are counted. */
  readonly route: string
  readonly row: FaultRow
  readonly loginKind: LoginKind
  readonly expected: Expectation
}

export type Times = 'once' | 'always'

/** The runs of a cell: where the expectations are the same, only the permanent fault is run. */
export function runsOf({ expected: { once, always } }: Cell): readonly (readonly [Times, ExpectedEnd])[] {
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
  readonly expected: ExpectedEnd
  readonly ended: string
  readonly requests: number
  /** What is wrong with it. */
  readonly wrong: readonly string[]
  /** What the assistant read, for the analysis of a failure. */
  readonly text: string
}

/** A cell that was run. */
export interface CellResult extends Cell {
  readonly runs: readonly Run[]
}

export const hasPassed = ({ runs }: CellResult): boolean => runs.every(({ wrong }) => wrong.length === 0)
