import type { Account } from '../data/accounts.ts'
import { day, toOffsetIso } from '../data/calendar.ts'
import { openResult } from '../data/car/asset-jobs.ts'
import { errorTemplate, outputTemplate } from '../data/car/content/output-templates.ts'
import type { Asset, Job, Script } from '../data/car/rows.ts'
import { makeAssetJob, makeJob } from '../data/car/run-records.ts'
import type { CarStore } from '../data/car/store.ts'
import { Random } from '../data/random.ts'
import type { EventQueue } from './event-queue.ts'
import { type HostCourse, hostCourses } from './host-courses.ts'
import type { Knobs } from './knobs.ts'

/** What to run, and where. */
export interface RunRequest {
  script: Script
  assets: readonly Asset[]
  test: boolean
  account: Account
  description?: string | undefined
  /** The other inputs; of parameters only the names. */
  inputs: object
  /** Exactly this share of the hosts fails, rounded up. Default: as the knob executionOutcome says. */
  failureShare?: number | undefined
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

/** All executions. `start` schedules all events of a run: the job, the asset jobs, and the result of each. */
export class Runs {
  readonly executions: Execution[] = []
  /** Ids of hosts that never answer, in runs that start from now on. */
  silentHosts: readonly number[] = []
  /** Shares of hosts that fail: one for each of the next executions through the API. */
  failureShares: number[] = []
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
    const { script, test, account, assets, description, inputs, failureShare } = request
    const id = Number(this.executions.at(-1)?.jobId ?? store.jobs.at(-1)?.id) + 1
    const random = new Random(seed, `run ${id}`)
    const job = makeJob(script, { id, at: now(), correlationUuid: random.uuid(), test, description })
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
    const courses = hostCourses({
      assets,
      visibleAt,
      knobs,
      random,
      silentIds: new Set(this.silentHosts),
      failures: failureShare === undefined ? undefined : { share: failureShare, seed, run: id },
    })
    const endedAt = this.#scheduleHosts(script, job, courses, visibleAt)
    eventQueue.add(endedAt, () =>
      store.change(['jobs'], () => Object.assign(job, { updatedDateTime: endedAt })),
    )
    return execution
  }

  /** Schedules the events of the hosts; returns the time at which the last one ends. */
  #scheduleHosts(script: Script, job: Job, courses: readonly HostCourse[], visibleAt: number): number {
    const { store, eventQueue } = this.#world
    const template = outputTemplate(script)
    let lastEndedAt = visibleAt
    let id = this.#lastAssetJob ?? Number(store.assetJobs.at(-1)?.id)
    for (const { asset, created, result, endedAt } of courses) {
      id++
      const row = makeAssetJob({ id, job, scriptName: script.title, asset, created, result: openResult })
      eventQueue.add(created, () => store.change(['assetjobs'], () => store.assetJobs.push(row)))
      if (endedAt === undefined) continue
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
