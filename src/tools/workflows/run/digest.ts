import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import { searchAssetJobs } from '../../../operations/car/runs.ts'
import type { ToolContext } from '../../tool.ts'
import { Clusters } from './clusters.ts'
import { hostResultOf } from './host-output.ts'
import { isOpen, Tally } from './outcomes.ts'

/** Characters to process before yielding to other work: progress, cancellation, other calls. */
const charactersPerTurn = 250_000

/** The results of the hosts of a run, as far as they were read. */
export class Digest {
  readonly tally = new Tally()
  readonly clusters = new Clusters()

  /** Reads every host with its output, in batches. */
  async read({ session }: ToolContext, jobId: string, signal: AbortSignal): Promise<void> {
    const { tally, clusters } = this
    let characters = 0
    for await (const { rows, resultLimit } of session.walk(
      searchAssetJobs,
      { jobId, includeOutput: true },
      { signal },
    )) {
      for (const row of rows) {
        const result = hostResultOf(row, session.redact)
        tally.add(result.outcome)
        if (isOpen(result.outcome)) continue
        clusters.add(result)
        characters += result.output?.length ?? 0
        if (characters < charactersPerTurn) continue
        characters = 0
        await yieldToEventLoop(undefined, { signal })
      }
      tally.resultLimit = resultLimit
    }
  }
}
