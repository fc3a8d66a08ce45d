import { searchAssets, searchAssetTags } from '../../operations/car/assets.ts'
import { isUuid } from '../../operations/car/hosts.ts'
import { searchAssetJobs, searchJobs } from '../../operations/car/runs.ts'
import { searchSchedules } from '../../operations/car/schedules.ts'
import { searchScripts } from '../../operations/car/scripts.ts'
import { writeClause } from '../../operations/fields.ts'
import type { Operation } from '../../operations/operation.ts'
import { countTemplates } from '../../operations/saq/templates.ts'
import { countUsers, searchUsers } from '../../operations/saq/users.ts'
import type { Payload } from '../../session/products/product.ts'
import { isObject } from '../../shared/json.ts'
import { type AnswerStore, type RawRecord, recordsIn } from './answer-store.ts'
import type { CheckResult, Probe, ProbeRequest } from './probe.ts'
import { rolloutQuestions } from './rollout-questions.ts'
import { firstPage, idsOf, way } from './way.ts'

// Probes of other forms of requests, and of filter tokens. All are reads.

/** A probe of a filter: compares the number of rows that it finds with the number of all rows. */
function filterProbe(
  operation: Operation,
  about: string,
  filter: (store: AnswerStore) => string | undefined,
): Probe {
  const request = (store: AnswerStore): ProbeRequest | undefined => {
    const text = filter(store)
    return text === undefined ? undefined : { args: { filter: text }, params: firstPage(operation, 1) }
  }
  return way(operation, about, request, ({ total, rows = [] }, store) => {
    const all = store.find(operation.name)?.payload?.total
    if (rows.length === 0) return 'none'
    if (total === undefined || all === undefined) return 'unknown'
    return total < all ? 'fewer' : total === all ? 'all' : 'more'
  })
}

/** A value that no id and no name has. */
const impossibleValue = '00000000000000000000000'

