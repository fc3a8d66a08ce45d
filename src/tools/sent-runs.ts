/** The results of a run come within minutes; after that it waits like any other. */
const keptMs = 600_000

/** A correlationUuid may come in any case. */
const keyOf = (runId: string): string => String(runId).toLowerCase()

interface SentRun {
  readonly hosts: number
  readonly sentAt: number
}

/**
 * The runs that this server sent, and to how many hosts, for ten minutes. A run has a correlationUuid when it is
 * sent, and a job id once Qualys lists it.
 */
export class SentRuns {
  readonly #runs = new Map<string, SentRun>()

  /** Records to how many hosts a run was sent. */
  record(correlationUuid: string, hosts: number, now: number): void {
    this.#forget(now)
    this.#runs.set(keyOf(correlationUuid), { hosts, sentAt: now })
  }

  /** The number of hosts that a run was sent to, by either of its ids; undefined if it is not known. */
  hostsOf(runId: string, now: number): number | undefined {
    this.#forget(now)
    return this.#runs.get(keyOf(runId))?.hosts
  }

  /** True if no run is known. */
  isEmpty(now: number): boolean {
    this.#forget(now)
    return this.#runs.size === 0
  }

  /** Keeps what is known of a run under its job id, too. */
  link(correlationUuid: string, jobId: string): void {
    const run = this.#runs.get(keyOf(correlationUuid))
    if (run) this.#runs.set(keyOf(jobId), run)
  }

  #forget(now: number): void {
    for (const [id, { sentAt }] of this.#runs) if (now - sentAt >= keptMs) this.#runs.delete(id)
  }
}
