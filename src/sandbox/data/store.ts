import { Random } from '../random.ts'
import { makeAssetJobs } from './asset-jobs.ts'
import { makeAssets } from './assets.ts'
import { makeBlockedCommands } from './guardrails.ts'
import { makeJobs } from './jobs.ts'
import { makeReports } from './reports.ts'
import type { Asset, AssetJob, BlockedCommands, Job, Report, Schedule, Script, Tag } from './rows.ts'
import { makeSchedules } from './schedules.ts'
import { makeScripts } from './scripts.ts'
import { makeTags } from './tags.ts'

/** Everything the pretend subscription holds. Effects change these lists inside `change`. */
export interface Store {
  readonly scripts: Script[]
  readonly jobs: Job[]
  readonly assetJobs: AssetJob[]
  readonly assets: Asset[]
  readonly tags: Tag[]
  readonly schedules: Schedule[]
  readonly blockedCommands: BlockedCommands[]
  readonly reports: Report[]
  /** Grows with every change, so that a kept order of rows can tell that it is out of date. */
  readonly version: number
  /** Runs an edit of the lists. All of them are made first, so that none is made from changed rows. */
  change<Result>(edit: () => Result): Result
}

/** Lists are made when first looked at, each from a random stream of its own: starting costs nothing. */
export function makeStore(seed: number, jobCount: number): Store {
  const list = <Row>(name: string, make: (random: Random) => Row[]) => {
    let rows: Row[] | undefined
    return () => {
      rows ??= make(new Random(seed, name))
      return rows
    }
  }
  const scripts = list('scripts', makeScripts)
  const tags = list('tags', makeTags)
  const assets = list('assets', (random) => makeAssets(random, tags()))
  const schedules = list('schedules', (random) => makeSchedules(random, scripts(), assets(), tags()))
  const jobs = list('jobs', (random) => makeJobs(random, jobCount, scripts(), schedules()))
  const assetJobs = list('assetjobs', (random) => makeAssetJobs(random, jobs(), scripts(), assets()))
  const blockedCommands = list('blocked-commands', makeBlockedCommands)
  const reports = list('reports', (random) => makeReports(random, jobs()))
  let version = 0
  return {
    get scripts() {
      return scripts()
    },
    get jobs() {
      return jobs()
    },
    get assetJobs() {
      return assetJobs()
    },
    get assets() {
      return assets()
    },
    get tags() {
      return tags()
    },
    get schedules() {
      return schedules()
    },
    get blockedCommands() {
      return blockedCommands()
    },
    get reports() {
      return reports()
    },
    get version() {
      return version
    },
    change(edit) {
      for (const make of [assetJobs, blockedCommands, reports]) make()
      version++
      return edit()
    },
  }
}
