import type { Settings } from '../../config/settings.ts'
import { downloadReport, listReports } from '../../operations/car/reports.ts'
import { searchAssetJobs } from '../../operations/car/runs.ts'
import { operations } from '../../operations/index.ts'
import type { Operation } from '../../operations/operation.ts'
import { pageRequestFor, pagingOf } from '../../session/paging/paging.ts'
import { placeholdersOf } from '../../session/requests/request.ts'
import { isObject } from '../../shared/json.ts'
import type { AnswerStore } from './answer-store.ts'
import { type Probe, type ProbeRequest, productPrefix, type SkipReason } from './probe.ts'
import { isReadRoute } from './read-routes.ts'
import { requestVariants } from './request-variants.ts'
import { routeVariants } from './route-variants.ts'

const rowsOfUsualList = 50
/** For lists whose rows may hold a megabyte each. */
const rowsOfLargeRowList = 5

const scriptIds = { car_search_scripts: 'id', car_search_jobs: 'scriptId' }

/** Where the ids in paths and queries come from: list and field, the most likely first. */
const idSources: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  scriptId: scriptIds,
  ids: scriptIds,
  scheduleId: { car_search_schedules: 'id', car_search_jobs: 'schedulerId' },
  templateId: { saq_search_templates: 'id' },
  campaignId: { saq_search_campaigns: 'id' },
  questionnaireId: { saq_search_questionnaires: 'id' },
  userId: { saq_search_users: 'id' },
}

/** The id of the smallest report that is ready, since it is downloaded whole. */
function reportId(store: AnswerStore, field: string): string | undefined {
  const [ready] = store
    .rows(listReports.name)
    .filter(({ status }) => status === 'COMPLETED')
    .sort((one, other) => Number(one['fileSize']) - Number(other['fileSize']))
  return typeof ready?.[field] === 'string' ? ready[field] : undefined
}

const idFor = (input: string, store: AnswerStore): string | undefined =>
  Object.entries(idSources[input] ?? {})
    .map(([list, field]) => store.value(list, field))
    .find((id) => id !== undefined)

/** The input of an operation that must be an id. */
const idInput = ({ route, returns }: Operation): string | undefined =>
  placeholdersOf(route)[0] ?? (returns === 'file' ? 'ids' : undefined)

function prepareRequest(
  operation: Operation,
  idFrom: string | undefined,
  store: AnswerStore,
): ProbeRequest | SkipReason {
  // A route in QUALYS_ROUTES may act. It is listed, but not sent.
  if (!isReadRoute(operation.route)) return 'mayAct'
  const input = idInput(operation)
  if (input !== undefined) {
    const isReport = operation.name === downloadReport.name
    const id = isReport ? reportId(store, idFrom ?? 'fileUuid') : idFor(input, store)
    return id === undefined ? 'noId' : { args: { [input]: input === 'ids' ? [id] : id } }
  }
  if (operation.returns !== 'rows') return { args: {} }
  // Asks for outputs, too: of these only the kind is recorded, such as base64.
  const args = operation.name === searchAssetJobs.name ? { includeOutput: true } : {}
  const rows = operation.hasLargeRows?.(args) ? rowsOfLargeRowList : rowsOfUsualList
  return { args, params: pageRequestFor(pagingOf(operation, undefined), undefined, rows).params }
}

function routeProbe(kind: Probe['kind'], operation: Operation, about: string, idFrom?: string): Probe {
  return {
    kind,
    operation,
    about,
    ...(kind === 'variant' && operation.evidence !== 'guessed' && { onlyIfNotFound: true }),
    prepare: (store) => prepareRequest(operation, idFrom, store),
    ...(operation.returns === 'record' && {
      check: ({ record }, _store, { args }) => {
        const id = isObject(record) ? record['id'] : undefined
        const requestedId = args[idInput(operation) ?? '']
        if (id === undefined || requestedId === undefined) return 'unknown'
        return String(id) === requestedId ? 'as asked' : 'another id'
      },
    }),
  }
}

/** The probes of one operation: at its declared route, at the one in QUALYS_ROUTES, and at its variants. */
function routeProbes(operation: Operation, routes: Settings['routes']): Probe[] {
  const setRoute = routes[operation.name] ?? operation.route
  const variants = (routeVariants[operation.name] ?? []).filter(
    ([route, , idFrom]) => route !== setRoute || idFrom !== undefined,
  )
  return [
    routeProbe('own', operation, 'as declared'),
    ...(setRoute === operation.route
      ? []
      : [routeProbe('set', { ...operation, route: setRoute }, 'as QUALYS_ROUTES has it')]),
    ...variants.map(([route, about, idFrom]) =>
      routeProbe('variant', { ...operation, route }, about, idFrom),
    ),
  ]
}

/** All probes of some products. Lists come before the calls that need their ids. Only reads are sent. */
export function planProbes(products: ReadonlySet<string>, routes: Settings['routes']): readonly Probe[] {
  const isIncluded = (operation: Operation): boolean => products.has(productPrefix(operation.name))
  const reads = operations.filter((operation) => operation.effect === 'read' && isIncluded(operation))
  const needsId = (operation: Operation): boolean => idInput(operation) !== undefined
  const ordered = [...reads.filter((operation) => !needsId(operation)), ...reads.filter(needsId)]
  return [
    ...ordered.flatMap((operation) => routeProbes(operation, routes)),
    ...requestVariants.filter(({ operation }) => isIncluded(operation)),
  ]
}
