import type { Settings } from '../../config/settings.ts'
import { downloadReport, listReports } from '../../operations/car/reports.ts'
import { searchAssetJobs } from '../../operations/car/runs.ts'
import { operations } from '../../operations/index.ts'
import type { Operation, Route } from '../../operations/operation.ts'
import { pageRequestFor, pagingOf } from '../../session/paging/paging.ts'
import { placeholdersOf } from '../../session/requests/request.ts'
import type { AnswerStore } from './answer-store.ts'
import type { Probe, ProbeRequest, SkipReason } from './probe.ts'
import { isReadRoute } from './read-routes.ts'
import { requestVariants } from './request-variants.ts'
import { routeVariants } from './route-variants.ts'

const rowsOfUsualList = 50
/** For lists whose rows may hold a megabyte each. */
const rowsOfLargeRowList = 5

/** Where the ids in paths and queries come from: list and field, the most likely first. */
const idSources: Readonly<Record<string, readonly (readonly [list: string, field: string])[]>> = {
  scriptId: [
    ['car_search_scripts', 'id'],
    ['car_search_jobs', 'scriptId'],
  ],
  ids: [
    ['car_search_scripts', 'id'],
    ['car_search_jobs', 'scriptId'],
  ],
  scheduleId: [
    ['car_search_schedules', 'id'],
    ['car_search_jobs', 'schedulerId'],
  ],
  templateId: [['saq_search_templates', 'id']],
  campaignId: [['saq_search_campaigns', 'id']],
  questionnaireId: [['saq_search_questionnaires', 'id']],
  userId: [['saq_search_users', 'id']],
}

/** The id of the smallest report that is ready, since it is downloaded whole. */
function reportId(store: AnswerStore, field: string): string | undefined {
  const [ready] = store
    .rows(listReports.name)
    .filter(({ status }) => status === 'COMPLETED')
    .sort((one, other) => Number(one['fileSize']) - Number(other['fileSize']))
  return typeof ready?.[field] === 'string' ? ready[field] : undefined
}

function idFor(input: string, store: AnswerStore): string | undefined {
  for (const [list, field] of idSources[input] ?? []) {
    const id = store.value(list, field)
    if (id !== undefined) return id
  }
  return undefined
}

/** The input of an operation that must be an id. */
function idInput(operation: Operation): string | undefined {
  return placeholdersOf(operation.route)[0] ?? (operation.returns === 'file' ? 'ids' : undefined)
}

function prepareRequest(
  operation: Operation,
  idFrom: string | undefined,
  store: AnswerStore,
): ProbeRequest | SkipReason {
  const input = idInput(operation)
  if (input !== undefined) {
    const id = operation === downloadReport ? reportId(store, idFrom ?? 'fileUuid') : idFor(input, store)
    return id === undefined ? 'noId' : { args: { [input]: input === 'ids' ? [id] : id } }
  }
  if (operation.returns !== 'rows') return { args: {} }
  // Asks for outputs, too: of these only the kind is recorded, such as base64.
  const args = operation === searchAssetJobs ? { includeOutput: true } : {}
  const rows = operation.hasLargeRows?.(args) ? rowsOfLargeRowList : rowsOfUsualList
  return { args, params: pageRequestFor(pagingOf(operation, undefined), undefined, rows).params }
}

function createProbe(
  kind: Probe['kind'],
  operation: Operation,
  route: Route,
  about: string,
  idFrom?: string,
): Probe {
  const isFallback = kind === 'variant' && operation.evidence !== 'guessed'
  return {
    kind,
    operation,
    route,
    about,
    ...(isFallback && { onlyIfNotFound: true }),
    prepare: (store) => prepareRequest(operation, idFrom, store),
    ...(operation.returns === 'record' && {
      check: ({ record }, _known, { args }) => {
        const id = typeof record === 'object' && record !== null && 'id' in record ? record.id : undefined
        const requestedId = args[idInput(operation) ?? '']
        return id === undefined || requestedId === undefined
          ? 'unknown'
          : String(id) === requestedId
            ? 'as asked'
            : 'another id'
      },
    }),
  }
}

/** Skips a route that is no read, which a route in QUALYS_ROUTES may be. It is listed, but not sent. */
const skipIfNotRead = (probe: Probe): Probe =>
  isReadRoute(probe.route) ? probe : { ...probe, prepare: () => 'mayAct' }

/**
 * The probes of one operation: at its declared route, at the one in QUALYS_ROUTES, and at its variants.
 */
function probesOf(operation: Operation, routes: Settings['routes']): Probe[] {
  const setRoute = routes[operation.name]
  const variants = routeVariants[operation.name] ?? []
  return [
    createProbe('own', operation, operation.route, 'as declared'),
    ...(setRoute !== undefined && setRoute !== operation.route
      ? [skipIfNotRead(createProbe('set', operation, setRoute, 'as QUALYS_ROUTES has it'))]
      : []),
    ...variants
      .filter(({ route, idFrom }) => route !== setRoute || idFrom !== undefined)
      .map(({ route, why, idFrom }) =>
        createProbe(
          'variant',
          operation,
          route,
          idFrom === undefined ? why : `with ${idFrom} as the id`,
          idFrom,
        ),
      ),
  ]
}

/** All probes of some products. Lists come before the calls that need their ids. Only reads are sent. */
export function planProbes(products: ReadonlySet<string>, routes: Settings['routes']): readonly Probe[] {
  const isIncluded = ({ name }: Operation): boolean => products.has(name.split('_')[0] ?? '')
  const reads = operations.filter((operation) => operation.effect === 'read' && isIncluded(operation))
  const needsId = (operation: Operation): boolean => idInput(operation) !== undefined
  const ordered = [...reads.filter((operation) => !needsId(operation)), ...reads.filter(needsId)]
  return [
    ...ordered.flatMap((operation) => probesOf(operation, routes)),
    ...requestVariants.filter(({ operation }) => isIncluded(operation)),
  ].filter(
    ({ kind, operation, route }) => operation.effect === 'read' && (kind === 'set' || isReadRoute(route)),
  )
}
