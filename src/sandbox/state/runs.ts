import { type Account, customerUuid } from '../data/accounts.ts'
import { withOffset } from '../data/calendar.ts'
import { type Ending, failures, succeeded, timedOut } from '../data/car/asset-jobs.ts'
import { languageById } from '../data/car/content/languages.ts'
import { complaintOf, printOf } from '../data/car/content/prints.ts'
import type { Asset, AssetJob, Job, Script } from '../data/car/rows.ts'
import type { Store } from '../data/car/store.ts'
import { Random } from '../data/random.ts'
import type { Agenda } from './event-queue.ts'
import type { Knobs } from './knobs.ts'

/** What to run, and where. */
export interface Order {
  script: Script
  assets: readonly Asset[]
  test: boolean
  account: Account
  /** The other inputs; of parameters only the names. */
  asked: object
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
  asked: object
}

/** What runs need of the world. */
interface Surroundings {
  readonly seed: number
  readonly store: Store
  readonly knobs: Knobs
  readonly agenda: Agenda
  now(): number
}

/** With fewer hosts than this none is offline, so that a small run finishes. */
const smallestWithOffline = 8

/** All executions. The events of a run are scheduled at once: its job, its asset jobs, and how each ends. */
export class Runs {
  readonly executions: Execution[] = []
  readonly #world: Surroundings
  #lastAssetJob: number | undefined

  constructor(world: Surroundings) {
    this.#world = world
  }

  /** Number of executions by an account on the day of `moment`. */
  countOn(moment: number, { username }: Account): number {
    const day = (at: number) => Math.floor(at / 86_400_000)
    return this.executions.filter((one) => one.username === username && day(one.at) === day(moment)).length
  }

  start(order: Order): Execution {
    const { seed, store, agenda, knobs, now } = this.#world
    const id = Number(this.executions.at(-1)?.jobId ?? store.jobs.at(-1)?.id) + 1
    const random = new Random(seed, `run ${id}`)
    const job = jobOf(order, String(id), now(), random.uuid())
    const execution: Execution = {
      at: job.created.dateTime,
      username: order.account.username,
      scriptId: job.scriptId,
      jobId: job.id,
      correlationUuid: job.correlationUuid,
      test: job.test,
      assetIds: order.assets.map((asset) => asset.id),
      asked: order.asked,
    }
    this.executions.push(execution)
    const visible = job.created.dateTime + knobs.jobDelayMs
    agenda.add(visible, () => store.change(['jobs'], () => store.jobs.push(job)))
    const ended = this.#putHostsOnAgenda(order, job, visible, random)
    agenda.add(ended, () => store.change(['jobs'], () => Object.assign(job, { updatedDateTime: ended })))
    return execution
  }

  /** Schedules the events of the hosts; returns the time at which the last one ends. */
  #putHostsOnAgenda({ script, assets }: Order, job: Job, visible: number, random: Random): number {
    const { store, agenda, knobs } = this.#world
    const print = printOf(script)
    const offlineShare = assets.length < smallestWithOffline ? 0 : knobs.offlineShare
    let last = visible
    let id = this.#lastAssetJob ?? Number(store.assetJobs.at(-1)?.id)
    for (const asset of assets) {
      const row = openRow(
        String(++id),
        job,
        script,
        asset,
        visible + random.below(knobs.assetJobSpreadMs + 1),
      )
      const created = row.created.dateTime
      agenda.add(created, () => store.change(['assetjobs'], () => store.assetJobs.push(row)))
      const ending = endingOf(random, knobs.executionOutcome)
      const pace = ending === timedOut ? 2 : random.between(25, 175) / 100
      if (random.chance(offlineShare)) continue
      const ended = Math.round(created + pace * knobs.hostSeconds * 1000)
      const result = resultOf(
        ending,
        ended,
        ending.outcome === 'succeeded' ? print : complaintOf(script, ending),
      )
      agenda.add(ended, () => store.change(['assetjobs'], () => Object.assign(row, result)))
      last = Math.max(last, ended)
    }
    this.#lastAssetJob = id
    return last
  }
}

/** The result of a host. With `mixed`, about four of five succeed, and one of five others times out. */
function endingOf(random: Random, outcome: Knobs['executionOutcome']): Ending {
  const well = outcome === 'mixed' ? random.chance(0.8) : outcome === 'succeeded'
  if (well) return succeeded('listing')
  return random.chance(0.2) ? timedOut : random.pick(failures)
}

function resultOf(
  { outcome, flavour, code, text }: Ending,
  ended: number,
  print?: string,
): Partial<AssetJob> {
  return {
    outcome,
    flavour,
    enddate: withOffset(ended),
    ...(code !== undefined && text !== undefined && { output: { code, text } }),
    ...(print !== undefined && { print }),
  }
}

function jobOf({ script, test }: Order, id: string, at: number, correlationUuid: string): Job {
  return {
    severity: script.severity,
    test,
    created: { dateTime: at },
    executionType: 'Manual',
    correlationUuid,
    threshold: script.threshold,
    title: `${script.title}-${Math.floor(at / 1000)}`,
    platform: script.platform,
    updatedDateTime: at,
    scriptId: script.id,
    customerUuid,
    isTest: test,
    scriptType: languageById(script.languageId)?.scriptType ?? '',
    id,
    category: { ...script.category },
  }
}

function openRow(id: string, job: Job, script: Script, asset: Asset, created: number): AssetJob {
  return {
    id,
    customerUuid,
    test: job.test,
    isTest: job.isTest,
    created: { dateTime: created },
    job: { id: job.id, title: job.title },
    script: { id: script.id, name: script.title },
    asset: { id: asset.id, name: asset.name, uuid: asset.uuid },
    outcome: 'open',
    flavour: 'empty',
  }
}
