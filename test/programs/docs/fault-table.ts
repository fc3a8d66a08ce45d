import { operations } from '../../../src/operations/index.ts'
import { expectationOf } from '../../nightly/faults/expected.ts'
import { summaryOf } from '../../nightly/faults/printed.ts'
import { type FaultName, faultRows } from '../../nightly/faults/rows.ts'
import { runsOf, type Trial, type Tried } from '../../nightly/faults/trial.ts'

// The only file of the docs that knows the fault matrix.

/** A cell that ended as it has to, with as many requests as it may send: `npm run faults` holds the server to it. */
function asExpected(trial: Trial): Tried {
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
          door: 'client',
          expected: expectationOf(operation, line),
        }),
      ),
    ),
  )
}
