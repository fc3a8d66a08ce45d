import { Random } from '../random.ts'
import { makeAssetJobs } from './asset-jobs.ts'
import { makeAssets } from './assets.ts'
import type { Kind } from './fields.ts'
import { makeBlockedAssets, makeBlockedCommands, makeBlockedTags } from './guardrails.ts'
import { makeJobs } from './jobs.ts'
import { makeReports } from './reports.ts'
import type { Asset, AssetJob, BlockedCommands, Job, Report, Schedule, Script, Tag } from './rows.ts'
import { makeSchedules } from './schedules.ts'
import { makeScripts } from './scripts.ts'
import { makeTags } from './tags.ts'

/** The data of the sandbox's CAR subscription. Effects change these lists inside `change`. */
export interface Store {
  readonly scripts: Script[]
  readonly jobs: Job[]
  readonly assetJobs: AssetJob[]
  readonly assets: Asset[]
  readonly tags: Tag[]
  readonly schedules: Schedule[]
  readonly blockedCommands: BlockedCommands[]
  readonly reports: Report[]
  /** Ids of assets; likewise of tags. */
  readonly blockedAssets: number[]
  readonly blockedTags: number[]
  /** True if anything has changed since the lists were made. */
  readonly isChanged: boolean
  /**
   * Grows with every change to any of these lists, so that cached sorted rows can be recognized as outdated.
   */
  version(of: readonly Kind[]): number
  /** Runs a change of these lists. All lists are made first, so that none is derived from changed rows. */
  change<Result>(of: readonly Kind[], edit: () => Result): Result
}

/** Makes each list at its first use, from its own random stream. Starting takes no time. */
export function makeStore(seed: number, jobCount: number, assetCount = 2_000): Store {
  const list = <Row>(name: string, make: (random: Random) => Row[]) => {
    let rows: Row[] | undefined
    return () => {
      rows ??= make(new Random(seed, name))
      return rows
    }
  }
  const scripts = list('scripts', makeScripts)
  const tags = list('tags', makeTags)
  const assets = list('assets', (random) => makeAssets(random, tags(), assetCount))
  const schedules = list('schedules', (random) => makeSchedules(random, scripts(), assets(), tags()))
  const jobs = list('jobs', (random) => makeJobs(random, jobCount, scripts(), schedules()))
  const assetJobs = list('assetjobs', (random) => makeAssetJobs(random, jobs(), scripts(), assets()))
  const blockedCommands = list('blocked-commands', makeBlockedCommands)
  const reports = list('reports', (random) => makeReports(random, jobs()))
  const blockedAssets = list('blocked-assets', () => makeBlockedAssets(assets()))
  const blockedTags = list('blocked-tags', () => makeBlockedTags(assets(), tags()))
  const versions = new Map<Kind, number>()
  let isChanged = false
  return {
    get isChanged() {
      return isChanged
    },
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
    get blockedAssets() {
      return blockedAssets()
    },
    get blockedTags() {
      return blockedTags()
    },
    version(of) {
      return of.reduce((sum, kind) => sum + (versions.get(kind) ?? 0), 0)
    },
    change(of, edit) {
      isChanged = true
      for (const make of [assetJobs, blockedCommands, reports, blockedAssets, blockedTags]) make()
      for (const kind of of) versions.set(kind, (versions.get(kind) ?? 0) + 1)
      return edit()
    },
  }
}
