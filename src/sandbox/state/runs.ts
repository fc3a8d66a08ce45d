import type { Account } from '../data/accounts.ts'
import { day, toOffsetIso } from '../data/calendar.ts'
import { openResult, pickFailure, successResult, timeoutResult } from '../data/car/asset-jobs.ts'
import { errorTemplate, outputTemplate } from '../data/car/content/output-templates.ts'
import type { Asset, HostResult, Job, Script } from '../data/car/rows.ts'
import { makeAssetJob, makeJob } from '../data/car/run-records.ts'
import type { CarStore } from '../data/car/store.ts'
import { Random } from '../data/random.ts'
import type { EventQueue } from './event-queue.ts'
import type { Knobs } from './knobs.ts'

/** What to run, and where. */
export interface RunRequest {
  script: Script
  assets: readonly Asset[]
  test: boolean
  account: Account
  /** The other inputs; of parameters only the names. */
  inputs: object
}

/** A run as the sandbox records it, for tests. */
export interface Execution {
  at: number
  username: string
  scriptId: number
  jobId: string
  correlationUuid: string
  test: boolean
  assetIds: number[]
  /** The other inputs; of parameters only the names. The key is part of the control API. */
  asked: object
}

interface RunContext {
  readonly seed: number
  readonly store: CarStore
  readonly knobs: Knobs
  readonly eventQueue: EventQueue
  now(): number
}

/** Runs on fewer hosts have no offline hosts, so that they finish. */
const minHostsForOffline = 8

/** All executions. `start` schedules all events of a run: the job, the asset jobs, and the result of each. */
export class Runs {
  readonly executions: Execution[] = []
  readonly #world: RunContext
  #lastAssetJob: number | undefined

  constructor(world: RunContext) {
    this.#world = world
  }

  /** Number of executions by an account on the day of `moment`. */
  countOn(moment: number, { username }: Account): number {
    const dayOf = (at: number) => Math.floor(at / day)
    return this.executions.filter(
      (execution) => execution.username === username && dayOf(execution.at) === dayOf(moment),
    ).length
  }

  start(request: RunRequest): Execution {
    const { seed, store, eventQueue, knobs, now } = this.#world
    const { script, test, account, assets, inputs } = request
    const id = Number(this.executions.at(-1)?.jobId ?? store.jobs.at(-1)?.id) + 1
    const random = new Random(seed, `run ${id}`)
    const job = makeJob(script, { id, at: now(), correlationUuid: random.uuid(), test })
    const execution: Execution = {
      at: job.created.dateTime,
      username: account.username,
      scriptId: job.scriptId,
      jobId: job.id,
      correlationUuid: job.correlationUuid,
      test,
      assetIds: assets.map((asset) => asset.id),
      asked: inputs,
    }
    this.executions.push(execution)
    const visibleAt = execution.at + knobs.jobDelayMs
    eventQueue.add(visibleAt, () => store.change(['jobs'], () => store.jobs.push(job)))
    const endedAt = this.#scheduleHosts(request, job, visibleAt, random)
    eventQueue.add(endedAt, () =>
      store.change(['jobs'], () => Object.assign(job, { updatedDateTime: endedAt })),
    )
    return execution
  }

  /** Schedules the events of the hosts; returns the time at which the last one ends. */
  #scheduleHosts({ script, assets }: RunRequest, job: Job, visibleAt: number, random: Random): number {
    const { store, eventQueue, knobs } = this.#world
    const template = outputTemplate(script)
    const offlineShare = assets.length < minHostsForOffline ? 0 : knobs.offlineShare
    let lastEndedAt = visibleAt
    let id = this.#lastAssetJob ?? Number(store.assetJobs.at(-1)?.id)
    for (const asset of assets) {
      id++
      const created = visibleAt + random.below(knobs.assetJobSpreadMs + 1)
      const row = makeAssetJob({ id, job, scriptName: script.title, asset, created, result: openResult })
      eventQueue.add(created, () => store.change(['assetjobs'], () => store.assetJobs.push(row)))
      const result = pickResult(random, knobs.executionOutcome)
      const durationFactor = result === timeoutResult ? 2 : random.between(25, 175) / 100
      if (random.chance(offlineShare)) continue
      const endedAt = Math.round(created + durationFactor * knobs.hostSeconds * 1000)
      const { outcome, outputKind: flavour, output } = result
      const print = outcome === 'succeeded' ? template : errorTemplate(script, result)
      const fields = {
        outcome,
        flavour,
        enddate: toOffsetIso(endedAt),
        output,
        ...(print !== undefined && { print }),
      }
      eventQueue.add(endedAt, () => store.change(['assetjobs'], () => Object.assign(row, fields)))
      lastEndedAt = Math.max(lastEndedAt, endedAt)
    }
    this.#lastAssetJob = id
    return lastEndedAt
  }
}

/** The result of a host. With `mixed`, about four of five succeed. */
function pickResult(random: Random, outcome: Knobs['executionOutcome']): HostResult {
  const succeeds = outcome === 'mixed' ? random.chance(0.8) : outcome === 'succeeded'
  return succeeds ? successResult('listing') : pickFailure(random)
}
