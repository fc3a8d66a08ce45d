import { setImmediate as breath } from 'node:timers/promises'
import { searchAssetJobs } from '../../../operations/car/runs.ts'
import type { Running } from '../../tool.ts'
import { Clusters } from './clusters.ts'
import { resultOf } from './host-output.ts'
import { isOpen, Tally } from './outcomes.ts'

/** Characters to process before other work gets a turn: progress, cancellation, other calls. */
const charactersPerBreath = 250_000

/** The results of the hosts of a run, as far as they were read. */
export class Digest {
  readonly tally = new Tally()
  readonly clusters = new Clusters()

  /** Reads every host with its output, in batches. */
  async read({ session }: Running, jobId: string, signal: AbortSignal): Promise<void> {
    const { tally, clusters } = this
    let characters = 0
    for await (const { rows, wall } of session.walk(
      searchAssetJobs,
      { jobId, includeOutput: true },
      { signal },
    )) {
      for (const row of rows) {
        const result = resultOf(row, session.redact)
        tally.add(result.outcome)
        if (isOpen(result.outcome)) continue
        clusters.add(result)
        characters += result.printed?.length ?? 0
        if (characters < charactersPerBreath) continue
        characters = 0
        await breath(undefined, { signal })
      }
      tally.wall = wall
    }
  }
}
