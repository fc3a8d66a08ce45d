import { lazy } from '../lazy.ts'
import { Random } from '../random.ts'
import { makeAssetJobs } from './asset-jobs.ts'
import { makeAssets } from './assets.ts'
import type { CarKind } from './fields.ts'
import { makeBlockedAssets, makeBlockedCommands, makeBlockedTags } from './guardrails.ts'
import { makeJobs } from './jobs.ts'
import { makeReports } from './reports.ts'
import type { Asset, AssetJob, BlockedCommands, Job, Report, Schedule, Script, Tag } from './rows.ts'
import { makeSchedules } from './schedules.ts'
import { makeScripts } from './scripts.ts'
import { makeTags } from './tags.ts'

interface Lists {
  readonly scripts: Script[]
  readonly jobs: Job[]
  readonly assetJobs: AssetJob[]
  readonly assets: Asset[]
  readonly tags: Tag[]
  readonly schedules: Schedule[]
  readonly blockedCommands: BlockedCommands[]
  readonly reports: Report[]
  /** Ids of assets. */
  readonly blockedAssets: number[]
  /** Ids of tags. */
  readonly blockedTags: number[]
}

/** The data of the sandbox's CAR subscription. Effects change these lists only through `change`. */
export interface CarStore extends Lists {
  /** True if anything has changed since the lists were made. */
  isChanged: boolean
  /**
   * The common version of these lists. It grows with every change to one of them, so that cached rows can be
   * recognized as outdated.
   */
  version(kinds: readonly string[]): number
  /** Changes these lists with `edit`. Makes all lists first, so that none is derived from changed rows. */
  change<Result>(kinds: readonly CarKind[], edit: () => Result): Result
}

/** Makes each list at its first use, from its own random stream, so that a sandbox starts fast. */
export function makeCarStore(seed: number, jobCount: number, assetCount = 2_000): CarStore {
  const stream = (name: CarKind) => new Random(seed, name)
  const versions = new Map<CarKind, number>()
  const lists: Lists = lazy({
    scripts: () => makeScripts(stream('scripts')),
    tags: () => makeTags(stream('tags')),
    assets: () => makeAssets(stream('assets'), lists.tags, assetCount),
    schedules: () => makeSchedules(stream('schedules'), lists.scripts, lists.assets, lists.tags),
    jobs: () => makeJobs(stream('jobs'), jobCount, lists.scripts, lists.schedules),
    assetJobs: () => makeAssetJobs(stream('assetjobs'), lists.jobs, lists.scripts, lists.assets),
    blockedCommands: makeBlockedCommands,
    reports: () => makeReports(stream('reports'), lists),
    blockedAssets: () => makeBlockedAssets(lists.assets),
    blockedTags: () => makeBlockedTags(lists.assets, lists.tags),
  })
  const store: CarStore = Object.assign(lists, {
    isChanged: false,
    version: (kinds: readonly CarKind[]) => kinds.reduce((sum, kind) => sum + (versions.get(kind) ?? 0), 0),
    change<Result>(kinds: readonly CarKind[], edit: () => Result) {
      store.isChanged = true
      Object.values(lists)
      for (const kind of kinds) versions.set(kind, (versions.get(kind) ?? 0) + 1)
      return edit()
    },
  })
  return store
}
