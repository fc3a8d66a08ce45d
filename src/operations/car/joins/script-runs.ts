import type { Input, Operation } from '../../operation.ts'
import type { Lists } from '../../reads/lists.ts'
import { jobList } from '../run-lists.ts'
import { type Reading, readList } from './other-list.ts'
import { runsBefore } from './run-period.ts'
import { firstId } from './values.ts'

/** More runs are read again where their columns are needed. */
const maxKept = 5_000

/** By the input of a call: the runs of its script, which its filter reads, and then the columns of the runs. */
const runsOfCalls = new WeakMap<Input, readonly Input[]>()

/** Reads the runs of the script of a call that its results may belong to. */
export async function readScriptRuns(input: Input, lists: Lists<Operation>): Promise<Reading> {
  const runs: Input[] = []
  let count = 0
  const idsOf = (run: Input): readonly string[] => {
    if (count++ < maxKept) runs.push(run)
    return firstId(run['id'])
  }
  const reading = await readList({ list: jobList, noun: 'runs', input: runsBefore(input), idsOf }, [], lists)
  if (reading.extent === 'whole' && count <= maxKept) runsOfCalls.set(input, runs)
  return reading
}

/** The runs of the script of a call, if its filter has read them all. */
export const scriptRunsOf = (input: Input): readonly Input[] | undefined => runsOfCalls.get(input)
