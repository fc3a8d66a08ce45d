import { searchAssets, searchAssetTags } from '../../operations/car/assets.ts'
import { searchAssetJobs, searchJobs } from '../../operations/car/runs.ts'
import { searchSchedules } from '../../operations/car/schedules.ts'
import { searchScripts } from '../../operations/car/scripts.ts'
import { writeClause } from '../../operations/fields.ts'
import type { Operation } from '../../operations/operation.ts'
import { countTemplates } from '../../operations/saq/templates.ts'
import { countUsers, searchUsers } from '../../operations/saq/users.ts'
import { pageRequestFor, pagingOf } from '../../session/paging/paging.ts'
import type { Payload } from '../../session/products/product.ts'
import { isObject } from '../../shared/json.ts'
import { type AnswerStore, type RawRecord, recordsIn } from './answer-store.ts'
import type { CheckResult, Probe, ProbeRequest, SkipReason } from './probe.ts'

// Probes of other forms of requests, and of filter tokens. All are reads.

/** A value that no id and no name has. */
const impossibleValue = '00000000000000000000000'

const firstPage = (operation: Operation, rowCount: number) =>
  pageRequestFor(pagingOf(operation, undefined), undefined, rowCount).params

/** Compares the number of rows that a filter finds with the number of all rows. */
function compareCounts({ total, rows = [] }: Payload, all: number | undefined): CheckResult {
  if (rows.length === 0) return 'none'
  if (total === undefined || all === undefined) return 'unknown'
  return total < all ? 'fewer' : total === all ? 'all' : 'more'
}

function filterProbe(
  kind: 'token' | 'control' | 'way',
  operation: Operation,
  about: string,
  filter: (store: AnswerStore) => string | undefined,
): Probe {
  return {
    kind,
    operation,
    route: operation.route,
    about,
    prepare: (store) => {
      const text = filter(store)
      return text === undefined
        ? 'nothingToCompare'
        : { args: { filter: text }, params: firstPage(operation, 1) }
    },
    check: (payload, store) => compareCounts(payload, store.payload(operation.name)?.total),
  }
}

