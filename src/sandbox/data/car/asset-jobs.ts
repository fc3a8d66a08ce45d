import { customerUuid } from '../accounts.ts'
import { anchor, minute, withOffset } from '../calendar.ts'
import type { Random } from '../random.ts'
import type { Flavour } from './content/outputs.ts'
import type { Asset, AssetJob, Job, Outcome, Script } from './rows.ts'

/** Number of assets per job: three on average. */
const sizes = [1, 1, 1, 1, 2, 2, 2, 3, 3, 4, 5, 12]
const ordinary: readonly Flavour[] = [
  'listing',
  'table',
  'json',
  'listing',
  'table',
  'json',
  'nonAscii',
  'empty',
]

/** How a host ends. */
export interface Ending {
  outcome: Outcome
  flavour: Flavour
  code?: number
  text?: string
}

/** Exit codes and texts; only 0 and SUCCESS are documented. */
export const failures: readonly Ending[] = [
  { outcome: 'failed', flavour: 'error', code: 1, text: 'FAILED' },
  { outcome: 'failed', flavour: 'error', code: 2, text: 'File not found' },
  { outcome: 'failed', flavour: 'error', code: 5, text: 'Access is denied' },
  { outcome: 'failed', flavour: 'empty', code: 126, text: 'Blocked by execution policy' },
]
export const timedOut: Ending = { outcome: 'timed out', flavour: 'partial', code: 1460, text: 'TIMED OUT' }
const open: Ending = { outcome: 'open', flavour: 'empty' }

/** The newest job has every outcome and every kind of output. */
const showcase: readonly Ending[] = [
  succeeded('table'),
  succeeded('table'),
  succeeded('ansi'),
  succeeded('nonAscii'),
  succeeded('injection'),
  succeeded('huge'),
  ...failures.slice(0, 3),
  timedOut,
  open,
  open,
]

/** One row per job and asset, oldest first. */
export function makeAssetJobs(random: Random, jobs: Job[], scripts: Script[], assets: Asset[]): AssetJob[] {
  const titles = new Map(scripts.map(({ id, title }) => [id, title]))
  const byPlatform = grouped(assets)
  const rows: AssetJob[] = []
  let id = 5_000_000
  for (const job of jobs) {
    const newest = job === jobs.at(-1)
    const candidates = byPlatform.get(job.platform) ?? assets
    const size = newest ? showcase.length : random.pick(sizes)
    const start = random.below(candidates.length)
    const spread = random.chance(0.5) ? 1 : 4_000
    for (let place = 0; place < size; place++) {
      id += random.between(1, 4)
      const ending = newest ? (showcase[place] as Ending) : endingOf(random, job)
      const asset = candidates[(start + place) % candidates.length] as Asset
      rows.push(row(random, id, job, titles.get(job.scriptId) ?? '', asset, spread, ending))
    }
  }
  return rows
}

function grouped(assets: Asset[]): Map<string, Asset[]> {
  const groups = new Map<string, Asset[]>()
  for (const asset of assets) {
    const group = groups.get(asset.platform)
    if (group) group.push(asset)
    else groups.set(asset.platform, [asset])
  }
  return groups
}

export function succeeded(flavour: Flavour): Ending {
  return { outcome: 'succeeded', flavour, code: 0, text: 'SUCCESS' }
}

/** Nine of ten succeed. Runs of the last day may still be open, and a few old ones never finish. */
function endingOf(random: Random, job: Job): Ending {
  const recent = job.created.dateTime > anchor - 24 * 60 * minute
  if (random.chance(recent ? 0.15 : 0.002)) return open
  if (random.chance(0.9)) return succeeded(random.chance(0.001) ? 'injection' : random.pick(ordinary))
  return random.chance(0.2) ? timedOut : random.pick(failures)
}

function row(
  random: Random,
  id: number,
  job: Job,
  scriptName: string,
  asset: Asset,
  spread: number,
  { outcome, flavour, code, text }: Ending,
): AssetJob {
  const created = job.created.dateTime + random.below(spread)
  const took = outcome === 'timed out' ? job.threshold * 1000 : random.between(900, 240_000)
  const ended = Math.min(created + took, anchor - 1000)
  return {
    id: String(id),
    ...(code !== undefined && text !== undefined && { output: { code, text } }),
    customerUuid,
    ...(outcome !== 'open' && { enddate: withOffset(ended) }),
    test: job.test,
    isTest: job.isTest,
    created: { dateTime: created },
    job: { id: job.id, title: job.title },
    script: { id: job.scriptId, name: scriptName },
    asset: { id: asset.id, name: asset.name, uuid: asset.uuid },
    outcome,
    flavour,
  }
}
