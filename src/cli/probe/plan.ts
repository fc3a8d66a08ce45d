import type { Settings } from '../../config/settings.ts'
import { downloadReport, listReports } from '../../operations/car/reports.ts'
import { searchAssetJobs } from '../../operations/car/runs.ts'
import { operations } from '../../operations/index.ts'
import type { Operation, Route } from '../../operations/operation.ts'
import { askFor, pagingOf } from '../../session/paging/paging.ts'
import { holesOf } from '../../session/requests/request.ts'
import type { Known } from './known.ts'
import type { Prepared, Question, Skip } from './question.ts'
import { isRead } from './reads.ts'
import { ways } from './request-variants.ts'
import { variants } from './variants.ts'

const rowsOfList = 50
/** For lists whose rows may hold a megabyte each. */
const rowsOfHeavyList = 5

/** Where the ids in paths and queries come from: list and field, the likeliest first. */
const sources: Readonly<Record<string, readonly (readonly [list: string, field: string])[]>> = {
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

/** The smallest report that is ready: it is downloaded whole. */
function reportId(known: Known, field: string): string | undefined {
  const [ready] = known
    .rows(listReports.name)
    .filter(({ status }) => status === 'COMPLETED')
    .sort((one, other) => Number(one['fileSize']) - Number(other['fileSize']))
  return typeof ready?.[field] === 'string' ? ready[field] : undefined
}

function idFor(input: string, known: Known): string | undefined {
  for (const [list, field] of sources[input] ?? []) {
    const id = known.value(list, field)
    if (id !== undefined) return id
  }
  return undefined
}

/** The input of an operation that must be an id. */
function idInput(operation: Operation): string | undefined {
  return holesOf(operation.route)[0] ?? (operation.returns === 'file' ? 'ids' : undefined)
}

function prepare(operation: Operation, idFrom: string | undefined, known: Known): Prepared | Skip {
  const input = idInput(operation)
  if (input !== undefined) {
    const id = operation === downloadReport ? reportId(known, idFrom ?? 'fileUuid') : idFor(input, known)
    return id === undefined ? 'noId' : { args: { [input]: input === 'ids' ? [id] : id } }
  }
  if (operation.returns !== 'rows') return { args: {} }
  // Asks for outputs too: it is recorded whether they are base64, and nothing else of them.
  const args = operation === searchAssetJobs ? { includeOutput: true } : {}
  const rows = operation.heavy?.(args) ? rowsOfHeavyList : rowsOfList
  return { args, params: askFor(pagingOf(operation, undefined), undefined, rows).params }
}

function question(
  kind: Question['kind'],
  operation: Operation,
  route: Route,
  about: string,
  idFrom?: string,
): Question {
  const sought = kind === 'variant' && operation.evidence !== 'guessed'
  return {
    kind,
    operation,
    route,
    about,
    ...(sought && { ifAbsent: true }),
    prepare: (known) => prepare(operation, idFrom, known),
    ...(operation.returns === 'record' && {
      result: ({ record }, _known, { args }) => {
        const id = typeof record === 'object' && record !== null && 'id' in record ? record.id : undefined
        const asked = args[idInput(operation) ?? '']
        return id === undefined || asked === undefined
          ? 'unknown'
          : String(id) === asked
            ? 'as asked'
            : 'another id'
      },
    }),
  }
}

/** A route that an operator has set may not be a read: it is then listed and not asked. */
const unlessActing = (set: Question): Question =>
  isRead(set.route) ? set : { ...set, prepare: () => 'mayAct' }

/**
 * The questions about one operation: at its declared route, at the one in QUALYS_ROUTES, and at its variants.
 */
function questionsOf(operation: Operation, routes: Settings['routes']): Question[] {
  const set = routes[operation.name]
  const others = variants[operation.name] ?? []
  return [
    question('own', operation, operation.route, 'as declared'),
    ...(set !== undefined && set !== operation.route
      ? [unlessActing(question('set', operation, set, 'as QUALYS_ROUTES has it'))]
      : []),
    ...others
      .filter(({ route, idFrom }) => route !== set || idFrom !== undefined)
      .map(({ route, why, idFrom }) =>
        question(
          'variant',
          operation,
          route,
          idFrom === undefined ? why : `with ${idFrom} as the id`,
          idFrom,
        ),
      ),
  ]
}

/** All questions for some products; lists come before the calls that need their ids. Only reads are asked. */
export function planOf(products: ReadonlySet<string>, routes: Settings['routes']): readonly Question[] {
  const asked = ({ name }: Operation): boolean => products.has(name.split('_')[0] ?? '')
  const reads = operations.filter((operation) => operation.effect === 'read' && asked(operation))
  const byId = (operation: Operation): boolean => idInput(operation) !== undefined
  const inOrder = [...reads.filter((one) => !byId(one)), ...reads.filter(byId)]
  return [
    ...inOrder.flatMap((operation) => questionsOf(operation, routes)),
    ...ways.filter(({ operation }) => asked(operation)),
  ].filter(({ kind, operation, route }) => operation.effect === 'read' && (kind === 'set' || isRead(route)))
}
