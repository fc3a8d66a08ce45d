import { anchor, day } from '../calendar.ts'
import type { Random } from '../random.ts'
import type { Asset, AssetJob, HostResult, Job, OutputKind, Script } from './rows.ts'
import { makeAssetJob } from './run-records.ts'

/** Number of assets per job: three on average. */
const sizes = [1, 1, 1, 1, 2, 2, 2, 3, 3, 4, 5, 12]
const commonKinds: readonly OutputKind[] = [
  'listing',
  'table',
  'json',
  'listing',
  'table',
  'json',
  'nonAscii',
  'empty',
]

/** Exit codes and texts; only 0 and SUCCESS are documented. */
const failureResults: readonly HostResult[] = [
  { outcome: 'failed', outputKind: 'error', output: { code: 1, text: 'FAILED' } },
  { outcome: 'failed', outputKind: 'error', output: { code: 2, text: 'File not found' } },
  { outcome: 'failed', outputKind: 'error', output: { code: 5, text: 'Access is denied' } },
  { outcome: 'failed', outputKind: 'empty', output: { code: 126, text: 'Blocked by execution policy' } },
]
export const timeoutResult: HostResult = {
  outcome: 'timed out',
  outputKind: 'partial',
  output: { code: 1460, text: 'TIMED OUT' },
}
export const openResult: HostResult = { outcome: 'open', outputKind: 'empty' }

/** The newest job has every outcome and every kind of output. */
const showcaseResults: readonly HostResult[] = [
  successResult('table'),
  successResult('table'),
  successResult('ansi'),
  successResult('nonAscii'),
  successResult('injection'),
  successResult('huge'),
  ...failureResults.slice(0, 3),
  timeoutResult,
  openResult,
  openResult,
]

/** One row per job and asset, oldest first. */
export function makeAssetJobs(random: Random, jobs: Job[], scripts: Script[], assets: Asset[]): AssetJob[] {
  const titles = new Map(scripts.map(({ id, title }) => [id, title]))
  const byPlatform = groupByPlatform(assets)
  const rows: AssetJob[] = []
  let id = 5_000_000
  for (const job of jobs) {
    const isNewest = job === jobs.at(-1)
    const candidates = byPlatform.get(job.platform) ?? assets
    const size = isNewest ? showcaseResults.length : random.pick(sizes)
    const start = random.below(candidates.length)
    const spread = random.chance(0.5) ? 1 : 4_000
    const scriptName = titles.get(job.scriptId) ?? ''
    for (let index = 0; index < size; index++) {
      id += random.between(1, 4)
      const result = isNewest ? (showcaseResults[index] as HostResult) : pickResult(random, job)
      const asset = candidates[(start + index) % candidates.length] as Asset
      const created = job.created.dateTime + random.below(spread)
      const duration = result === timeoutResult ? job.threshold * 1000 : random.between(900, 240_000)
      const endedAt = result === openResult ? undefined : Math.min(created + duration, anchor - 1000)
      rows.push(makeAssetJob({ id, job, scriptName, asset, created, result, endedAt }))
    }
  }
  return rows
}

function groupByPlatform(assets: Asset[]): Map<string, Asset[]> {
  const groups = new Map<string, Asset[]>()
  for (const asset of assets) {
    const group = groups.get(asset.platform)
    if (group) group.push(asset)
    else groups.set(asset.platform, [asset])
  }
  return groups
}

export function successResult(outputKind: OutputKind): HostResult {
  return { outcome: 'succeeded', outputKind, output: { code: 0, text: 'SUCCESS' } }
}

/** One of five times out. */
export function pickFailure(random: Random): HostResult {
  return random.chance(0.2) ? timeoutResult : random.pick(failureResults)
}

/** Nine of ten succeed. Runs of the last day may still be open, and a few old ones never finish. */
function pickResult(random: Random, job: Job): HostResult {
  const recent = job.created.dateTime > anchor - day
  if (random.chance(recent ? 0.15 : 0.002)) return openResult
  if (random.chance(0.9)) return successResult(random.chance(0.001) ? 'injection' : random.pick(commonKinds))
  return pickFailure(random)
}
