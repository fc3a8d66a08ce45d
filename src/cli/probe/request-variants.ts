import { searchAssets, searchAssetTags } from '../../operations/car/assets.ts'
import { searchAssetJobs, searchJobs } from '../../operations/car/runs.ts'
import { searchSchedules } from '../../operations/car/schedules.ts'
import { searchScripts } from '../../operations/car/scripts.ts'
import { clause } from '../../operations/fields.ts'
import type { Operation } from '../../operations/operation.ts'
import { countTemplates } from '../../operations/saq/templates.ts'
import { countUsers, searchUsers } from '../../operations/saq/users.ts'
import { askFor, pagingOf } from '../../session/paging/paging.ts'
import type { Payload } from '../../session/products/product.ts'
import { isObject } from '../../shared/json.ts'
import { type Known, type Row, recordsIn } from './known.ts'
import type { Prepared, Question, Result, Skip } from './question.ts'

// Questions about requests that a read can answer.

/** Neither an id nor a name of anything. */
const impossible = '00000000000000000000000'

const firstPage = (operation: Operation, want: number) =>
  askFor(pagingOf(operation, undefined), undefined, want).params

/** Compares the number of rows that a filter finds with the number of all rows. */
function found({ total, rows = [] }: Payload, all: number | undefined): Result {
  if (rows.length === 0) return 'none'
  if (total === undefined || all === undefined) return 'unknown'
  return total < all ? 'fewer' : total === all ? 'all' : 'more'
}

function filtered(
  kind: 'token' | 'control' | 'way',
  operation: Operation,
  about: string,
  filter: (known: Known) => string | undefined,
): Question {
  return {
    kind,
    operation,
    route: operation.route,
    about,
    prepare: (known) => {
      const text = filter(known)
      return text === undefined
        ? 'nothingToCompare'
        : { args: { filter: text }, params: firstPage(operation, 1) }
    },
    result: (payload, known) => found(payload, known.payload(operation.name)?.total),
  }
}

/** The questions for a filter token: with a value that occurs, and with an impossible one. */
const token = (
  operation: Operation,
  name: string,
  value: (known: Known) => string | undefined,
): Question[] => [
  filtered('token', operation, name, (known) => {
    const text = value(known)
    return text === undefined || /["`]/.test(text) ? undefined : clause(name, text)
  }),
  filtered('control', operation, name, (known) =>
    known.rows(operation.name).length > 0 ? clause(name, impossible) : undefined,
  ),
]

/** A run of a schedule is titled `<script title>-<epoch seconds>` (car-api.md 3.1). */
const scriptTitle = (known: Known): string | undefined =>
  known.value(searchJobs.name, 'title')?.replace(/-\d{10}$/, '')

/** A tag that a host has; otherwise the first tag of the list. */
function tagOf(known: Known, name: 'id' | 'name'): string | undefined {
  const tags = known.rows(searchAssets.name).flatMap(({ tags }) => (Array.isArray(tags) ? tags : []))
  const value = tags.find(isObject)?.[name]
  return value === undefined ? known.value(searchAssetTags.name, name) : String(value)
}

const tokens: readonly Question[] = [
  ...token(searchScripts, 'status', (known) =>
    known.rows(searchScripts.name).length > 0 ? 'APPROVED' : undefined,
  ),
  ...token(searchJobs, 'scriptId', (known) => known.value(searchJobs.name, 'scriptId')),
  ...token(searchJobs, 'script.name', scriptTitle),
  ...token(searchAssetJobs, 'job.id', (known) => known.value(searchJobs.name, 'id')),
  ...[searchScripts, searchAssets, searchAssetTags].flatMap((list) =>
    token(list, 'id', (known) => known.value(list.name, 'id')),
  ),
  ...token(searchAssets, 'tags.id', (known) => tagOf(known, 'id')),
  ...token(searchAssets, 'tags.name', (known) => tagOf(known, 'name')),
]

const idsOf = (rows: readonly Row[]): unknown[] => rows.map((row) => row['id'])

/** Whether the answer holds the second row, the first one again, or others. */
function following(operation: Operation, payload: Payload, known: Known): Result {
  const [id] = idsOf(recordsIn(operation, payload))
  const [first, second] = idsOf(known.rows(operation.name))
  if (id === undefined) return 'no row'
  return id === second ? 'next row' : id === first ? 'same row' : 'other rows'
}

function second(
  operation: Operation,
  about: string,
  varied: Partial<Operation>,
  prepare: (known: Known) => Prepared | Skip,
): Question {
  return {
    kind: 'way',
    operation: { ...operation, ...varied },
    route: operation.route,
    about,
    prepare: (known) => (known.rows(operation.name).length > 1 ? prepare(known) : 'nothingToCompare'),
    result: (payload, known) => following(operation, payload, known),
  }
}

/** Asks for the second row alone, by the sort values of the first. */
function behindFirst(known: Known): Prepared | Skip {
  const first: unknown = known.payload(searchJobs.name)?.rows?.[0]
  const values = isObject(first) ? first['sortValues'] : undefined
  return Array.isArray(values)
    ? { args: {}, params: { ...firstPage(searchJobs, 1), searchAfter: values } }
    : 'nothingToCompare'
}

/** The same search with the other notation of the sort. */
function sorted(operation: Operation, as: 'array' | 'text'): Question {
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

/** Lab tags are found with a filter, whose words are missing in every copy of the page (car-api.md 3.4). */
const labTags = ['labTag', 'isLabTag'].map((name): Question => {
  const asked = filtered('way', searchAssetTags, `filter ${name}`, () => `${name}:true`)
  return { ...asked, result: strangers }
})

/** Whether the answer holds rows that the unfiltered list does not. */
function strangers(payload: Payload, known: Known): Result {
  const ids = idsOf(recordsIn(searchAssetTags, payload))
  const usual = idsOf(known.rows(searchAssetTags.name))
  return ids.length === 0 ? 'none' : ids.some((id) => !usual.includes(id)) ? 'other rows' : 'same row'
}

const plainly = (operation: Operation, about: string): Question => ({
  kind: 'way',
  operation,
  route: operation.route,
  about,
  prepare: () => ({ args: {} }),
})

/**
 * Counting with a filter uses POST; without one, as the operation is asked elsewhere, GET
 * (current_count.htm).
 */
const countPublished: Operation = {
  ...countTemplates,
  request: (_, provided) => countTemplates.request?.({ state: ['PUBLISHED'] }, provided) ?? {},
}

const forms: readonly Question[] = [
  sorted(searchJobs, 'text'),
  sorted(searchSchedules, 'array'),
  second(searchJobs, 'searchAfter', {}, behindFirst),
  ...labTags,
  second(searchUsers, 'startFromOffset', {}, () => ({
    args: {},
    params: { preferences: { startFromOffset: 2, limitResults: 1 } },
  })),
  second(searchUsers, 'id GREATER', {}, (known) => ({
    args: {},
    params: { preferences: { limitResults: 1 }, beyond: known.rows(searchUsers.name)[0]?.['id'] },
  })),
  plainly(countPublished, 'count with a filter'),
  {
    ...plainly({ ...countUsers, format: 'json' }, 'answer as JSON'),
    result: (_payload, _known, _prepared, mediaType) => (mediaType.includes('json') ? 'JSON' : 'XML'),
  },
]

/** Forms of requests, and filter tokens. */
export const ways: readonly Question[] = [...forms, ...tokens]
