import { searchAssets } from '../../operations/car/assets.ts'
import { searchAssetJobs } from '../../operations/car/runs.ts'
import { byIdToken, created } from '../../operations/fields.ts'
import { type AnswerStore, recordsIn } from './answer-store.ts'
import type { Probe } from './probe.ts'
import { firstPage, idsOf, way } from './way.ts'

// What a rollout needs to know of CAR, and no page says. All are reads. That a run shows its description is seen in
// the form of its record (recording/possible-fields.ts).

const weekMs = 7 * 24 * 3600_000

/** A week before the newest result, by the clock of Qualys. */
function weekBeforeNewest(store: AnswerStore): string | undefined {
  const newest = store
    .rows(searchAssetJobs.name)
    .map((row) => created.safeParse(row['created']).data)
    .reduce((latest, found) => Math.max(latest, found ? Date.parse(found.dateTime) : 0), 0)
  return newest === 0 ? undefined : new Date(newest - weekMs).toISOString().replace(/\.\d{3}Z$/, 'Z')
}

const oldResultCount = 1_000

/** Whether hosts that never report have a result that stays open. Outputs are not asked for. */
const unfinishedResults = way(
  searchAssetJobs,
  'unfinished results of old runs',
  (store) => {
    const endAt = weekBeforeNewest(store)
    return endAt === undefined
      ? undefined
      : { args: { endAt }, params: firstPage(searchAssetJobs, oldResultCount) }
  },
  (payload) => {
    const results = recordsIn(searchAssetJobs, payload)
    if (results.length === 0) return 'no row'
    return results.some(({ enddate }) => enddate === undefined || enddate === null) ? 'unfinished' : 'none'
  },
)

/** The ids of hosts in the known list, over and over. */
function manyIds(store: AnswerStore, count: number): string[] {
  const ids = idsOf(store.rows(searchAssets.name)).filter(
    (id) => typeof id === 'number' || typeof id === 'string',
  )
  return ids.length === 0 ? [] : Array.from({ length: count }, (_, at) => String(ids[at % ids.length]))
}

/** Whether a search takes a filter of this many ids. How many an execution takes cannot be asked by a read. */
const idFilter = (count: number): Probe =>
  way(
    searchAssets,
    `filter of ${count} ids`,
    (store) => {
      const ids = manyIds(store, count)
      return ids.length === 0 ? undefined : { args: byIdToken.args(ids), params: firstPage(searchAssets, 1) }
    },
    ({ total }, store) => {
      const expected = new Set(manyIds(store, count)).size
      if (total === undefined) return 'unknown'
      return total === expected ? 'as asked' : total < expected ? 'fewer' : 'more'
    },
  )

/** Questions about runs on many hosts, some of which never report. */
export const rolloutQuestions: readonly Probe[] = [
  unfinishedResults,
  idFilter(byIdToken.maxIds),
  idFilter(5 * byIdToken.maxIds),
]
