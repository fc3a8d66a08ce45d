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

/** The data of the sandbox's CAR subscription. Effects change these lists only through `change`. */
export interface CarStore {
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
  /** True if anything has changed since the lists were made. */
  readonly isChanged: boolean
  /**
   * The common version of these lists. It grows with every change to one of them, so that cached rows can be
   * recognized as outdated.
   */
  version(kinds: readonly CarKind[]): number
  /** Changes these lists with `edit`. Makes all lists first, so that none is derived from changed rows. */
  change<Result>(kinds: readonly CarKind[], edit: () => Result): Result
}

/** Makes each list at its first use, from its own random stream, so that a sandbox starts fast. */
export function makeCarStore(seed: number, jobCount: number, assetCount = 2_000): CarStore {
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
  const versions = new Map<CarKind, number>()
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
    version(kinds) {
      return kinds.reduce((sum, kind) => sum + (versions.get(kind) ?? 0), 0)
    },
    change(kinds, edit) {
      isChanged = true
      for (const make of [assetJobs, blockedCommands, reports, blockedAssets, blockedTags]) make()
      for (const kind of kinds) versions.set(kind, (versions.get(kind) ?? 0) + 1)
      return edit()
    },
  }
}