/** The probes of a filter token: with a value that occurs, and with an impossible one. */
function tokenProbes(
  operation: Operation,
  name: string,
  value: (store: AnswerStore) => string | undefined,
): Probe[] {
  const token = filterProbe(operation, name, (store) => {
    const text = value(store)
    return text === undefined || /["`]/.test(text) ? undefined : writeClause(name, text)
  })
  const control = filterProbe(operation, name, (store) =>
    store.rows(operation.name).length > 0 ? writeClause(name, impossibleValue) : undefined,
  )
  return [
    { ...token, kind: 'token' },
    { ...control, kind: 'control' },
  ]
}

/** A run of a schedule is titled `<script title>-<epoch seconds>` (car-api.md 3.1). */
const scriptTitle = (store: AnswerStore): string | undefined =>
  store.value(searchJobs.name, 'title')?.replace(/-\d{10}$/, '')

/** The first tag of the hosts: an object with id and name, or a UUID (sister modules). */
function hostTag(store: AnswerStore): RawRecord {
  const [tag] = store.rows(searchAssets.name).flatMap(({ tags }) => (Array.isArray(tags) ? tags : []))
  if (isObject(tag)) return tag
  return isUuid(tag) ? { id: tag } : {}
}

/** A tag that a host has, as the host names it; otherwise the first tag of the list. */
function tagOf(store: AnswerStore, name: 'id' | 'name'): string | undefined {
  const value = hostTag(store)[name] ?? rowOfHostTag(store)?.[name]
  return value === undefined || value === null ? store.value(searchAssetTags.name, name) : String(value)
}

/** The row of that tag in the list of tags, found by its UUID. */
function rowOfHostTag(store: AnswerStore): RawRecord | undefined {
  const { id } = hostTag(store)
  return store.rows(searchAssetTags.name).find(({ tagUuid }) => isUuid(id) && tagUuid === id)
}

/** The UUID of a tag that a host has; otherwise of the first tag of the list. */
function tagUuidOf(store: AnswerStore): string | undefined {
  const { id } = hostTag(store)
  if (isUuid(id)) return id
  const row = store.rows(searchAssetTags.name).find((tag) => String(tag['id']) === String(id))
  return isUuid(row?.['tagUuid']) ? row['tagUuid'] : store.value(searchAssetTags.name, 'tagUuid')
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
  ...tokenProbes(searchAssets, 'assetId', (store) => store.value(searchAssets.name, 'assetId')),
  ...tokenProbes(searchAssets, 'tags', tagUuidOf),
  ...tokenProbes(searchAssets, 'tags.id', (store) => tagOf(store, 'id')),
  ...tokenProbes(searchAssets, 'tags.name', (store) => tagOf(store, 'name')),
]

/** A request that should bring the second row of the list alone. */
function secondRowProbe(
  operation: Operation,
  about: string,
  params: (store: AnswerStore) => ProbeRequest['params'] | undefined,
): Probe {
  const request = (store: AnswerStore): ProbeRequest | undefined => {
    const found = store.rows(operation.name).length > 1 ? params(store) : undefined
    return found && { args: {}, params: found }
  }
  return way(operation, about, request, (payload, store) => {
    const [id] = idsOf(recordsIn(operation, payload))
    const [first, second] = idsOf(store.rows(operation.name))
    if (id === undefined) return 'no row'
    return id === second ? 'next row' : id === first ? 'same row' : 'other rows'
  })
}

/** The paging fields for the second row alone, by the sort values of the first. */
function searchAfterFirst(store: AnswerStore): ProbeRequest['params'] | undefined {
  const first = store.find(searchJobs.name)?.payload?.rows?.[0]
  const values = isObject(first) ? first['sortValues'] : undefined
  return Array.isArray(values) ? { ...firstPage(searchJobs, 1), searchAfter: values } : undefined
}

/** The same search with the other notation of the sort. */
function sortProbe(operation: Operation, as: 'array' | 'text'): Probe {
  const { paging } = operation
  const varied: Operation =
    paging && 'sort' in paging && paging.sort
      ? { ...operation, paging: { ...paging, sort: { ...paging.sort, as } } }
      : operation
  return way(varied, `sort as ${as}`, () => ({ args: {}, params: firstPage(varied, 1) }))
}

/** Whether the answer has rows that the unfiltered list does not have. */
function findOtherRows(payload: Payload, store: AnswerStore): CheckResult {
  const ids = idsOf(recordsIn(searchAssetTags, payload))
  const unfiltered = idsOf(store.rows(searchAssetTags.name))
  return ids.length === 0 ? 'none' : ids.some((id) => !unfiltered.includes(id)) ? 'other rows' : 'same row'
}

/** Lab tags are found with a filter. Its words are missing in every copy of the page (car-api.md 3.4). */
const labTagProbes = ['labTag', 'isLabTag'].map((name): Probe => {
  const probe = filterProbe(searchAssetTags, `filter ${name}`, () => `${name}:true`)
  return { ...probe, check: findOtherRows }
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
  secondRowProbe(searchJobs, 'searchAfter', searchAfterFirst),
  ...labTagProbes,
  secondRowProbe(searchUsers, 'startFromOffset', () => ({
    preferences: { startFromOffset: 2, limitResults: 1 },
  })),
  secondRowProbe(searchUsers, 'id GREATER', (store) => ({
    preferences: { limitResults: 1 },
    beyond: store.rows(searchUsers.name)[0]?.['id'],
  })),
  way(countPublished, 'count with a filter', () => ({ args: {} })),
  way(
    { ...countUsers, format: 'json' },
    'answer as JSON',
    () => ({ args: {} }),
    (_payload, _store, _request, mediaType) => (mediaType.includes('json') ? 'JSON' : 'XML'),
  ),
]

/** Forms of requests, and filter tokens. */
export const requestVariants: readonly Probe[] = [...formProbes, ...rolloutQuestions, ...filterTokenProbes]
