import { operations } from '../../../src/operations/index.ts'
import { expectationOf } from '../../nightly/faults/expectations.ts'
import { type FaultName, faultRows } from '../../nightly/faults/rows.ts'
import { summaryOf } from '../../nightly/faults/summary.ts'
import { type Cell, type CellResult, runsOf } from '../../nightly/faults/trial.ts'

// The only file of the docs programs that uses the fault matrix.

/**
 * A cell that ended as expected, with the maximum number of requests: `npm run faults` checks that the server does.
 */
function asExpected(trial: Cell): CellResult {
  const runs = runsOf(trial).map(([times, expected]) => ({
    times,
    expected,
    ended: expected.end,
    requests: expected.most,
    wrong: [],
    text: '',
  }))
  return { ...trial, runs }
}

/** How every operation ends under every fault at its own route. */
export function faultTable(): string {
  const names = Object.keys(faultRows) as FaultName[]
  return summaryOf(
    names.flatMap((line) =>
      operations.map((operation) =>
        asExpected({
          line,
          operation,
          route: operation.route,
          row: faultRows[line],
          loginKind: 'client',
          expected: expectationOf(operation, line),
        }),
      ),
    ),
  )
}
