import { searchAssetJobs } from '../../../operations/car/runs.ts'
import type { Session } from '../../../session/session.ts'
import { Turns } from '../../../shared/turns/turns.ts'
import { Digest } from '../../digest/digest.ts'
import { hostResultOf } from './host-output.ts'
import { isOpen, Tally } from './outcomes.ts'

/** The results of the hosts of a run, as far as they were read. */
export class RunOutputs {
  readonly #session: Session
  readonly tally: Tally
  readonly digest = new Digest()

  constructor(session: Session) {
    this.#session = session
    this.tally = new Tally(session.redact)
  }

  /** Reads every host with its output, in batches. */
  async read(jobId: string, signal: AbortSignal): Promise<void> {
    const { tally, digest } = this
    const session = this.#session
    const turns = new Turns(signal)
    for await (const { rows, resultLimit, drift, leftOut } of session.walk(
      searchAssetJobs,
      { jobId, includeOutput: true },
      { signal },
    )) {
      for (const row of rows) {
        const result = hostResultOf(row, session.redact)
        tally.add(row)
        if (isOpen(result.outcome)) continue
        await digest.addInTurns(result, signal)
        if (result.hidesOutput) tally.noteColumns(row)
        if (turns.isOver) await turns.next()
      }
      tally.resultLimit = resultLimit
      tally.deviations = { drift, leftOut }
    }
  }
}
