import type { HostKeys } from '../../../operations/car/hosts.ts'
import { searchAssetJobs } from '../../../operations/car/runs.ts'
import type { Session } from '../../../session/session.ts'
import { runSteps } from '../../../shared/turns/steps.ts'
import { Turns } from '../../../shared/turns/turns.ts'
import type { HostResult } from '../../digest/host-result.ts'
import type { LineStore } from '../../digest/lines/line-store.ts'
import { resultKey, Samples, signatureOf } from '../../digest/samples.ts'
import { createdAtOf, hostKeysOf } from '../run/facts/result-hosts.ts'
import { scriptNamedBy } from '../run/facts/run-facts.ts'
import { hostResultOf } from '../run/host-output.ts'
import { isOpen, Tally } from '../run/outcomes.ts'

/** A host of a run, by its newest result, without the output. */
export interface RunHost {
  readonly keys: HostKeys
  readonly result: HostResult
  /** Characters of the output. */
  readonly characters: number
  /** Results with another key are compared in nothing but that. */
  readonly key: string
  /** The position of its lines in the store; undefined while it is open. */
  readonly at?: number
  readonly createdAt: number
}

/** Names a host within one run: by its number, else by its UUID, else by its name. */
function identityOf({ numbers, uuids }: HostKeys, name: string | undefined): string | undefined {
  const [number] = numbers
  const [uuid] = uuids
  if (number !== undefined) return `number ${number}`
  if (uuid !== undefined) return `uuid ${uuid}`
  return name === undefined || name === '' ? undefined : `name ${name.toLowerCase()}`
}

/** The hosts of one run. The lines of what they printed are in a store that two runs share. */
export class RunResults {
  readonly jobId: string
  readonly tally: Tally
  readonly samples = new Samples()
  readonly #session: Session
  readonly #store: LineStore
  readonly #hosts = new Map<string, RunHost>()
  #nameless = 0
  #script: ReturnType<typeof scriptNamedBy>
  #startedAt = Number.POSITIVE_INFINITY

  constructor(jobId: string, session: Session, store: LineStore) {
    this.jobId = jobId
    this.tally = new Tally(session.redact)
    this.#session = session
    this.#store = store
  }

  get hosts(): readonly RunHost[] {
    return [...this.#hosts.values()]
  }

  /** Results that name no host. */
  get nameless(): number {
    return this.#nameless
  }

  /** The script that the results name. */
  get script(): ReturnType<typeof scriptNamedBy> {
    return this.#script
  }

  /** When the first result was created, in epoch ms. */
  get startedAt(): number | undefined {
    return Number.isFinite(this.#startedAt) ? this.#startedAt : undefined
  }

  /** True if hosts are still open, or nobody knows whether they are done. */
  get isUnfinished(): boolean {
    return this.tally.hosts === 0 || this.tally.done < this.tally.hosts
  }

  /** Reads every host with its output, in batches. `onRead`: takes the number of hosts read so far, and of all. */
  async read(signal: AbortSignal, onRead: (count: number, total: number | undefined) => void): Promise<void> {
    const { tally, jobId } = this
    const session = this.#session
    const turns = new Turns(signal)
    const batches = session.walk(searchAssetJobs, { jobId, includeOutput: true }, { signal })
    for await (const { rows, total, resultLimit, drift, leftOut } of batches) {
      for (const row of rows) {
        tally.add(row)
        this.#script ??= scriptNamedBy(row)
        const createdAt = createdAtOf(row)
        if (createdAt > Number.NEGATIVE_INFINITY) this.#startedAt = Math.min(this.#startedAt, createdAt)
        const result = hostResultOf(row, session.redact)
        if (result.hidesOutput) tally.noteColumns(row)
        await this.#add(result, hostKeysOf(row), createdAt, signal)
        if (turns.isOver) await turns.next()
      }
      tally.resultLimit = resultLimit
      tally.deviations = { drift, leftOut }
      onRead(tally.hosts, total)
    }
  }

  async #add(result: HostResult, keys: HostKeys, createdAt: number, signal: AbortSignal): Promise<void> {
    const identity = identityOf(keys, result.host)
    if (identity === undefined) {
      this.#nameless++
      return
    }
    const known = this.#hosts.get(identity)
    if (known && known.createdAt >= createdAt) return
    const { output, ...others } = result
    const key = resultKey(result)
    const host = { keys, result: others, characters: output?.length ?? 0, key, createdAt }
    if (isOpen(result.outcome)) this.#hosts.set(identity, host)
    else this.#hosts.set(identity, { ...host, at: await this.#keep(result, key, signal) })
  }

  /** Keeps the lines of an output, and a sample of its kind; returns the position of the lines. */
  async #keep(result: HostResult, key: string, signal: AbortSignal): Promise<number> {
    const store = this.#store
    const at = store.hosts.length
    await runSteps(store.adding(result.output ?? '', result.host), signal)
    const lines = store.hosts[at]
    this.samples.add(signatureOf(key, lines ? store.signatureOf(lines) : 0), result)
    return at
  }
}