/** The probes of a filter token: with a value that occurs, and with an impossible one. */
const tokenProbes = (
  operation: Operation,
  name: string,
  value: (store: AnswerStore) => string | undefined,
): Probe[] => [
  filterProbe('token', operation, name, (store) => {
    const text = value(store)
    return text === undefined || /["`]/.test(text) ? undefined : writeClause(name, text)
  }),
  filterProbe('control', operation, name, (store) =>
    store.rows(operation.name).length > 0 ? writeClause(name, impossibleValue) : undefined,
  ),
]

/** A run of a schedule is titled `<script title>-<epoch seconds>` (car-api.md 3.1). */
const scriptTitle = (store: AnswerStore): string | undefined =>
  store.value(searchJobs.name, 'title')?.replace(/-\d{10}$/, '')

/** A tag that a host has; otherwise the first tag of the list. */
function tagOf(store: AnswerStore, name: 'id' | 'name'): string | undefined {
  const tags = store.rows(searchAssets.name).flatMap(({ tags }) => (Array.isArray(tags) ? tags : []))
  const value = tags.find(isObject)?.[name]
  return value === undefined ? store.value(searchAssetTags.name, name) : String(value)
}

const filterTokenProbes: readonly Probe[] = [
  ...tokenProbes(searchScripts, 'status', (store) =>
    store.rows(searchScripts.name).length > 0 ? 'APPROVED' : undefined,
  ),
  ...tokenProbes(searchJobs, 'scriptId', (store) => store.value(searchJobs.name, 'scriptId')),
  ...tokenProbes(searchJobs, 'script.name', scriptTitle),
  ...tokenProbes(searchAssetJobs, 'job.id', (store) => store.value(searchJobs.name, 'id')),
  ...[searchScripts, searchAssets, searchAssetTags].flatMap((list) =>
    tokenProbes(list, 'id', (store) => store.value(list.name, 'id')),
  ),
  ...tokenProbes(searchAssets, 'tags.id', (store) => tagOf(store, 'id')),
  ...tokenProbes(searchAssets, 'tags.name', (store) => tagOf(store, 'name')),
]

const idsOf = (rows: readonly RawRecord[]): unknown[] => rows.map((row) => row['id'])

/** Whether the answer starts with the second row, the first one again, or another one. */
function compareSecondRow(operation: Operation, payload: Payload, store: AnswerStore): CheckResult {
  const [id] = idsOf(recordsIn(operation, payload))
  const [first, second] = idsOf(store.rows(operation.name))
  if (id === undefined) return 'no row'
  return id === second ? 'next row' : id === first ? 'same row' : 'other rows'
}

/** A request that should bring the second row of the list alone. */
function secondRowProbe(
  operation: Operation,
  about: string,
  changes: Partial<Operation>,
  prepare: (store: AnswerStore) => ProbeRequest | SkipReason,
): Probe {
  return {
    kind: 'way',
    operation: { ...operation, ...changes },
    route: operation.route,
    about,
    prepare: (store) => (store.rows(operation.name).length > 1 ? prepare(store) : 'nothingToCompare'),
    check: (payload, store) => compareSecondRow(operation, payload, store),
  }
}

/** A request for the second row alone, by the sort values of the first. */
function searchAfterFirst(store: AnswerStore): ProbeRequest | SkipReason {
  const first: unknown = store.payload(searchJobs.name)?.rows?.[0]
  const values = isObject(first) ? first['sortValues'] : undefined
  return Array.isArray(values)
    ? { args: {}, params: { ...firstPage(searchJobs, 1), searchAfter: values } }
    : 'nothingToCompare'
}

/** The same search with the other notation of the sort. */
function sortProbe(operation: Operation, as: 'array' | 'text'): Probe {
  const { paging } = operation
  const sort = paging && 'sort' in paging ? paging.sort : undefined
  const varied: Operation =
    (paging?.kind === 'searchAfter' || paging?.kind === 'pageNumber') && sort
      ? { ...operation, paging: { ...paging, sort: { ...sort, as } } }
      : operation
  return {
    kind: 'way',
    operation: varied,
    route: operation.route,
    about: as === 'text' ? 'sort as text' : 'sort as array',
    prepare: () => ({ args: {}, params: firstPage(varied, 1) }),
  }
}

/** Lab tags are found with a filter. Its words are missing in every copy of the page (car-api.md 3.4). */
const labTagProbes = ['labTag', 'isLabTag'].map((name): Probe => {
  const probe = filterProbe('way', searchAssetTags, `filter ${name}`, () => `${name}:true`)
  return { ...probe, check: findOtherRows }
})

/** Whether the answer has rows that the unfiltered list does not have. */
function findOtherRows(payload: Payload, store: AnswerStore): CheckResult {
  const ids = idsOf(recordsIn(searchAssetTags, payload))
  const unfiltered = idsOf(store.rows(searchAssetTags.name))
  return ids.length === 0 ? 'none' : ids.some((id) => !unfiltered.includes(id)) ? 'other rows' : 'same row'
}

const plainProbe = (operation: Operation, about: string): Probe => ({
  kind: 'way',
  operation,
  route: operation.route,
  about,
  prepare: () => ({ args: {} }),
})

/**
 * A count with a filter, which uses POST. The other probes count without a filter, which uses GET
 * (current_count.htm).
 */
const countPublished: Operation = {
  ...countTemplates,
  request: (_, resolved) => countTemplates.request?.({ state: ['PUBLISHED'] }, resolved) ?? {},
}

const formProbes: readonly Probe[] = [
  sortProbe(searchJobs, 'text'),
  sortProbe(searchSchedules, 'array'),
  secondRowProbe(searchJobs, 'searchAfter', {}, searchAfterFirst),
  ...labTagProbes,
  secondRowProbe(searchUsers, 'startFromOffset', {}, () => ({
    args: {},
    params: { preferences: { startFromOffset: 2, limitResults: 1 } },
  })),
  secondRowProbe(searchUsers, 'id GREATER', {}, (store) => ({
    args: {},
    params: { preferences: { limitResults: 1 }, beyond: store.rows(searchUsers.name)[0]?.['id'] },
  })),
  plainProbe(countPublished, 'count with a filter'),
  {
    ...plainProbe({ ...countUsers, format: 'json' }, 'answer as JSON'),
    check: (_payload, _store, _request, mediaType) => (mediaType.includes('json') ? 'JSON' : 'XML'),
  },
]

/** Forms of requests, and filter tokens. */
export const requestVariants: readonly Probe[] = [...formProbes, ...filterTokenProbes]
